import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cgroupV1Unavailable } from './cgroup-v1.ts'
import { type Order, SLICE, type Told } from './deaths.ts'
import { hungryProgram } from './programs.ts'
import { DIST } from './stand.ts'
import { runInVm, type VmRequest, vmUnavailable } from './vm.ts'
import { projectRoot, runCommand, temporaryFolder } from './workbench.ts'

/** Where cells are run: this machine, or a guest that is booted for them. */
const BEDS = {
  host: null,
  root: { user: 'root', memory: '512M' },
  runner: { user: 'runner', memory: '512M' },
  systemd: { user: 'runner', memory: '768M', systemd: true, unit: [`Slice=${SLICE}`] },
  container: { user: 'root', roCgroup: '600M' },
  containerBesideOthers: { user: 'root', roCgroup: '2G', memory: '512M' },
  pod: { user: 'root', roCgroup: '600M', oomGroup: true },
  podBesideOthers: { user: 'root', roCgroup: '2G', memory: '512M', oomGroup: true }
} as const satisfies Readonly<Record<string, Omit<VmRequest, 'command'> | null>>

export type BedName = keyof typeof BEDS

/** Why this bed is not to be had here, or null. */
export function bedUnavailable(bed: BedName): string | null {
  return bed === 'host' ? cgroupV1Unavailable() : vmUnavailable()
}

/** Compiles the program that takes memory, for processors that know no more than the guest's; answers with its path. */
export async function makeHog(path: string): Promise<string> {
  const env = { ...process.env, CGO_ENABLED: '0', GOAMD64: 'v1', GOFLAGS: '', GOWORK: 'off' }
  await succeed(['go', 'build', '-o', path, '.'], join(import.meta.dirname, 'hog'), env)
  return path
}

/** A directory that every bed can read and write, with what the cells need. */
export async function makeBedFolder(): Promise<string> {
  const folder = temporaryFolder('beds')
  await makeHog(join(folder, 'hog'))
  // Compiling even the little of the standard library that a small program needs takes minutes in a guest.
  const cache = join(folder, 'gocache')
  mkdirSync(cache)
  cpSync(DIST, join(folder, 'dist'), { recursive: true })
  // Through the guard, for what it may compile itself.
  const warm = hungryProgram(join(folder, 'warm'), { methods: 1 })
  const build = [process.execPath, join(folder, 'dist/cli.js'), 'run', '--', 'go', 'build', '-o', '/dev/null', '.']
  await succeed(build, warm, { ...process.env, GOCACHE: cache })
  await succeed(['chmod', '-R', 'a+rwX', folder], folder, process.env)
  return folder
}

export interface BedRun {
  /** By the name of the order; one that is missing was never told of, since the bed died before. */
  readonly told: ReadonlyMap<string, Told>
  readonly code: number | null
  /** All that was printed for people. */
  readonly stderr: string
  /** Where a guest left its kernel log (`kmsg`) and its state at the end (`status`); null on this machine. */
  readonly logs: string | null
}

/** Runs the orders one after another in one bed. */
export async function runInBed(
  bed: BedName,
  orders: readonly Order[],
  folder: string,
  name: string = bed
): Promise<BedRun> {
  writeFileSync(join(folder, `${name}.orders.json`), JSON.stringify(orders))
  const inside = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'inside.ts'), folder, name]
  const guest = BEDS[bed]
  const dist = join(folder, 'dist')
  if (guest === null) {
    const result = await runCommand([process.execPath, ...inside], {
      cwd: projectRoot,
      env: { ...process.env, GBG_DIST: dist },
      timeoutMs: 900_000
    })
    return { ...result, told: toldIn(result.stdout), logs: null }
  }
  const logs = join(folder, `${name}.logs`)
  mkdirSync(logs, { recursive: true })
  const result = await runInVm({
    ...guest,
    command: [process.execPath, ...inside, 'alone'],
    env: { GOCACHE: join(folder, 'gocache'), GBG_DIST: dist },
    shareDir: folder,
    logDir: logs,
    timeoutSeconds: 900
  })
  return { ...result, told: toldIn(result.stdout), logs }
}

function toldIn(stdout: string): ReadonlyMap<string, Told> {
  const lines = stdout.split('\n').filter((line) => line.startsWith('{"name"'))
  return new Map(
    lines.map((line) => {
      const told: Told = JSON.parse(line)
      return [told.name, told]
    })
  )
}

async function succeed(command: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { code, stderr } = await runCommand(command, { cwd, env })
  if (code !== 0) throw new Error(`${command.join(' ')}: ${stderr}`)
}
