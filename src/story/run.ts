import type { Reading } from '../model/reading.ts'
import type { Settings } from '../model/settings.ts'
import type { Survey } from '../model/survey.ts'
import type { Journal } from '../observe/journal.ts'
import type { KernelLog } from '../observe/kernel-log.ts'
import type { Place, Ports } from '../ports/ports.ts'
import type { GatedSpec } from '../ports/processes.ts'
import type { Reaper } from '../run/reaper.ts'
import type { Helper } from './helper.ts'
import type { Launcher } from './launcher.ts'
import type { Narrator } from './narrator.ts'
import type { Preflighting } from './preflight.ts'
import type { Verification } from './verification.ts'

/** What stays the same over all attempts. */
export interface Run {
  readonly ports: Ports
  readonly place: Place
  readonly settings: Settings
  readonly survey: Survey
  /** Of Job Objects; absent but on Windows. */
  readonly launcher: Reading<Launcher>
  readonly startedAt: string
  readonly startedMs: number
  readonly command: Pick<GatedSpec, 'argv' | 'cwd' | 'environment'>
  readonly journal: Journal
  readonly reaper: Reaper
  /** Of all attempts, so that the kill of one is not told of the next. */
  readonly kernelLog: KernelLog
  readonly narrator: Narrator
  readonly helper: Helper
  readonly preflight: Preflighting
  readonly verification: Verification
}

/** Whether cgroups, and the kernel log, may be reached through `sudo`. */
export function maySudo(ports: Pick<Ports, 'means'>): boolean {
  return ports.means.some((one) => one.means === 'sudo')
}
