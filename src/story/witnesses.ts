import { wantsReports } from '../diagnose/attribute.ts'
import type { Evidence } from '../model/evidence.ts'
import { readDaemonKills } from '../observe/daemon-journal.ts'
import type { LogTools } from '../observe/kernel-log.ts'
import { levelCounters } from '../observe/level-counters.ts'
import { readMacKills } from '../observe/mac-kills.ts'
import type { Cage } from '../ports/cage.ts'
import type { Place, Ports } from '../ports/ports.ts'
import { hostKills } from './machine.ts'
import { maySudo, type Run } from './run.ts'

/** What of a run is needed to look for witnesses. */
interface Scene {
  readonly ports: Pick<Ports, 'files' | 'processes' | 'clock' | 'means'>
  readonly place: Pick<Place, 'root'>
}

/** What the notes of others are read with. */
export function logTools({ ports, place }: Scene): LogTools {
  return { files: ports.files, processes: ports.processes, root: place.root, maySudo: maySudo(ports) }
}

/** Reads every counter that a kill moves; the answer reads them again, and has to be asked before the cage is closed. */
export function countKills(
  scene: Scene & Pick<Run, 'survey'>,
  cage: Pick<Cage, 'directory'>
): () => Pick<Evidence, 'hostKills' | 'levels'> {
  const { ports, place, survey } = scene
  const { version, mountPoint, directory } = survey.cgroup
  const levels = levelCounters({
    files: ports.files,
    root: place.root,
    version,
    mountPoint,
    directory: cage.directory ?? directory,
    isCage: cage.directory !== null
  })
  const before = hostKills(scene)
  return () => ({ hostKills: { before, after: hostKills(scene) }, levels: levels() })
}

/**
 * Adds what others wrote down of a kill, where nothing that was measured explains it. `startedMs` is of the wall clock.
 */
export async function withReports(scene: Scene, evidence: Evidence, startedMs: number): Promise<Evidence> {
  if (!wantsReports(evidence)) return evidence
  const tools = logTools(scene)
  if (evidence.platform === 'darwin') {
    const endMs = Date.parse(scene.ports.clock.wallTime())
    return { ...evidence, reportedKills: await readMacKills(tools, { startMs: startedMs, endMs }) }
  }
  if (evidence.platform !== 'linux') return evidence
  return { ...evidence, reportedKills: await readDaemonKills(tools, startedMs / 1000) }
}
