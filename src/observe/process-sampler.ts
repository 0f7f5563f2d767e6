import { parseProcStatus } from '../kernel/proc-status.ts'
import { valueOf } from '../model/reading.ts'
import type { ProcessSample } from '../model/timeline.ts'
import type { Files } from '../ports/files.ts'
import { toolWork } from './tool-work.ts'

interface Identity {
  /** The kernel's name for it, which changes when a fork becomes another program. */
  readonly comm: string
  readonly tool: string
  readonly package: string | null
}

/** Remembers who is who, so that a process's arguments are read once: reading them from a thrashing process can block. */
export function processSampler(files: Files, root: string): (pids: readonly number[]) => readonly ProcessSample[] {
  let identities = new Map<number, Identity>()
  return (pids) => {
    const alive = new Map<number, Identity>()
    const samples = pids.flatMap((pid) => {
      const text = files.readText(`${root}/proc/${pid}/status`)
      if (text.kind !== 'value') return []
      const status = parseProcStatus(text.value)
      const anonBytes = valueOf(status.anonBytes)
      if (anonBytes === null) return []
      const known = identities.get(pid)
      const identity = known?.comm === status.name ? known : identify(files, root, pid, status.name)
      alive.set(pid, identity)
      const bytes = anonBytes + (valueOf(status.shmemBytes) ?? 0)
      return [{ pid, tool: identity.tool, package: identity.package, bytes }]
    })
    identities = alive
    return samples
  }
}

function identify(files: Files, root: string, pid: number, comm: string): Identity {
  const cmdline = files.readText(`${root}/proc/${pid}/cmdline`)
  const work = toolWork(cmdline.kind === 'value' ? cmdline.value.split('\0') : [], comm)
  return { comm, tool: work.tool, package: work.package ?? readName(files, work.namedIn) }
}

function readName(files: Files, namedIn: ReturnType<typeof toolWork>['namedIn']): string | null {
  if (namedIn === null) return null
  const text = files.readText(namedIn.file)
  return text.kind === 'value' ? namedIn.find(text.value) : null
}
