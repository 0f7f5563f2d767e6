import type { Settings } from '../model/settings.ts'
import type { Survey } from '../model/survey.ts'
import type { Journal } from '../observe/journal.ts'
import type { Place, Ports } from '../ports/ports.ts'
import type { GatedSpec } from '../ports/processes.ts'
import type { Reaper } from '../run/reaper.ts'
import type { Narrator } from './narrator.ts'

/** What stays the same over all attempts. */
export interface Run {
  readonly ports: Ports
  readonly place: Place
  readonly settings: Settings
  readonly survey: Survey
  readonly startedAt: string
  readonly startedMs: number
  readonly command: Pick<GatedSpec, 'argv' | 'cwd' | 'environment'>
  readonly journal: Journal
  readonly reaper: Reaper
  readonly narrator: Narrator
}

/** Whether cgroups, and the kernel log, may be reached through `sudo`. */
export function maySudo(ports: Ports): boolean {
  return ports.means.some((one) => one.means === 'sudo')
}
