import type { Caution, Preflight } from '../model/caution.ts'
import type { Clock } from '../ports/clock.ts'
import { CHECKS, examine } from '../preflight/catalogue.ts'
import type { Setup } from '../preflight/setup.ts'
import { readSetup } from './read-setup.ts'
import type { SetupWorld } from './setup-world.ts'

/** What is not known after that long is not checked: beside a build, which has the processors; before one, which waits. */
const DEADLINE_MS = { warn: 150, error: 5000, off: 0 } as const

interface Looked {
  readonly preflight: Preflight
  readonly sources: Setup['sources']
}

const NOTHING: Looked = { preflight: { findings: [], notChecked: [] }, sources: null }

/** Looks at the set-up beside the build. */
export interface Preflighting {
  /** Begins to look, once; whoever calls goes on at once. `told` hears each finding when all are known. */
  begin(told: (finding: Caution) => void): void
  /** What was found; at once where it never began. Never rejects. */
  outcome(): Promise<Preflight>
  /** The heads of the module's files, where they were read: nobody has to read them twice. */
  sources(): Setup['sources']
}

/** Nothing is read before it begins. */
export function preflighting(world: SetupWorld & { readonly clock: Clock }): Preflighting {
  let looking: Promise<Looked> | null = null
  let sources: Setup['sources'] = null
  return {
    begin(told) {
      if (world.settings.preflight === 'off') return
      looking ??= look(world)
        .then((looked) => {
          sources = looked.sources
          for (const finding of looked.preflight.findings) told(finding)
          return looked
        })
        .catch(() => NOTHING)
    },
    outcome: async () => (await (looking ?? NOTHING)).preflight,
    sources: () => sources
  }
}

async function look(world: SetupWorld & { readonly clock: Clock }): Promise<Looked> {
  const { clock } = world
  const startMs = clock.nowMs()
  const breathe = async (): Promise<boolean> => {
    await clock.sleep(0)
    return clock.nowMs() - startMs < DEADLINE_MS[world.settings.preflight]
  }
  try {
    const { setup, notChecked } = await readSetup(world, breathe)
    const examined = CHECKS.map((check) => ({ check, found: examine(check, setup) }))
    const faults = examined.flatMap(({ check, found }) => ('fault' in found ? [`${check.id}: ${found.fault}`] : []))
    const findings = examined.flatMap(({ found }) => ('fault' in found ? [] : found))
    return { preflight: { findings, notChecked: [...notChecked, ...faults] }, sources: setup.sources }
  } catch (fault) {
    const reason = fault instanceof Error ? fault.message : String(fault)
    return { preflight: { findings: [], notChecked: [`preflight: ${reason}`] }, sources: null }
  }
}
