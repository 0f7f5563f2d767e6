import { diagnose } from '../../src/diagnose/rank.ts'
import { GIB } from '../../src/model/bytes.ts'
import type { Diagnosis, Verdict } from '../../src/model/diagnosis.ts'
import type { Evidence } from '../../src/model/evidence.ts'
import { cageV2, compiler, counter, evidenceOf, logOf, sample, timelineOf } from './evidence.ts'

export const API = 'example.com/shop/api'
export const COMPILER_KILLED = `${API}: /usr/local/go/pkg/tool/linux_amd64/compile: signal: killed\n`
export const TWO_COMPILERS = timelineOf(
  sample([compiler(957, API, 3.4 * GIB), compiler(958, 'example.com/shop/db', 2.2 * GIB)], {
    availableBytes: 0.9 * GIB
  })
)
export const ONE_COMPILER = timelineOf(sample([compiler(957, API, 5.8 * GIB)], { availableBytes: 0.9 * GIB }))
export const CAP_FIRED = {
  cage: cageV2({ ownLimitHits: counter(0, 1), kills: counter(0, 1) }),
  hostKills: counter(3, 4),
  log: logOf(COMPILER_KILLED)
}

export function verdictOn(change: Partial<Evidence>): Verdict {
  return diagnose(evidenceOf(change))
}

export function topOf({ diagnoses: [top] }: Verdict): Diagnosis {
  if (top === undefined) throw new Error('no diagnosis')
  return top
}

export function rowsOf({ findings }: Verdict): readonly string[] {
  return findings.map(({ hypothesis, measured, verdict }) => `${verdict} | ${hypothesis} | ${measured}`)
}

export function snippetsOf({ remedies }: Diagnosis): readonly string[] {
  return remedies.flatMap(({ snippet }) => snippet?.lines.filter((line) => line !== 'with:') ?? [])
}
