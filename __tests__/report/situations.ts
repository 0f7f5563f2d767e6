import type { Report } from '../../src/model/report.ts'
import { CAUTIONED } from './caution-fixtures.ts'
import { GUARD_DIED, WATCHED } from './container-fixtures.ts'
import { CANCELLED, CHECKSUM, COMPILE, NOT_STARTED, SUCCESS, TIMEOUT, UNKNOWN } from './fixtures.ts'
import { MACHINE, OUTSIDE_KILL, OWN_CAP, RECOVERED } from './memory-fixtures.ts'
import { SMALL_CAP, UNSAMPLED } from './small-fixtures.ts'
import { LOCKED, SILENT_SERVER } from './stall-fixtures.ts'
import { STEERED } from './steered-fixtures.ts'

/** Every situation by the name of its golden. */
export const SITUATIONS: Readonly<Record<string, Report>> = {
  recovered: RECOVERED,
  'own-cap': OWN_CAP,
  'small-cap': SMALL_CAP,
  machine: MACHINE,
  'outside-kill': OUTSIDE_KILL,
  compile: COMPILE,
  unsampled: UNSAMPLED,
  checksum: CHECKSUM,
  unknown: UNKNOWN,
  timeout: TIMEOUT,
  cancelled: CANCELLED,
  success: SUCCESS,
  cautioned: CAUTIONED,
  'guard-died': GUARD_DIED,
  watched: WATCHED,
  steered: STEERED,
  'silent-server': SILENT_SERVER,
  'locked-cache': LOCKED,
  'not-started': NOT_STARTED
}
