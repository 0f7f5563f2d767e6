import type { Confidence, Finding, Remedy, SourceLocation } from '../model/diagnosis.ts'
import type { LogLine } from '../model/evidence.ts'
import type { EndedBy } from '../model/outcome.ts'
import { code, figure, type Prose, prose } from '../model/prose.ts'
import type { Case } from './case.ts'
import { isTestTalk } from './context.ts'
import type { HypothesisName } from './hypotheses.ts'
import { linesOf } from './log-hits.ts'
import type { PatternSet } from './pattern.ts'

/**
 * What an answer rests on, strongest first: the guard's own act, kernel counters, a resource refused in words, a sender
 * that names itself, a killed process without a sender, a step that says which command of its own failed, wording of a
 * tool, a bare exit status.
 */
export type Basis = 'guard' | 'counters' | 'refusal' | 'stated' | 'kill' | 'step' | 'wording' | 'status'

/** A definition's answer about one case. */
export interface Match {
  readonly basis: Basis
  readonly confidence: Confidence
  readonly summary: Prose
  readonly evidence: readonly Finding[]
  readonly locations?: readonly SourceLocation[]
  /** Line of the log where it first shows: between equals the earlier one is the cause. */
  readonly lineNumber?: number
  /** Who ended the attempt, where the counters could not tell and this answer can. */
  readonly endedBy?: EndedBy
}

/** An example log, or one only its exit status makes telling (`null`: not known). */
export interface Sample {
  readonly log: string
  readonly exitCode?: number | null
}

/** One diagnosis: everything that is known about it, and nothing about it anywhere else. */
export interface Definition extends PatternSet {
  readonly title: string
  /** One paragraph for the explanation page. */
  readonly meaning: string
  readonly judge: (of: Case) => Match | null
  /** The standard hypotheses that this answer excludes, shown with it where they were measured. */
  readonly rulesOut: readonly HypothesisName[]
  readonly remedies: (match: Match, of: Case) => readonly Remedy[]
  /** Logs whose first answer is this one. */
  readonly catches: readonly Sample[]
  /** Logs that look like it and must not give this answer at all. */
  readonly ignores: readonly Sample[]
  /** Primary sources: tool sources, kernel or vendor documentation. */
  readonly links: readonly string[]
}

/** A diagnosis that the wording of a tool alone decides. */
export interface WordingDefinition extends Omit<Definition, 'judge' | 'rulesOut' | 'remedies'> {
  readonly basis?: Basis
  readonly confidence?: Confidence
  readonly endedBy?: EndedBy
  /** The sentence about the first line that matched. */
  readonly says: (line: LogLine) => Prose
  readonly fix: (line: LogLine) => readonly Remedy[]
  /** The words are there, and yet it is something else. */
  readonly unless?: (of: Case) => boolean
  /** Tests say such words about what they themselves try out: then they are no evidence. */
  readonly onlyOutsideTests?: boolean
  /** The words are those of a test binary: they count although a test printed them. */
  readonly isOfTests?: boolean
}

/**
 * Completes a {@link WordingDefinition}: it matches where one of its patterns did. A tool's mere wording does not count
 * where a test printed it; a refused resource or a named sender does.
 */
export function decidedByWording(words: WordingDefinition): Definition {
  const isMere = words.isOfTests !== true && (words.basis === undefined || words.basis === 'wording')
  const line = ({ evidence: { log } }: Case): LogLine | null =>
    linesOf(log, words).find(
      (one) => !(isMere && one.isOfTest === true) && (words.onlyOutsideTests !== true || !isTestTalk(log, one))
    ) ?? null
  return {
    ...words,
    rulesOut: [],
    judge: (of) => {
      const first = line(of)
      if (first === null || words.unless?.(of) === true) return null
      return {
        basis: words.basis ?? 'wording',
        confidence: words.confidence ?? 'certain',
        summary: words.says(first),
        evidence: [quoted(words.title, first, words.confidence ?? 'certain')],
        lineNumber: first.lineNumber,
        ...(words.endedBy === undefined ? {} : { endedBy: words.endedBy })
      }
    },
    remedies: (_match, of) => {
      const first = line(of)
      return first === null ? [] : words.fix(first)
    }
  }
}

/** The row that shows which line of the log decided. */
export function quoted(hypothesis: string, line: LogLine, confidence: Confidence): Finding {
  return {
    hypothesis,
    measured: prose`line ${figure(line.lineNumber)}: ${code(shorten(line.text.trim()))}`,
    verdict: confidence === 'certain' ? 'cause' : 'likely'
  }
}

const QUOTED_CHARACTERS = 160

function shorten(text: string): string {
  const characters = [...text]
  return characters.length <= QUOTED_CHARACTERS ? text : `${characters.slice(0, QUOTED_CHARACTERS).join('')}…`
}

/** A remedy without anything to paste. */
export function advice(text: Prose): Remedy {
  return { text, snippet: null }
}

/** A remedy with shell commands to paste. */
export function commands(text: Prose, lines: readonly string[]): Remedy {
  return { text, snippet: { language: 'sh', lines } }
}

/** A remedy with inputs of the action, which are also flags of the same name. */
export function inputs(text: Prose, lines: readonly string[]): Remedy {
  return { text, snippet: { language: 'yaml', lines: ['with:', ...lines.map((line) => `  ${line}`)] } }
}
