import { parseProcStatus } from '../kernel/proc-status.ts'
import { known } from '../model/reading.ts'
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
      const anonBytes = known(status.anonBytes)
      if (anonBytes === null) return []
      const before = identities.get(pid)
      const identity = before?.comm === status.name ? before : identify(files, root, pid, status.name)
      alive.set(pid, identity)
      const bytes = anonBytes + (known(status.shmemBytes) ?? 0)
      return [{ pid, tool: identity.tool, package: identity.package, bytes }]
    })
    identities = alive
    return samples
  }
}

function identify(files: Files, root: string, pid: number, comm: string): Identity {
  const words = (file: string): readonly string[] => {
    const text = files.readText(`${root}/proc/${pid}/${file}`)
    return text.kind === 'value' ? text.value.split('\0') : []
  }
  return { comm, ...toolWork(words('cmdline'), words('environ'), comm) }
}
