import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { code, prose } from '../../src/model/prose.ts'
import { unreadable } from '../../src/model/reading.ts'
import type { Attempt, Report } from '../../src/model/report.ts'
import { peer, snapshot, wait, waiting } from '../diagnose/stall/snapshots.ts'

/** A report in which everything that comes from outside says `text`. */
export function saying(report: Report, text: string): Report {
  const quoted = prose`said ${code(text)} there`
  const diagnosis = (of: Diagnosis): Diagnosis => ({
    ...of,
    summary: `${quoted} (exit 1)`,
    remedies: of.remedies.map((remedy) => ({ ...remedy, text: quoted })),
    locations: of.locations.map((location) => ({ ...location, file: text, message: text }))
  })
  const attempt = (of: Attempt): Attempt => ({
    ...of,
    plan: { ...of.plan, environment: { GOFLAGS: text }, reasons: [{ subject: 'cap', text: quoted }] },
    memory: {
      ...of.memory,
      last:
        of.memory.last === null
          ? null
          : { ...of.memory.last, processes: [{ pid: 1, tool: text, package: text, bytes: 1e9 }] }
    },
    steering: {
      steps: [{ atMs: 1, kind: 'replayed', tool: text, package: text, text: quoted }],
      packages: [{ tool: text, package: text, peakBytes: 1e9, cpuMs: 1, runs: 2, settings: text }],
      toolRuns: 1,
      heldBack: 1,
      heldBackMs: 1,
      replayed: 1,
      advice: quoted
    },
    stall: snapshot(
      [waiting(1, text, { package: text, waits: [wait(text, { stack: [text] })], peers: [peer({ address: text })] })],
      {
        locks: [{ waiterPid: 1, kind: text, path: text, holder: { pid: 2, command: text, isOfBuild: false } }],
        frozen: [{ version: 'v2', directory: text, pids: [1], holdsOnlyBuild: true }],
        unread: [text]
      }
    ),
    heaviest: of.heaviest.map((cost) => ({ ...cost, tool: text, package: text })),
    findings: of.findings.map((finding) => ({ ...finding, measured: quoted }))
  })
  const diagnoses = report.diagnoses.map(diagnosis)
  return {
    ...report,
    command: text,
    job: { name: text, matrix: { os: text } },
    survey: {
      ...report.survey,
      limits: [{ source: 'cgroup-v2', file: text, limit: unreadable(text) }],
      go: { kind: 'value', value: { version: text, minor: null, mainModule: text, env: {} } }
    },
    enforcement: { ...report.enforcement, limitSource: text, reasons: [quoted] },
    attempts: report.attempts.map(attempt),
    diagnoses: [...diagnoses, ...diagnoses],
    warnings: [quoted]
  }
}
