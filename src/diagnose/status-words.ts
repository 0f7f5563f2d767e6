/**
 * How wrappers report a status: `exit status 137`, `exited with code '137'`, `exit_code=137`, `Exited (137)`, `returned
 * a non-zero code: 137`, `command terminated with exit code 137`, and make in the languages it knows.
 * `number` is the source of an expression without groups that capture.
 */
export function statusWords(number: string): string {
  const told = String.raw`(?:\bexit|\bterminat|\bnon-zero|\bstatus|\bcode)[a-z_]{0,10}[^\d]{0,40}\b(?:${number})\b`
  const made = String.raw`\] (?:Error|Erreur|Fehler|Ошибка|エラー|错误) (?:${number})\b`
  return String.raw`${told}|\breturned (?:${number})$|${made}`
}

/** A number in an assertion is what a test compares. */
export const COMPARED = /_test\.go:\d|\b(?:want|expected|actual|got)\b/
