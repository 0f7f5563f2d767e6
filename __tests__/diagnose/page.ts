import { openCase } from '../../src/diagnose/case.ts'
import type { Basis, Definition, Sample } from '../../src/diagnose/definition.ts'
import { diagnose } from '../../src/diagnose/rank.ts'
import type { Diagnosis, Finding, Remedy } from '../../src/model/diagnosis.ts'
import type { Evidence } from '../../src/model/evidence.ts'
import { ABSENT } from '../../src/model/reading.ts'
import { cellPipes, codeSpan, fence } from '../../src/report/escape.ts'
import { capitalised, proseCell, proseMarkdown } from '../../src/report/prose-markdown.ts'
import { ABSENT_COUNTER, evidenceOf, logOf } from './evidence.ts'
import type { LiveCase } from './live-cases.ts'

const PARAGRAPH_MAX = 4000
const MOST_EXAMPLES = 3

const RANK: Readonly<Record<Basis, string>> = {
  guard: 'It rests on what the guard itself did, and nothing comes before that.',
  counters: 'It rests on counters of the kernel, which come before any words.',
  refusal:
    'A resource was refused, in words: that comes before the compile, link, test and network errors that follow from it.',
  stated: 'The sender or the reason names itself: that comes before the kill that it explains.',
  kill: 'A process was killed: that comes before other words, and falls behind a sender that names itself.',
  step: 'A step says which command of its own failed: that comes before what the command printed.',
  wording:
    'It rests on the words of a tool: a refused resource, a named sender and a kill come before it, and between two such answers the earlier line wins.',
  status: 'It rests on the exit status alone: nearly everything else comes before it.'
}

/** What a stored log tells: the log and the status. */
function storedEvidence({ log, exitCode }: Sample): Evidence {
  return evidenceOf({
    exit: exitCode === null || exitCode === undefined ? null : { code: exitCode, signal: null },
    durationMs: null,
    cage: null,
    hostKills: ABSENT_COUNTER,
    kernelLog: ABSENT,
    survey: null,
    plan: null,
    disksAfter: [],
    log: logOf(log)
  })
}

/** The explanation page of one diagnosis: all of it comes from the definition and from what the engine answers to its samples. */
export function pageOf(definition: Definition, live: LiveCase | null): string {
  const { id, title, meaning, links } = definition
  return [
    `# ${title}`,
    codeSpan(id),
    proseMarkdown(meaning, PARAGRAPH_MAX),
    ...examplePart(definition),
    '## What to do',
    ...remediesPart(definition, live),
    '## How it is recognised',
    ...(live === null ? [] : measuredPart(live)),
    ...wordsPart(definition),
    ...rankPart(definition, live),
    ...nearMissPart(definition),
    '## Sources',
    links.map((link) => `- <${link}>`).join('\n'),
    `Other diagnoses: [all of them](README.md).\n`
  ].join('\n\n')
}

/** What counters and the guard itself tell, in a run under the action; a stored log has none of it. */
function measuredPart({ name, evidence }: LiveCase): readonly string[] {
  const [first] = diagnose(evidence).diagnoses
  if (first === undefined) return []
  const rows = [...first.evidence.filter(({ verdict }) => verdict !== 'contributed'), ...first.ruledOut]
  return [
    `In a run under this action, by what was measured. When ${name}:`,
    ['| Verdict | Hypothesis | Measured |', '|:--|:--|:--|', ...rows.map(rowOf)].join('\n'),
    answerOf(first)
  ]
}

function rowOf({ verdict, hypothesis, measured }: Finding): string {
  return `| ${verdict} | ${proseCell(hypothesis)} | ${proseCell(measured)} |`
}

function wordsPart({ patterns }: Definition): readonly string[] {
  if (patterns.length === 0) return ['No words of a log show it: only a run under this action can tell.']
  const shown = new Set<string>()
  const items = patterns.flatMap(({ name, anchor, regex }) => {
    const pieces = [anchor].flat().map((text) => codeSpan(withFirstLetter(text, regex)))
    const fresh = pieces.filter((piece) => !shown.has(piece))
    for (const piece of fresh) shown.add(piece)
    return fresh.length === 0 ? [] : [`- ${name.replaceAll('-', ' ')}: ${fresh.join(', ')}`]
  })
  return [
    'In a log, by a line with one of these pieces of text, if the whole line fits; what a passing test printed never counts:',
    items.join('\n')
  ]
}

/**
 * "no space left": the literal begins inside a word, because the expression takes its first letter in either case,
 * `[Nn]o space left`, or has it where other literals end.
 */
function withFirstLetter(literal: string, { source }: RegExp): string {
  if (!/^[a-z]/.test(literal)) return literal
  for (let length = literal.length; length >= 3; length--) {
    const at = source.indexOf(literal.slice(0, length))
    if (at < 0) continue
    const [, either, letter] = /(?:\[[A-Z]([a-z])\]|(?<!\\)([A-Za-z]))$/.exec(source.slice(0, at)) ?? []
    const isTheSameWord = length >= Math.min(8, literal.length)
    return `${either ?? (isTheSameWord ? (letter ?? '') : '')}${literal}`
  }
  return literal
}

function rankPart(definition: Definition, live: LiveCase | null): readonly string[] {
  const [sample] = definition.catches
  const evidence = sample === undefined ? live?.evidence : storedEvidence(sample)
  const match = evidence === undefined ? null : definition.judge(openCase(evidence))
  return match === null ? [] : [RANK[match.basis]]
}

function examplePart({ catches: [sample, ...others] }: Definition): readonly string[] {
  const [first] = sample === undefined ? [] : diagnose(storedEvidence(sample)).diagnoses
  if (sample === undefined || first === undefined) return []
  const more = others.slice(0, MOST_EXAMPLES - 1)
  return [
    more.length === 0 ? '## Example' : '## Examples',
    ...sampleLines(sample),
    answerOf(first),
    ...(more.length === 0 ? [] : ['It also looks like this:', ...more.flatMap(sampleLines)])
  ]
}

function nearMissPart({ ignores: [sample] }: Definition): readonly string[] {
  if (sample === undefined) return []
  const [first] = diagnose(storedEvidence(sample)).diagnoses
  const verdict =
    first === undefined
      ? 'It looks similar and does not show it; no cause is named.'
      : `It looks similar and is another diagnosis: [${proseMarkdown(first.title)}](${first.id}.md) (${codeSpan(first.id)}).`
  return ['### Near miss', ...sampleLines(sample), verdict]
}

function sampleLines({ log, exitCode }: Sample): readonly string[] {
  const status = exitCode === null || exitCode === undefined ? [] : [`Exit status ${exitCode}.`]
  return [fence('text', log.replace(/\r?\n$/, '').split(/\r?\n/)), ...status]
}

function answerOf({ summary, confidence }: Diagnosis): string {
  return `> ${proseMarkdown(summary, PARAGRAPH_MAX)} *(${confidence})*`
}

/** With the values of the example, and of the live case where there is one: both are computed. */
function remediesPart({ catches: [sample] }: Definition, live: LiveCase | null): readonly string[] {
  const ofLog = sample === undefined ? [] : (diagnose(storedEvidence(sample)).diagnoses[0]?.remedies ?? [])
  const ofRun = live === null ? [] : (diagnose(live.evidence).diagnoses[0]?.remedies ?? [])
  const measured = ofRun.filter((one) => !ofLog.some((other) => JSON.stringify(other) === JSON.stringify(one)))
  if (ofLog.length === 0 && measured.length === 0) return ['The message itself says what to change, and where.']
  const isBoth = ofLog.length > 0 && measured.length > 0
  return [
    ...(isBoth ? ['For the example in the log:'] : []),
    ...ofLog.flatMap(remedyLines),
    ...(isBoth ? ['In the run that was measured:'] : []),
    ...measured.flatMap(remedyLines)
  ]
}

function remedyLines({ text, snippet }: Remedy): readonly string[] {
  const sentence = capitalised(proseMarkdown(text, PARAGRAPH_MAX))
  return snippet === null ? [sentence] : [sentence, fence(snippet.language, snippet.lines)]
}

/** Families in the order in which somebody looks for them, with the first parts of the ids that belong to each. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  Memory: ['oom'],
  'Signals, time and the runner': ['signal', 'timeout', 'cancelled', 'runner', 'guard', 'stall'],
  'Limits, disks and permissions': ['limit', 'disk', 'perm', 'command'],
  'Compiling and linking': ['compile', 'link', 'cgo', 'target', 'embed', 'generate'],
  'Tests and checks': ['test', 'vet', 'lint'],
  'Modules and toolchain': ['module', 'toolchain', 'workspace', 'vcs', 'cache'],
  Network: ['network'],
  'Green and yet wrong': ['silent']
}

/** The index of all pages. */
export function indexOf(catalogue: readonly Pick<Definition, 'id' | 'title'>[]): string {
  const isIn = (firstParts: readonly string[], { id }: Pick<Definition, 'id'>): boolean =>
    firstParts.includes(id.split('.')[0] ?? '')
  const homeless = catalogue.filter((one) => !Object.values(FAMILIES).some((firstParts) => isIn(firstParts, one)))
  if (homeless.length > 0) throw new Error(`no family has ${homeless.map(({ id }) => id).join(', ')}`)
  const tables = Object.entries(FAMILIES).flatMap(([family, firstParts]) => [
    `## ${family}`,
    [
      '| Id | Means |',
      '|:--|:--|',
      ...catalogue
        .filter((one) => isIn(firstParts, one))
        .map(({ id, title }) => `| [${codeSpan(id)}](${id}.md) | ${cellPipes(title)} |`)
    ].join('\n')
  ])
  return [
    '# Diagnoses',
    'What a failed build can be told to have died of. Each page says what it means, how it is recognised, and what to do. The ids stand in the report, in the output `cause` and in what `explain` prints; an id never changes its meaning.',
    ...tables
  ]
    .join('\n\n')
    .concat('\n')
}
