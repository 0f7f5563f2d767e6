import type { BedName } from './beds.ts'
import type { Death, Order } from './deaths.ts'
import type { Facts } from './facts.ts'

/** A row of the table: where a guard runs, and what has to be seen for each way of dying there. */
export interface Environment {
  readonly id: string
  readonly title: string
  readonly bed: BedName
  readonly settings: Order['settings']
  readonly above: Order['above']
  readonly isBare: boolean
  readonly cells: Readonly<Record<Death, Cell>>
}

type Cell = Run | { readonly notApplicable: string }

interface Run {
  readonly expected: Facts
  /** Where not in the bed of the row. */
  readonly bed?: BedName
  /** Everything dies, so that there is no report: what the log that survives has to say. */
  readonly survives?: readonly RegExp[]
}

type Row = Omit<Environment, 'settings' | 'isBare'> & Partial<Environment>

const row = (environment: Row): Environment => ({ settings: {}, isBare: false, ...environment })

const facts = (exit: number, enforcement: string, rest: Partial<Facts> = {}): Facts => {
  const none = { endedBy: '', cause: '', confidence: '', outOfMemory: '', left: '' }
  return { exit: String(exit), enforcement, ...none, ...rest }
}

const memory = { confidence: 'certain', outOfMemory: 'true' }
const notMemory = { confidence: 'certain', outOfMemory: 'false' }

/** The kernel acted; a compiler was killed and Go ended with 1, or the command itself was (137). */
const byKernel = (way: string, exit: number, endedBy: string, cause = 'oom.cgroup'): Run => ({
  expected: facts(exit, way, { ...memory, endedBy, cause })
})

/** The guard acted before the kernel. */
const byWatch: Run = { expected: facts(137, 'watch', { ...memory, endedBy: 'guard', cause: 'oom.watch' }) }

/** What has nothing to do with memory is the same everywhere. */
const notByMemory = (way: string): Readonly<Record<'killed' | 'timeout' | 'cancel' | 'guardKilled', Run>> => ({
  // Who sent it cannot be seen.
  killed: { expected: facts(1, way, { ...notMemory, endedBy: 'other', cause: 'signal.kill', confidence: 'likely' }) },
  timeout: { expected: facts(124, way, { ...notMemory, endedBy: 'guard', cause: 'timeout' }) },
  cancel: { expected: facts(130, way, { ...notMemory, endedBy: 'cancel', cause: 'cancelled' }) },
  guardKilled: { expected: facts(137, way, { cause: 'guard.died', confidence: 'certain' }) }
})

const cgroup = (way: string): Environment['cells'] => ({
  ownCap: byKernel(way, 1, 'kernel-oom-cap'),
  limitAbove: byKernel(way, 137, 'kernel-oom-ancestor'),
  hostWide: byKernel(way, 137, 'kernel-oom-host', 'oom.host'),
  watch: byWatch,
  ...notByMemory(way)
})

const watching = (besideOthers: BedName): Environment['cells'] => ({
  ownCap: byWatch,
  limitAbove: byWatch,
  hostWide: { ...byWatch, bed: besideOthers },
  watch: { notApplicable: 'watch is what is in force already: see own cap' },
  ...notByMemory('watch')
})

const sameAsOff = { notApplicable: 'the kernel kills nobody for memory: as without `memory.oom.group`, above' }

export const ENVIRONMENTS: readonly Environment[] = [
  row({
    id: 'v1-root',
    title: 'cgroup v1, root',
    bed: 'host',
    above: 'v1',
    cells: {
      ...cgroup('cgroup-v1'),
      hostWide: { notApplicable: 'would take the memory of the machine that runs the table; the guests below have it' }
    }
  }),
  row({ id: 'v2-root', title: 'cgroup v2, root', bed: 'root', above: 'v2', cells: cgroup('cgroup-v2') }),
  row({ id: 'v2-sudo', title: 'cgroup v2, user with sudo', bed: 'runner', above: 'v2', cells: cgroup('cgroup-v2') }),
  row({
    id: 'service',
    title: 'Service of systemd, user with sudo',
    bed: 'systemd',
    above: 'slice',
    cells: cgroup('cgroup-v2')
  }),
  row({
    id: 'scope',
    title: 'Service of systemd, user with sudo, `enforcement: systemd`',
    bed: 'systemd',
    above: 'slice',
    settings: { enforcement: 'systemd' },
    cells: { ...cgroup('systemd'), watch: { notApplicable: 'the row is about `systemd`' } }
  }),
  row({
    id: 'container',
    title: 'Container, cgroups read-only',
    bed: 'container',
    above: 'own',
    cells: watching('containerBesideOthers')
  }),
  row({
    id: 'pod',
    title: 'Container, cgroups read-only, `memory.oom.group` 1',
    bed: 'pod',
    above: 'own',
    cells: watching('podBesideOthers')
  }),
  row({
    id: 'bare',
    title: 'No cgroup file system, root',
    bed: 'host',
    above: 'v1',
    isBare: true,
    cells: { ...watching('root'), limitAbove: byKernel('watch', 137, 'kernel-oom-ancestor') }
  }),
  row({
    id: 'off',
    title: '`enforcement: off`, root',
    bed: 'host',
    above: 'v1',
    settings: { enforcement: 'off' },
    cells: {
      ownCap: { expected: facts(0, 'none', { endedBy: 'itself', outOfMemory: 'false' }) },
      limitAbove: byKernel('none', 137, 'kernel-oom-ancestor'),
      hostWide: { ...byKernel('none', 137, 'kernel-oom-host', 'oom.host'), bed: 'root' },
      watch: { notApplicable: 'nothing is watched' },
      ...notByMemory('none')
    }
  }),
  row({
    id: 'pod-off',
    title: '`enforcement: off`, `memory.oom.group` 1',
    bed: 'pod',
    above: 'own',
    settings: { enforcement: 'off' },
    cells: {
      ownCap: { notApplicable: 'no cap is set' },
      limitAbove: {
        expected: facts(137, ''),
        survives: [/^guard: .*the limit above is 600 MiB/m, /^guard: .* of 600 MiB \([789]\d %\); largest: `?hog/m]
      },
      hostWide: {
        expected: facts(137, ''),
        bed: 'podBesideOthers',
        survives: [/^guard: .*machine \d+ MiB/m, /^guard: .* machine: \d+ of \d+ MiB available .*largest: `?hog/m]
      },
      killed: sameAsOff,
      watch: { notApplicable: 'nothing is watched' },
      timeout: sameAsOff,
      cancel: sameAsOff,
      guardKilled: sameAsOff
    }
  })
]
