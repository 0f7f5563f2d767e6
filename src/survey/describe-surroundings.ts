import { formatDuration } from '../model/duration.ts'
import type { Reading } from '../model/reading.ts'
import type { Disk, GoInstallation, Killers, Pressure, ResourceLimit, Survey } from '../model/survey.ts'
import { amount } from './words.ts'

/** Everything of a survey that is no memory limit: pressure, resource limits, killers, disks, Go. */
export function describeSurroundings(survey: Survey): readonly string[] {
  return [
    pressureLine(survey.pressure),
    ...survey.rlimits.map(resourceLimitLine),
    ...killerLines(survey.killers),
    ...survey.disks.map(diskLine),
    goLine(survey.go)
  ]
}

function pressureLine(pressure: Reading<Pressure>): string {
  if (pressure.kind === 'absent') return 'Memory pressure: this kernel does not measure it'
  if (pressure.kind === 'unreadable') return `Memory pressure: not readable (${pressure.reason})`
  const { someAvg10, fullAvg10, fullTotalUs } = pressure.value
  const stalled = formatDuration(fullTotalUs / 1000)
  return `Memory pressure of the last 10 s: some ${someAvg10} %, full ${fullAvg10} %; everything stood still for ${stalled} since boot`
}

function resourceLimitLine({ name, soft, hard, unit }: ResourceLimit): string {
  const format = unit === 'bytes' || unit === '' ? undefined : (count: number): string => `${count} ${unit}`
  return `${name}: ${amount(soft, format)}, can be raised to: ${amount(hard, format)}`
}

function killerLines({ oomScoreAdj, systemdOomd, earlyoom }: Killers): readonly string[] {
  return [
    `oom_score_adj of this process tree: ${amount(oomScoreAdj, String)} (killed for want of memory: at 1000 first, at -1000 never)`,
    `systemd-oomd: ${running(systemdOomd)}`,
    `earlyoom: ${running(earlyoom)}`
  ]
}

function running(daemon: Reading<boolean>): string {
  if (daemon.kind === 'value') return daemon.value ? 'running, it may kill the build' : 'not running'
  return daemon.kind === 'absent' ? 'not known (no /proc)' : `not known (${daemon.reason})`
}

function diskLine({ role, path, freeBytes, freeInodes }: Disk): string {
  const inodes = freeInodes.kind === 'absent' ? '' : `, ${amount(freeInodes, (count) => `${count} inodes`)}`
  return `Free for ${role}: ${amount(freeBytes)}${inodes}, ${path}`
}

function goLine(go: Reading<GoInstallation>): string {
  if (go.kind === 'absent') return 'Go: none in PATH'
  if (go.kind === 'unreadable') return `Go: not readable (${go.reason})`
  const { version, env } = go.value
  const settings = ['GOFLAGS', 'GOTOOLCHAIN'].flatMap((name) => (env[name] ? [`${name}=${env[name]}`] : []))
  return [`Go: ${version}`, ...settings].join(', ')
}
