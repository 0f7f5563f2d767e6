import { execFileSync } from 'node:child_process'

const ROOT = '/sys/fs/cgroup'

/** A limit above a guard, as a slice or a container has it: a cgroup with a limit, and below it the one for the job. */
export class OuterCgroupV2 {
  readonly directory = `${ROOT}/gbg-outer-${process.pid}-${process.hrtime.bigint() % 1_000_000n}`

  constructor(limitBytes: number) {
    asRoot(
      `mkdir "$0"; echo ${limitBytes} >"$0/memory.max"; echo 0 >"$0/memory.swap.max"
      echo +memory >"$0/cgroup.subtree_control"; mkdir "$0/job"`,
      this.directory
    )
  }

  /** The same command, run inside; moving a process takes root, whose cgroup the common ancestor is. */
  around(command: readonly string[]): readonly string[] {
    const enter = `echo $$ | ${sudo().join(' ')} tee "$0/job/cgroup.procs" >/dev/null && exec "$@"`
    return ['sh', '-c', enter, this.directory, ...command]
  }

  /** A killed process leaves its cgroup a moment after it has left the list. */
  remove(): void {
    asRoot(
      'for try in 1 2 3 4 5 6 7 8 9 10; do rmdir "$0/job" "$0" 2>/dev/null && exit; sleep 0.2; done',
      this.directory
    )
  }
}

/** The same by systemd: a limit on the slice that the guard's service is in. */
export class SliceLimit {
  readonly #slice: string

  constructor(slice: string, limitBytes: number) {
    this.#slice = slice
    this.#set(String(limitBytes))
  }

  around(command: readonly string[]): readonly string[] {
    return command
  }

  remove(): void {
    this.#set('infinity')
  }

  #set(limit: string): void {
    asRoot(`systemctl set-property --runtime "$0" MemoryMax=${limit} MemorySwapMax=0`, this.#slice)
  }
}

function asRoot(script: string, ...args: readonly string[]): void {
  const [file = '', ...rest] = [...sudo(), 'sh', '-ec', script, ...args]
  execFileSync(file, rest, { stdio: ['ignore', 'ignore', 'inherit'] })
}

function sudo(): readonly string[] {
  return process.getuid?.() === 0 ? ['env'] : ['sudo', '-n']
}
