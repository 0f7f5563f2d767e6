import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { commandOf, markedProcesses, parentOf } from './left-behind.ts'
import { pick, seeded } from './random.ts'
import { readReport } from './read-report.ts'
import { kernelKills, kill, Stand, type Started, until } from './stand.ts'
import { Step } from './step.ts'

const DOORS = ['command line', 'action'] as const
const ENFORCEMENTS = ['auto', 'auto', 'watch', 'off'] as const
const PROGRAMS = ['go build', 'several processes'] as const
/** A helper is a process of the guard's own: the reaper, `go env`, `mkfifo`. */
const VICTIMS = ['nobody', 'guard', 'guard', 'command', 'descendant', 'descendant', 'helper'] as const
/** After the victim is there first; on an idle machine a run takes about 1 s. */
const LATEST_MS = 700

/** What is done in one run; the same for the same seed and number. */
export interface Strike {
  readonly door: (typeof DOORS)[number]
  readonly enforcement: (typeof ENFORCEMENTS)[number]
  readonly program: (typeof PROGRAMS)[number]
  readonly victim: (typeof VICTIMS)[number]
  readonly momentMs: number
  /** Which of several possible victims, from 0 to 1. */
  readonly which: number
}

export function strikeOf(seed: number, run: number): Strike {
  const random = seeded(seed, run)
  return {
    door: pick(random, DOORS),
    enforcement: pick(random, ENFORCEMENTS),
    program: pick(random, PROGRAMS),
    victim: pick(random, VICTIMS),
    momentMs: Math.floor(random() * LATEST_MS),
    which: random()
  }
}

/** What was seen of one run. */
export interface Seen {
  /** `comm` of what was killed; null where nobody was there to be killed at that moment. */
  readonly struck: string | null
  readonly exit: number | NodeJS.Signals | null
  /** Whether the build came to its last line. */
  readonly isDone: boolean
  /** Null where the guard could not tell any more. */
  readonly verdict: { readonly conclusion: string; readonly cause: string; readonly outOfMemory: string } | null
  /** Of an action whose guard was killed: what its journal ends with, and whether `post` said that it died. */
  readonly aftermath: { readonly journal: 'none' | 'begun' | 'ended'; readonly isTold: boolean } | null
  /** Processes, cgroups, directories of guards, and whatever else is not Go's own. */
  readonly left: readonly string[]
  /** Whether the kernel killed anybody for memory meanwhile: then the guard may say that it does not know. */
  readonly othersDied: boolean
}

/** Runs the guard once, and kills as the strike says. */
export async function strike(order: Strike, hog: string): Promise<Seen> {
  const stand = new Stand('chaos')
  const killsBefore = kernelKills()
  const seen =
    order.door === 'action' ? await throughAction(order, stand, hog) : await throughCommandLine(order, stand, hog)
  const left = [...(await stand.left()), ...strays(stand.temporary)]
  await stand.endAll()
  return { ...seen, left, othersDied: kernelKills() !== killsBefore }
}

type Told = Omit<Seen, 'left' | 'othersDied'>

const SETTINGS = { 'memory-limit': '500M', 'on-out-of-memory': 'fail' }

async function throughCommandLine(order: Strike, stand: Stand, hog: string): Promise<Told> {
  const cwd = stand.fresh('work')
  mkdirSync(cwd)
  const file = stand.fresh('report.json')
  const settings = { ...SETTINGS, enforcement: order.enforcement, 'report-file': file }
  const flags = Object.entries(settings).map(([name, text]) => `--${name}=${text}`)
  const script = scriptOf(order, hog)
  writeSources(order, cwd)
  const run = stand.startGuard([...flags, '--', 'sh', '-ec', script, MARKED], { cwd })
  const struck = await killIn(order, stand, run)
  const { code, signal } = await run.ended
  const report = signal === null && existsSync(file) ? readReport(file) : null
  return {
    struck,
    exit: signal ?? code,
    isDone: existsSync(join(cwd, 'done')),
    verdict: report && {
      conclusion: report.conclusion,
      cause: report.diagnoses[0]?.id ?? '',
      outOfMemory: report.outOfMemory
    },
    aftermath: null
  }
}

async function throughAction(order: Strike, stand: Stand, hog: string): Promise<Told> {
  const step = new Step(stand, { ...SETTINGS, enforcement: order.enforcement, command: scriptOf(order, hog) })
  writeSources(order, step.workspace)
  const run = step.startMain()
  const struck = await killIn(order, stand, run)
  const { code, signal } = await run.ended
  const { conclusion = '', cause = '', 'out-of-memory': outOfMemory = '' } = step.outputs
  const journal = journalIn(stand.temporary)
  await step.post()
  const isTold = step.summary.includes('guard.died')
  return {
    struck,
    exit: signal ?? code,
    isDone: existsSync(join(step.workspace, 'done')),
    verdict: conclusion === '' ? null : { conclusion, cause, outOfMemory },
    aftermath: signal === null ? null : { journal, isTold }
  }
}

/** Stands in the arguments of the build's first process. */
const MARKED = 'build-of-chaos'

function scriptOf({ program }: Strike, hog: string): string {
  if (program === 'go build') return 'go build -o out .\ntouch done'
  // In a session of its own, deaf, and for much longer than anybody waits.
  const stubborn = `(trap '' INT TERM; exec setsid ${hog} 60 150 300 stop) & first=$!`
  return `${stubborn}\n${hog} 40 60 0\ntouch stop\nwait $first\ntouch done`
}

/** Unlike any that was built before. */
function writeSources({ program }: Strike, directory: string): void {
  if (program !== 'go build') return
  writeFileSync(join(directory, 'go.mod'), 'module example.com/chaos\n\ngo 1.21\n')
  writeFileSync(join(directory, 'main.go'), `package main\n\nfunc main() { println("${randomUUID()}") }\n`)
}

/** Kills so long after a victim was first there, unless the run has ended by then. */
async function killIn(order: Strike, stand: Stand, run: Started): Promise<string | null> {
  let hasEnded = false
  void run.ended.then(() => {
    hasEnded = true
  })
  const victims = (): readonly number[] => victimsOf(order.victim, run.pid, markedProcesses(stand.traces.mark))
  if (order.victim === 'nobody') return null
  await until('a victim', () => hasEnded || victims().length > 0)
  await Promise.race([sleep(order.momentMs), run.ended])
  if (hasEnded) return null
  const there = victims()
  const pid = there[Math.floor(order.which * there.length)]
  if (pid === undefined) return null
  const name = commandOf(pid).slice(0, 2).join(' ')
  kill(pid)
  return name
}

function victimsOf(victim: Strike['victim'], guard: number, marked: readonly number[]): readonly number[] {
  if (victim === 'guard') return [guard]
  const isCommand = (pid: number): boolean =>
    pid !== guard &&
    parentOf(pid) === guard &&
    commandOf(pid).some((word) => word === MARKED || /-[0-9a-f]{12}\/script/.test(word))
  const command = marked.find(isCommand)
  if (victim === 'helper') return marked.filter((pid) => parentOf(pid) === guard && pid !== command)
  if (command === undefined) return []
  return victim === 'command' ? [command] : marked.filter((pid) => pid !== command && isBelow(pid, command))
}

function isBelow(pid: number, ancestor: number): boolean {
  const parent = parentOf(pid)
  return parent !== null && parent > 1 && (parent === ancestor || isBelow(parent, ancestor))
}

/** Go leaves directories of its own where it is killed. */
function strays(temporary: string): readonly string[] {
  return readdirSync(temporary)
    .filter((name) => !/^(?:go-build|go-link-|cgo-gcc-input-)\d+(?:\.c)?$/.test(name))
    .map((name) => `file ${name}`)
}

function journalIn(temporary: string): 'none' | 'begun' | 'ended' {
  const run = readdirSync(temporary).find((name) => name.startsWith('go-build-guard-')) ?? ''
  const file = join(temporary, run, 'state.jsonl')
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  if (text.includes('{"kind":"end"')) return 'ended'
  return text === '' ? 'none' : 'begun'
}
