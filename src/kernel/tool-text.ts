/**
 * What a tool of Windows printed, as plain lines. Some write UTF-16 into a pipe, which read as UTF-8 has a NUL after
 * each letter and a replacement character for each half of the byte order mark; others end their lines with CR LF.
 */
export function plainLines(text: string): readonly string[] {
  return text.replaceAll(/[\0\ufffd\ufeff\r]/g, '').split('\n')
}

/** A whole number of bytes from `20261367808.000000` or, in other languages, `20261367808,000000`; `null` if it is none. */
export function wholeNumber(text: string | undefined): number | null {
  const digits = /^\s*(\d{1,15})(?:[.,]\d*)?\s*$/.exec(text ?? '')?.[1]
  return digits === undefined ? null : Number(digits)
}
