import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { OuterCgroup } from './cgroup-v1.ts'
import { OuterCgroupV2, SliceLimit } from './cgroup-v2.ts'
import { type Death, type Order, SLICE, type Told } from './deaths.ts'
import { commandOf, leftBehind, markedProcesses } from './left-behind.ts'
import { hungryProgram } from './programs.ts'
import { GUARD, kill, Stand, type Started, until, whileNobodyIsKilled } from './stand.ts'
import { Step } from './step.ts'

const MIB = 2 ** 20
/** Of the limit that is made above a guard. */
const ABOVE_BYTES = 220 * MIB
/** Of one that is above us too. */
const SLICE_BYTES = 400 * MIB
/** An emulated machine beside busy ones is slow. */
const PATIENCE_MS = 240_000
/** Attempts and heap limits would only blur what is looked at. */
const ALWAYS = { 'on-out-of-memory': 'fail', 'go-memory-limit': 'off', steering: 'off' }
const BUILD = ['go', 'build', '-o', 'out', '.']
/** A session of its own, which a signal to the group of the build does not reach. */
const ESCAPEE = 'setsid sleep 600 </dev/null >/dev/null 2>&1 &'
/** Takes away what the survey and the cage could use. */
const WITHOUT_CGROUPS = 'umount -R -l /sys/fs/cgroup && exec "$@"'

/** Lets a build, or its guard, die in one way. */
export class Scene {
  readonly #folder: string
  readonly #order: Order
  readonly #stand: Stand
  readonly #isAlone: boolean
  #aftermath: Told['aftermath'] = null
  readonly #hit: string[] = []

  /** `folder` holds the hog, and takes the report. */
  constructor(folder: string, order: Order, isAlone: boolean) {
    this.#folder = folder
    this.#order = order
    this.#isAlone = isAlone
    const bare = (command: readonly string[]) => ['unshare', '-m', 'sh', '-c', WITHOUT_CGROUPS, 'sh', ...command]
    this.#stand = new Stand(`scene-${order.name}`, { isAlone, ...(order.isBare && { around: bare }) })
  }

  async play(): Promise<Told> {
    const { name, death } = this.#order
    const begunMs = performance.now()
    const exitCode = await this.#ways[death]()
    const left = [...this.#hit, ...(await this.#stand.left())]
    const seconds = Math.round((performance.now() - begunMs) / 1000)
    return { name, exitCode, left, aftermath: this.#aftermath, seconds, fault: null }
  }

  readonly #ways: Readonly<Record<Death, () => Promise<number | null>>> = {
    ownCap: () => this.#toItsEnd({ 'memory-limit': '120M' }, BUILD),
    limitAbove: () => this.#belowALimit(),
    hostWide: () => this.#besideANeighbour(),
    killed: () => this.#calmly(() => this.#withSignal('compiler')),
    watch: () => this.#toItsEnd({ 'memory-limit': '120M', enforcement: 'watch' }, BUILD),
    timeout: () => this.#calmly(() => this.#toItsEnd({ 'memory-limit': '1G', timeout: '1s' }, BUILD)),
    cancel: () => this.#calmly(() => this.#withSignal('guard')),
    guardKilled: () => this.#withoutGuard()
  }

  async #belowALimit(): Promise<number | null> {
    const settings = { 'memory-limit': '1G' }
    const command = this.#hog(900)
    const outer = limitAbove(this.#order.above)
    if (outer === null) return this.#toItsEnd(settings, command)
    try {
      return (await this.#start(settings, command, (guard) => outer.around(guard)).ended).code
    } finally {
      await this.#stand.left()
      await outer.remove()
    }
  }

  /** Somebody who holds more memory than the build, until it is too much for the machine: the runner, a daemon. */
  async #besideANeighbour(): Promise<number | null> {
    const neighbour = this.#stand.start(this.#hog(150, 600))
    await new Promise((settle) => neighbour.child.stdout?.once('data', settle))
    const code = await this.#toItsEnd({ 'memory-limit': '3G' }, this.#hog(2000))
    if (neighbour.child.exitCode !== null || neighbour.child.signalCode !== null)
      this.#hit.push('the neighbour was killed')
    neighbour.child.kill('SIGKILL')
    await neighbour.ended
    return code
  }

  async #withSignal(to: 'compiler' | 'guard'): Promise<number | null> {
    const run = this.#start({ 'memory-limit': '1G' }, BUILD)
    const compiler = await this.#compilerOf(run)
    if (to === 'compiler') kill(compiler)
    else kill(run.pid, 'SIGINT')
    return (await run.ended).code
  }

  /** Through the action, whose `post` has to tell. The reaper needs no `post` to clean up. */
  async #withoutGuard(): Promise<number | null> {
    const step = new Step(this.#stand, {
      ...ALWAYS,
      ...this.#order.settings,
      'memory-limit': '1G',
      command: `${ESCAPEE}\n${BUILD.join(' ')}`
    })
    hungryProgram(step.workspace)
    const main = step.startMain()
    main.child.stdout?.pipe(process.stderr)
    main.child.stderr?.pipe(process.stderr)
    await this.#compilerOf(main)
    kill(main.pid)
    const { code, signal } = await main.ended
    const left = () => leftBehind(this.#stand.traces).filter((line) => !line.startsWith('directory'))
    await until('the end of the build without its guard', () => left().length === 0, 10_000).catch(() => {
      this.#hit.push(...left().map((line) => `without post: ${line}`))
    })
    const enforcement = enforcementIn(this.#stand.temporary)
    await step.post()
    this.#aftermath = { enforcement, summary: step.summary }
    return signal === 'SIGKILL' ? 137 : code
  }

  async #compilerOf(run: Started): Promise<number> {
    let hasEnded = false
    void run.ended.then(() => {
      hasEnded = true
    })
    const compiler = () => markedProcesses(this.#stand.traces.mark).find(isCompiler)
    await until('a compiler', () => hasEnded || compiler() !== undefined, PATIENCE_MS)
    const pid = compiler()
    if (pid === undefined) throw new Error('the run ended before a compiler was seen')
    return pid
  }

  async #toItsEnd(settings: Order['settings'], command: readonly string[]): Promise<number | null> {
    return (await this.#start(settings, command).ended).code
  }

  #start(settings: Order['settings'], command: readonly string[], inside: Stand['around'] = (guard) => guard): Started {
    const file = join(this.#folder, `${this.#order.name}.json`)
    const all = { ...ALWAYS, ...settings, ...this.#order.settings, 'report-file': file }
    const flags = Object.entries(all).map(([name, text]) => `--${name}=${text}`)
    const cwd = this.#stand.fresh('work')
    mkdirSync(cwd)
    if (command === BUILD) hungryProgram(cwd)
    const guard = this.#stand.around([...GUARD, 'run', ...flags, '--', ...command])
    const started = this.#stand.start(inside(guard), { cwd })
    started.child.stderr?.pipe(process.stderr)
    return started
  }

  #hog(mebibytes: number, holdSeconds = 0): readonly string[] {
    return [join(this.#folder, 'hog'), String(mebibytes), '100', String(holdSeconds)]
  }

  /** Where others live too, a kill of theirs would rightly make the guard say that it does not know. */
  #calmly(run: () => Promise<number | null>): Promise<number | null> {
    return this.#isAlone ? run() : whileNobodyIsKilled(run)
  }
}

function limitAbove(above: Order['above']): OuterCgroup | OuterCgroupV2 | SliceLimit | null {
  if (above === 'own') return null
  if (above === 'v1') return new OuterCgroup(ABOVE_BYTES)
  return above === 'v2' ? new OuterCgroupV2(ABOVE_BYTES) : new SliceLimit(SLICE, SLICE_BYTES)
}

function isCompiler(pid: number): boolean {
  const [tool = '', ...args] = commandOf(pid)
  return basename(tool) === 'compile' && args.includes('example.com/hungry/appetite')
}

/** Of the last attempt, in the journal of the one run below that directory. */
function enforcementIn(directory: string): string {
  const run = readdirSync(directory).find((name) => name.startsWith('go-build-guard-')) ?? ''
  const journal = join(directory, run, 'state.jsonl')
  const text = existsSync(journal) ? readFileSync(journal, 'utf8') : ''
  return [...text.matchAll(/"kind":"attempt".*?"enforcement":"([^"]*)"/g)].at(-1)?.[1] ?? 'not written'
}
