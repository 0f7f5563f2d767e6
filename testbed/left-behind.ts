import { execFileSync } from 'node:child_process'
import { type Dirent, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

// What a run can leave on the machine. Its processes, and the reaper's, are known by a variable that they inherit;
// whoever clears the environment escapes, and no program of these tests does. Others may run guards beside these tests:
// a cage that holds somebody's process, or was there before, is not ours.

/** The variable that tells the processes of one test file from all others. */
export const MARK = 'GBG_TEST_MARK'

const CAGE = /^go-build-guard-[0-9a-f]{12}(?:\.scope)?$/
const CGROUPS = '/sys/fs/cgroup'

/**
 * A guard that is killed has 2 s to be cleaned up after; that is its contract with the user. On a machine where others
 * use both processors, the shell that does it may have to wait for its turn, so a test gives it more.
 */
const PATIENCE_MS = 10_000

/** Every cage on the machine, of anybody. */
export function allCages(): readonly string[] {
  return cagesBelow(CGROUPS)
}

/** Processes that carry the mark, zombies apart. */
export function markedProcesses(mark: string): readonly number[] {
  return entriesOf('/proc')
    .map((entry) => Number(entry.name))
    .filter((pid) => Number.isInteger(pid) && isMarked(pid, mark))
}

/** `comm` of a process, and its arguments; empty where it is gone. */
export function commandOf(pid: number): readonly string[] {
  return (textOf(`/proc/${pid}/cmdline`) ?? '').split('\0').filter((word) => word !== '')
}

/** Null where it is gone. */
export function parentOf(pid: number): number | null {
  // `42 (a name) S 7 …`: the name may hold anything
  const parent = /^.*\) \S (\d+)/s.exec(textOf(`/proc/${pid}/stat`) ?? '')?.[1]
  return parent === undefined ? null : Number(parent)
}

export interface Traces {
  readonly mark: string
  /** The TMPDIR and RUNNER_TEMP that the run was given. */
  readonly temporary: string
  readonly cagesBefore: readonly string[]
  /** Then every new cage is ours, whoever is in it. */
  readonly isAlone: boolean
}

/** What is there now, each as a line to read; empty is how it has to be. */
export function leftBehind({ mark, temporary, cagesBefore, isAlone }: Traces): readonly string[] {
  const cages = allCages().filter((cage) => !cagesBefore.includes(cage))
  return [
    ...markedProcesses(mark).map((pid) => `process ${pid}: ${commandOf(pid).join(' ')}`),
    ...cages.filter((cage) => isAlone || isOurs(cage, mark)).map((cage) => `cgroup ${cage}`),
    ...(isAlone ? units() : []),
    ...entriesOf(temporary).flatMap(({ name }) => (name.startsWith('go-build-guard-') ? [`directory ${name}`] : []))
  ]
}

/** The same, without what was told already, once it is empty; else what stays after {@link PATIENCE_MS}. */
export async function leftInTheEnd(traces: Traces, told: ReadonlySet<string>): Promise<readonly string[]> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const left = leftBehind(traces).filter((one) => !told.has(one))
    if (left.length === 0 || Date.now() > deadline) return left
    await sleep(20)
  }
}

/** Scopes that systemd still knows, failed ones too. */
function units(): readonly string[] {
  if (!existsSync('/run/systemd/system')) return []
  const words = ['list-units', '--all', '--plain', '--no-legend', 'go-build-guard-*']
  return execFileSync('systemctl', words, { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean)
    .map((line) => `unit ${line}`)
}

function isOurs(cage: string, mark: string): boolean {
  const pids = (textOf(join(cage, 'cgroup.procs')) ?? '').split('\n').filter((line) => line !== '')
  return pids.every((pid) => isMarked(Number(pid), mark))
}

function isMarked(pid: number, mark: string): boolean {
  return (textOf(`/proc/${pid}/environ`) ?? '').split('\0').includes(`${MARK}=${mark}`)
}

function cagesBelow(directory: string): readonly string[] {
  return entriesOf(directory).flatMap((entry) => {
    if (!entry.isDirectory()) return []
    const path = join(directory, entry.name)
    return [...(CAGE.test(entry.name) ? [path] : []), ...cagesBelow(path)]
  })
}

/** A directory can go while it is read. */
function entriesOf(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
  } catch {
    return []
  }
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
