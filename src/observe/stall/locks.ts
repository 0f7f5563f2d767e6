import { type BlockedLock, parseBlockedLocks } from '../../kernel/proc-locks.ts'
import type { LockHolder, LockWait } from '../../model/stall.ts'
import type { Files } from '../../ports/files.ts'
import type { OpenFiles } from './open-files.ts'
import { commandOf } from './process-look.ts'

const MOST_WAITS = 16
/** Only where the process that took the lock has ended: then whoever has the file open may have inherited it. */
const MOST_SEARCHED = 2000

/** The file locks that processes of the build wait for. The kernel leaves out locks of other pid namespaces. */
export function readLockWaits(
  files: Files,
  root: string,
  pids: ReadonlySet<number>,
  open: OpenFiles
): readonly LockWait[] {
  const text = files.readText(`${root}/proc/locks`)
  const blocked = text.kind === 'value' ? parseBlockedLocks(text.value) : []
  return blocked
    .filter(({ waiterPid }) => pids.has(waiterPid))
    .slice(0, MOST_WAITS)
    .map((lock) => {
      const path = pathOf(lock, open)
      return { waiterPid: lock.waiterPid, kind: lock.kind, path, holder: holderOf(files, root, lock, path, pids, open) }
    })
}

/** `fdinfo` tells the inode of what is open (Linux 5.14), and a holder's the lock itself. */
function pathOf({ waiterPid, holderPid, inode, file }: BlockedLock, open: OpenFiles): string | null {
  for (const [descriptor, target] of open.of(waiterPid)) {
    if (target.startsWith('/') && open.info(waiterPid, descriptor, 'ino') === inode) return target
  }
  for (const [descriptor, target] of open.of(holderPid)) {
    if (open.info(holderPid, descriptor, 'lock')?.includes(` ${file} `)) return target
  }
  return null
}

function holderOf(
  files: Files,
  root: string,
  lock: BlockedLock,
  path: string | null,
  pids: ReadonlySet<number>,
  open: OpenFiles
): LockHolder | null {
  const holder = (pid: number): LockHolder | null => {
    const command = commandOf(files, root, pid)
    return command === null ? null : { pid, command, isOfBuild: pids.has(pid) }
  }
  const taker = holder(lock.holderPid)
  if (taker !== null || path === null) return taker
  const heir = everybody(files, root).find(
    (pid) => pid !== lock.waiterPid && [...open.of(pid).values()].includes(path) && !pids.has(pid)
  )
  return heir === undefined ? null : holder(heir)
}

function everybody(files: Files, root: string): readonly number[] {
  const names = files.list(`${root}/proc`)
  if (names.kind !== 'value') return []
  return names.value
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .slice(0, MOST_SEARCHED)
}
