import {
  type BeforeState,
  type CommentState,
  compareJobs,
  isCause,
  isProblem,
  type JobState,
  MOODS,
  type Mood
} from './comment-state.ts'

/** In base64; a longer one is not ours. */
const STATE_MAX = 4096
const BEFORE_MAX = 4
const NAME_MAX = 200

/** `<!-- go-build-guard v1 KEY STATE -->`: by it and its author a later run finds the comment. */
export function markerLine(key: string, state: CommentState): string {
  return `<!-- go-build-guard v1 ${markerKey(key)} ${encodeState(state)} -->`
}

/** A workflow's file name as one word that cannot end an HTML comment. */
export function markerKey(key: string): string {
  const word = key.replaceAll(/[^\w.]+/g, '-').slice(0, 100)
  return word.replace(/^-+|-+$/g, '') || 'workflow'
}

/**
 * The state in a comment of ours for this key; `none`: the comment is not about it; `unreadable`: it is, and its state
 * is damaged, forged or too long, which counts as no state.
 */
export function readMarker(
  body: string,
  key: string
): { readonly kind: 'state'; readonly state: CommentState } | { readonly kind: 'none' | 'unreadable' } {
  const start = `<!-- go-build-guard v1 ${markerKey(key)} `
  const line = body.slice(0, start.length + STATE_MAX + 10).split(/\r?\n/, 1)[0] ?? ''
  if (!line.startsWith(start)) return { kind: 'none' }
  const encoded = /^([A-Za-z0-9+/]+={0,2}) -->$/.exec(line.slice(start.length))?.[1]
  const state = encoded === undefined ? null : decodeState(encoded)
  return state === null ? { kind: 'unreadable' } : { kind: 'state', state }
}

/** Base64 JSON of at most 4 KiB: where there is too much, jobs without a problem go, then earlier runs, then the less bad. */
export function encodeState(state: CommentState): string {
  const problems = Object.entries(state.jobs)
    .filter(([, job]) => isProblem(job.mood))
    .toSorted(([, a], [, b]) => compareJobs(a, b))
  const worst = (count: number): CommentState => ({ ...state, jobs: Object.fromEntries(problems.slice(0, count)) })
  const counts = [64, 32, 24, 16, 8, 4, 2, 1, 0]
  const smaller = [state, worst(problems.length), ...counts.map((count) => ({ ...worst(count), before: [] }))]
  const texts = smaller.map((candidate) => Buffer.from(JSON.stringify(candidate), 'utf8').toString('base64'))
  return texts.find((text) => text.length <= STATE_MAX) ?? ''
}

/** The state of a comment, rebuilt field by field; `null` for anything that this version would not have written. */
export function decodeState(encoded: string): CommentState | null {
  if (encoded.length > STATE_MAX || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return null
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(encoded, 'base64'))
    const parsed: unknown = JSON.parse(text)
    return stateFrom(parsed)
  } catch {
    return null
  }
}

function stateFrom(input: unknown): CommentState | null {
  if (!isRecord(input) || input['v'] !== 1 || !isRecord(input['jobs']) || !Array.isArray(input['before'])) return null
  const { state, runId, runNumber, attempt, sha, about } = input
  if (!isMood(state) || !isCount(runId) || !isCount(runNumber) || !isCount(attempt) || !isSha(sha)) return null
  if (typeof about !== 'string' || about.length > NAME_MAX) return null
  const jobs = Object.entries(input['jobs']).map(([name, job]) => [name, jobFrom(job)] as const)
  const before = input['before'].map(beforeFrom)
  if (before.length > BEFORE_MAX || jobs.some(([name]) => name === '' || name.length > NAME_MAX)) return null
  const knownJobs = jobs.flatMap(([name, job]) => (job === null ? [] : [[name, job] as const]))
  const knownBefore = before.filter((entry) => entry !== null)
  if (knownJobs.length !== jobs.length || knownBefore.length !== before.length) return null
  const known = { jobs: Object.fromEntries(knownJobs), about, before: knownBefore }
  return { v: 1, state, runId, runNumber, attempt, sha, ...known }
}

function jobFrom(input: unknown): JobState | null {
  if (!isRecord(input)) return null
  const { conclusion, cause, mood, peakBytes, limitBytes, runNumber, attempt } = input
  if (!isConclusion(conclusion) || !isId(cause) || !isMood(mood)) return null
  if (!isCount(runNumber) || !isCount(attempt) || !isBytes(peakBytes) || !isBytes(limitBytes)) return null
  return { conclusion, cause, mood, peakBytes, limitBytes, runNumber, attempt }
}

function beforeFrom(input: unknown): BeforeState | null {
  if (!isRecord(input)) return null
  const { state, cause, peakBytes, sha } = input
  return isMood(state) && isId(cause) && isBytes(peakBytes) && isSha(sha) ? { state, cause, peakBytes, sha } : null
}

function isRecord(input: unknown): input is Readonly<Record<string, unknown>> {
  return typeof input === 'object' && input !== null && !Array.isArray(input)
}

function isCount(input: unknown): input is number {
  return typeof input === 'number' && Number.isSafeInteger(input) && input >= 0
}

function isBytes(input: unknown): input is number | null {
  return input === null || isCount(input)
}

function isMood(input: unknown): input is Mood {
  return MOODS.some((mood) => mood === input)
}

function isConclusion(input: unknown): input is JobState['conclusion'] {
  return typeof input === 'string' && ['success', 'recovered', 'failure', 'cancelled'].includes(input)
}

function isId(input: unknown): input is string {
  return typeof input === 'string' && isCause(input)
}

function isSha(input: unknown): input is string {
  return typeof input === 'string' && /^(?:[0-9a-f]{7})?$/.test(input)
}
