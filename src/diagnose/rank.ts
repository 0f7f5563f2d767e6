import type { Confidence, Diagnosis, Finding, Verdict } from '../model/diagnosis.ts'
import { type Evidence, rise } from '../model/evidence.ts'
import type { EndedBy } from '../model/outcome.ts'
import { figure, prose } from '../model/prose.ts'
import { countersReadable, succeeded } from './attribute.ts'
import { examineBriefly } from './brief-rows.ts'
import { type Case, openCase } from './case.ts'
import { CATALOGUE } from './catalogue.ts'
import type { Basis, Definition, Match } from './definition.ts'
import { counterInWords } from './figures.ts'
import { examineAll, HYPOTHESES } from './hypotheses.ts'
import { killsInCage } from './kernel-kill.ts'

const MOST_DIAGNOSES = 3
const MOST_ROWS = 8

/**
 * What an answer is worth by what it rests on: the guard's act and counters before words; a resource that was refused
 * before what follows from it; a sender that names itself before a bare kill; a step that names the command it ran
 * before what that command printed; words before a bare status.
 */
const SCORE_OF_BASIS: Readonly<Record<Basis, number>> = {
  guard: 96,
  counters: 92,
  refusal: 80,
  stated: 70,
  kill: 60,
  step: 52,
  wording: 45,
  status: 32
}

/** A mere possibility falls behind certain answers of weaker kinds. */
const SCORE_OF_CONFIDENCE: Readonly<Record<Confidence, number>> = { certain: 4, likely: 0, possible: -20 }

const WHY_FIRST: Readonly<Record<Basis, string>> = {
  guard: 'the guard ended the build before it could matter',
  counters: 'counters of the kernel come before words of the log',
  refusal: 'a refused resource comes before what follows from it',
  stated: 'the sender is named, which explains what was killed',
  kill: 'the kill ended the build',
  step: 'the step that failed says which command it ran; what that command printed is a consequence of it',
  wording: 'it shows later in the log, or says less',
  status: 'the status alone says less'
}

const ROW_ORDER: readonly Finding['verdict'][] = ['cause', 'likely', 'contributed', 'ruled out', 'not checked']

interface Candidate {
  readonly definition: Definition
  readonly match: Match
  readonly score: number
}

/** The causes of one attempt, best first, with every hypothesis that was examined. A pure function of the evidence. */
export function diagnose(evidence: Evidence): Verdict {
  const of = openCase(evidence)
  if (succeeded(evidence) && evidence.stop === null) {
    return { diagnoses: [], findings: killsInSuccess(of), endedBy: 'itself', outOfMemory: 'false' }
  }
  const candidates = candidatesFor(of)
  const top = candidates[0] ?? null
  return {
    diagnoses: candidates
      .slice(0, MOST_DIAGNOSES)
      .map((one, i) => diagnosisFrom(one, of, i === 0 ? candidates[1] : undefined)),
    findings: tableOf(top, of),
    endedBy: endedByOf(of, top),
    outOfMemory: outOfMemoryOf(of, top)
  }
}

function candidatesFor(of: Case): readonly Candidate[] {
  const found = CATALOGUE.flatMap((definition) => {
    const match = definition.judge(of)
    return match === null ? [] : [{ definition, match, score: scoreOf(match) }]
  })
  return found.toSorted((a, b) => b.score - a.score || lineOf(a) - lineOf(b))
}

function scoreOf({ basis, confidence }: Match): number {
  return SCORE_OF_BASIS[basis] + SCORE_OF_CONFIDENCE[confidence]
}

function lineOf({ match }: Candidate): number {
  return match.lineNumber ?? Number.MAX_SAFE_INTEGER
}

function diagnosisFrom({ definition, match, score }: Candidate, of: Case, runnerUp: Candidate | undefined): Diagnosis {
  const lost = runnerUp === undefined ? [] : [whyItLost(runnerUp, match)]
  return {
    id: definition.id,
    title: definition.title,
    confidence: match.confidence,
    score,
    summary: match.summary,
    evidence: [...match.evidence, ...lost],
    ruledOut: definition.rulesOut.flatMap((name) => {
      const row = HYPOTHESES[name](of)
      return row !== null && row.verdict === 'ruled out' ? [row] : []
    }),
    remedies: definition.remedies(match, of),
    locations: match.locations ?? []
  }
}

function whyItLost({ definition, match }: Candidate, winner: Match): Finding {
  const reason = match.basis === winner.basis ? WHY_FIRST.wording : WHY_FIRST[winner.basis]
  return { hypothesis: definition.title, measured: prose`comes second: ${figure(reason)}`, verdict: 'contributed' }
}

/** Kills and memory get the full table; a failure that explains itself gets the short one. */
function tableOf(top: Candidate | null, of: Case): readonly Finding[] {
  const isPlain =
    top === null
      ? of.trace === null
      : ['step', 'wording'].includes(top.match.basis) || top.definition.id === 'disk.full'
  const isSettled = of.attribution.outOfMemory === 'false' || (top !== null && of.attribution.outOfMemory === 'unknown')
  const examined = isPlain && isSettled ? examineBriefly(of) : examineAll(of)
  const rows = [...(top?.match.evidence ?? []), ...examined]
  const distinct = rows.filter((row, i) => rows.findIndex(({ hypothesis }) => hypothesis === row.hypothesis) === i)
  return distinct.toSorted((a, b) => ROW_ORDER.indexOf(a.verdict) - ROW_ORDER.indexOf(b.verdict)).slice(0, MOST_ROWS)
}

/** Counters and signals decide; where they could not, the best answer may. */
function endedByOf({ attribution, evidence }: Case, top: Candidate | null): EndedBy {
  if (attribution.endedBy === 'unknown') return top?.match.endedBy ?? 'unknown'
  if (attribution.endedBy !== 'itself') return attribution.endedBy
  const claimed = top?.match.endedBy ?? 'itself'
  // A tool that names a sender in words outside this machine's sight.
  if (claimed === 'unknown') return 'unknown'
  if (top === null && attribution.confidence !== 'certain') return 'unknown'
  return top === null && !countersReadable(evidence) && evidence.exit === null ? 'unknown' : claimed
}

function outOfMemoryOf({ attribution, evidence }: Case, top: Candidate | null): Verdict['outOfMemory'] {
  if (attribution.outOfMemory === 'true' || evidence.stop?.kind === 'died') return attribution.outOfMemory
  if (top === null) return attribution.outOfMemory
  const { definition, match } = top
  if (definition.id.startsWith('oom.'))
    return match.basis === 'kill' || match.confidence === 'possible' ? 'unknown' : 'true'
  if (definition.id === 'stall.thrash') return 'true'
  if (attribution.outOfMemory === 'false') return 'false'
  // Nothing was measured, and the failure explains itself without memory.
  const explainsItself = match.basis !== 'status' && match.confidence === 'certain'
  return explainsItself || definition.id === 'timeout' || definition.id === 'cancelled' ? 'false' : 'unknown'
}

/** A tool may be killed and started again: the build is green, and memory was short all the same. */
function killsInSuccess(of: Case): readonly Finding[] {
  const { cage } = of.evidence
  if (cage === null || (killsInCage(of.evidence) ?? 0) === 0) return []
  const counters = [
    ...(rise(cage.ownLimitHits) === null ? [] : [counterInWords('oom', cage.ownLimitHits)]),
    counterInWords('oom_kill', cage.kills)
  ]
  return [
    {
      hypothesis: 'Process killed for memory in a build that passed',
      measured: counters.join(', '),
      verdict: 'contributed'
    }
  ]
}
