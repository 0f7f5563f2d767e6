import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const HIERARCHY = '/sys/fs/cgroup/memory'

/** Why no cgroup of the old memory controller can be made on this machine, or null. */
export function cgroupV1Unavailable(): string | null {
  const own = ownCgroup()
  if (own === null) return 'the memory controller is not one of cgroup v1'
  if (process.getuid?.() !== 0) return 'making a cgroup v1 needs root'
  const trial = join(own, `gbg-trial-${process.pid}`)
  try {
    mkdirSync(trial)
    rmdirSync(trial)
    return null
  } catch (fault) {
    return `no cgroup can be made: ${fault instanceof Error ? fault.message : String(fault)}`
  }
}

/** A cgroup of a test's own below ours, with a limit, as a container or a service would have it. */
export class OuterCgroup {
  readonly directory: string

  constructor(limitBytes: number) {
    this.directory = join(ownCgroup() ?? HIERARCHY, `gbg-outer-${process.pid}-${process.hrtime.bigint() % 1_000_000n}`)
    mkdirSync(this.directory)
    writeFileSync(this.limitFile, String(limitBytes))
  }

  get limitFile(): string {
    return join(this.directory, 'memory.limit_in_bytes')
  }

  /** The same command, run inside. */
  around(command: readonly string[]): readonly string[] {
    return ['sh', '-c', 'echo $$ >"$0/cgroup.procs" && exec "$@"', this.directory, ...command]
  }

  /** A killed process leaves its cgroup a moment after it has left the list. */
  async remove(): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return rmdirSync(this.directory)
      } catch (fault) {
        if (tries === 100) throw fault
        await sleep(20)
      }
    }
  }
}

/** `4:memory:/some/where` of /proc/self/cgroup, as a directory. */
function ownCgroup(): string | null {
  try {
    const path = /^\d+:memory:(\/.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1]
    return path === undefined ? null : join(HIERARCHY, path)
  } catch {
    return null
  }
}
