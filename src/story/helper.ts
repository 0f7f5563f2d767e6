import { dirname, join } from 'node:path'
import type { HelperState } from '../plan/steering.ts'
import type { Place, Ports } from '../ports/ports.ts'
import { buildHelper, type HelperOrder } from '../steer/helper.ts'

/** The helper of this run, built when it is first needed. */
export interface Helper {
  /** As far as it has come. */
  state(): HelperState
  /** Where it is, and where the gate goes. */
  directory(): string
  build(order: Pick<HelperOrder, 'go' | 'environment' | 'roomBytes'>): Promise<HelperState>
  /** It cannot be used after all. */
  giveUp(reason: string): void
}

export function newHelper(ports: Ports, place: Place): Helper {
  const sources = sourcesOf(ports, place)
  let directory = ''
  let state: HelperState =
    ports.toolGates === null || place.platform !== 'linux'
      ? { kind: 'unavailable', reason: `there is none on ${place.platform}` }
      : sources === null
        ? { kind: 'unavailable', reason: 'the sources of its helper are not there' }
        : { kind: 'unbuilt' }
  const giveUp = (reason: string): void => {
    state = { kind: 'unavailable', reason }
  }
  return {
    state: () => state,
    directory: () => directory,
    giveUp,
    async build(order) {
      if (state.kind !== 'unbuilt' || ports.toolGates === null || sources === null) return state
      try {
        directory = ports.toolGates.makeDirectory(place.runDirectory)
        const built = await buildHelper(ports.processes, { ...order, sources, target: directory })
        if ('problem' in built) giveUp(`its helper cannot be had: ${built.problem}`)
        else state = { kind: 'built', path: built.path }
      } catch (fault) {
        giveUp(`its helper cannot be had: ${fault instanceof Error ? fault.message : String(fault)}`)
      }
      return state
    }
  }
}

/** Beside the bundle in `dist`, or above it. */
function sourcesOf({ files }: Ports, { script }: Place): string | null {
  const candidates = [dirname(script), dirname(dirname(script))].map((directory) => join(directory, 'helper'))
  return candidates.find((path) => files.exists(join(path, 'go.mod'))) ?? null
}
