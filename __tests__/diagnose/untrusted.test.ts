import { describe, expect, test } from '@jest/globals'
import { CATALOGUE } from '../../src/diagnose/catalogue.ts'
import { diagnose } from '../../src/diagnose/rank.ts'
import { GIB } from '../../src/model/bytes.ts'
import type { Verdict } from '../../src/model/diagnosis.ts'
import type { Evidence } from '../../src/model/evidence.ts'
import { proseParts } from '../../src/model/prose.ts'
import { unreadable, value } from '../../src/model/reading.ts'
import {
  ABSENT_COUNTER,
  CAGE_PATH,
  cageV2,
  compiler,
  counter,
  evidenceOf,
  KILLED,
  kernelLogOf,
  level,
  levelOf,
  logOf,
  record,
  sample,
  surveyOf,
  timelineOf
} from './evidence.ts'

const EVIL = '@evil`<b>'

function proseOf({ diagnoses, findings }: Verdict): readonly string[] {
  const rows = [...findings, ...diagnoses.flatMap(({ evidence, ruledOut }) => [...evidence, ...ruledOut])]
  return [
    ...rows.map(({ measured }) => measured),
    ...diagnoses.map(({ summary }) => summary),
    ...diagnoses.flatMap(({ remedies }) => remedies.map(({ text }) => text))
  ]
}

function expectSafe(verdict: Verdict): void {
  const texts = proseOf(verdict)
  for (const text of texts) {
    expect(text.split('`').length % 2).toBe(1)
    const parts = proseParts(text).filter(({ isCode }) => !isCode)
    const ours = parts.map((part) => part.text).join(' ')
    expect(ours).not.toContain('@evil')
    expect(ours).not.toMatch(/undefined|NaN|\[object/)
  }
}

describe('words of others stand between backticks, whatever is in them', () => {
  const catches = CATALOGUE.flatMap(({ id, catches }) => catches.map((one) => ({ id, ...one })))

  test.each(catches)('in the answer to a log of $id: $log', ({ log, exitCode }) => {
    const marked = log.replaceAll('example.com', EVIL).replaceAll('main.go', `${EVIL}.go`)
    const exit = exitCode === undefined || exitCode === null ? null : { code: exitCode, signal: null }
    const stored = { cage: null, survey: null, timeline: null, plan: null, hostKills: ABSENT_COUNTER, disksAfter: [] }
    expectSafe(diagnose(evidenceOf({ ...stored, exit, log: logOf(marked) })))
    expectSafe(diagnose(evidenceOf({ exit, log: logOf(marked) })))
  })

  const timeline = timelineOf(sample([compiler(957, EVIL, 5.8 * GIB), compiler(2, EVIL, GIB)]))
  const measured: readonly (readonly [title: string, change: Partial<Evidence>])[] = [
    ['a kill at the cap', { cage: cageV2({ ownLimitHits: counter(0, 1), kills: counter(0, 1) }), timeline }],
    [
      'a kill with a record',
      {
        cage: cageV2({ kills: counter(0, 1) }),
        timeline,
        kernelLog: kernelLogOf([record({ task: EVIL, pid: 1, limitCgroup: `/${EVIL}` })])
      }
    ],
    [
      'a limit above',
      { cage: cageV2({ kills: counter(0, 1) }), timeline, survey: surveyOf({ levels: [level(value(GIB))] }) }
    ],
    [
      'a limit above that is named',
      {
        cage: cageV2({ kills: counter(0, 1) }),
        levels: [levelOf({ directory: `/sys/${EVIL}`, limitBytes: value(GIB), ownHits: counter(0, 1) })]
      }
    ],
    [
      'a note of a daemon',
      {
        exit: KILLED,
        timeline,
        reportedKills: value([
          {
            by: 'systemd-oomd',
            victim: { cgroup: CAGE_PATH },
            signal: 'SIGKILL',
            isForMemory: true,
            words: `Marked ${CAGE_PATH} for ${EVIL}`
          }
        ])
      }
    ],
    ['a journal that cannot be read', { exit: KILLED, timeline, reportedKills: unreadable(EVIL) }],
    ['a kill from outside', { exit: KILLED, timeline, kernelLog: unreadable(EVIL) }],
    [
      'the watch',
      { exit: KILLED, timeline, stop: { kind: 'watch', afterMs: 1, limitBytes: GIB, treeBytes: GIB, level: EVIL } }
    ],
    ['a full disk', { disksAfter: [{ role: 'TMPDIR', path: `/${EVIL}`, freeBytes: value(0), freeInodes: value(0) }] }]
  ]

  test.each(measured)('in the answer to %s', (_title, change) => {
    const verdict = diagnose(evidenceOf(change))
    expect(verdict.diagnoses.length).toBeGreaterThan(0)
    expectSafe(verdict)
  })
})
