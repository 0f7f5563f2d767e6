/** A process that waits for a file lock, with the lock that is in its way. */
export interface BlockedLock {
  readonly kind: string
  readonly waiterPid: number
  /** The process that took it, which may have ended and left it to a child. */
  readonly holderPid: number
  /** Decimal; with the device it names the file. */
  readonly inode: string
  /** `fe:00:9978905`, as it stands there. */
  readonly file: string
}

/**
 * `/proc/locks` (proc_locks(5)): a line with an arrow waits for the line without one before it, which has its number:
 *
 *     1: FLOCK  ADVISORY  WRITE 26640 fe:00:9978905 0 EOF
 *     1: -> FLOCK  ADVISORY  WRITE 27178 fe:00:9978905 0 EOF
 */
export function parseBlockedLocks(text: string): readonly BlockedLock[] {
  const holders = new Map<string, number>()
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(\d+): +(-> +)?(\S+) +\S+ +\S+ +(-?\d+) +((?:[0-9a-f]+:){2}(\d+)) /.exec(line)
    if (match === null) return []
    const [, id = '', arrow, kind = '', pid = '', file = '', inode = ''] = match
    if (arrow === undefined) {
      holders.set(id, Number(pid))
      return []
    }
    const holderPid = holders.get(id)
    return holderPid === undefined ? [] : [{ kind, waiterPid: Number(pid), holderPid, inode, file }]
  })
}
