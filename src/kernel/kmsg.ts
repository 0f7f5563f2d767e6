/** One message of the kernel log. */
export interface KernelMessage {
  readonly text: string
  /** Microseconds after boot; `null` where the line does not say in that form. */
  readonly atUs: number | null
}

/** `6,1234,5678901,-;text` of `/dev/kmsg` (Documentation/ABI/testing/dev-kmsg). */
const RECORD = /^(\d+),\d+,(\d+),[^;]*;(.*)$/
/** `[  123.456789] text` of dmesg, with `<6>` before it in raw form and `[  T957]` after it on some kernels. */
const DMESG = /^(?:<\d+>)?\[ *(\d+)\.(\d{1,6})\](?:\[ *[TC]\d+\])? ?(.*)$/
/** `journalctl -k`: date and host before the text, `Nov 21 15:21:45 host kernel: text`. */
const JOURNAL = /^(?:\S+ +){1,4}kernel: (.*)$/

/**
 * Messages of `/dev/kmsg` records or of `dmesg` and `journalctl -k` lines; a line of neither form is taken as bare
 * text. Records that a program wrote into `/dev/kmsg` are left out: the kernel marks them with a facility other than
 * its own, so that nobody can forge a kill there. Lines that begin with a space hold a record's properties, not text.
 */
export function parseKmsg(text: string): readonly KernelMessage[] {
  return text.split('\n').flatMap((line) => messageOf(line) ?? [])
}

function messageOf(line: string): KernelMessage | null {
  if (line === '' || line.startsWith(' ')) return null
  const record = RECORD.exec(line)
  if (record !== null) {
    const [, priority = '', atUs = '', text = ''] = record
    const facility = Number(priority) >> 3
    return facility === 0 ? { text: unescapeText(text), atUs: Number(atUs) } : null
  }
  const [, seconds, fraction = '', text = ''] = DMESG.exec(line) ?? []
  if (seconds !== undefined) {
    return { text: JOURNAL.exec(text)?.[1] ?? text, atUs: Number(seconds) * 1e6 + Number(fraction.padEnd(6, '0')) }
  }
  return { text: JOURNAL.exec(line)?.[1] ?? line, atUs: null }
}

/** Bytes outside ASCII and the backslash come as `\xc3\xa9`; control characters stay escaped. */
function unescapeText(text: string): string {
  return text.replaceAll(/(?:\\x(?:[89a-f][0-9a-f]|5c))+/g, (run) =>
    Buffer.from(run.replaceAll('\\x', ''), 'hex').toString()
  )
}
