/** How much of each part that can be shortened is shown. */
export interface Cuts {
  readonly outputLines: number
  readonly processes: number
  /** Beside the worst job of a fold: whether its other jobs show evidence, and how many show anything. */
  readonly jobEvidence: boolean
  readonly jobDetails: number
  readonly mermaid: boolean
  /** Rows that rule something out, each its own, or all in one sentence. */
  readonly ruledOutRows: boolean
  /** Earlier runs in the footer of a comment. */
  readonly history: boolean
}

const UNCUT: Cuts = {
  outputLines: 200,
  processes: 50,
  jobEvidence: true,
  jobDetails: 256,
  mermaid: true,
  ruledOutRows: true,
  history: true
}

interface Step {
  readonly cuts: Partial<Cuts>
  /** What is gone, in words; replaces the note of an earlier step of the same part. */
  readonly part: string
  readonly note: string
}

/** What goes first when a report is too long; heading, fix and cause are not in this list. */
const STEPS: readonly Step[] = [
  { cuts: { outputLines: 50 }, part: 'output', note: 'build output before the last 50 lines' },
  { cuts: { outputLines: 12 }, part: 'output', note: 'build output before the last 12 lines' },
  { cuts: { outputLines: 0 }, part: 'output', note: 'build output' },
  { cuts: { processes: 20 }, part: 'processes', note: 'processes after the largest 20' },
  { cuts: { processes: 5 }, part: 'processes', note: 'processes after the largest 5' },
  { cuts: { jobEvidence: false }, part: 'jobs', note: 'the evidence of all jobs but the first' },
  { cuts: { mermaid: false }, part: 'mermaid', note: 'the chart of memory over time' },
  { cuts: { ruledOutRows: false }, part: 'rows', note: 'what was measured for hypotheses that are ruled out' },
  { cuts: { history: false }, part: 'history', note: 'earlier runs' },
  {
    cuts: { jobDetails: 20 },
    part: 'jobs',
    note: 'the evidence of all jobs but the first, and jobs after the first 21'
  },
  { cuts: { jobDetails: 5 }, part: 'jobs', note: 'the evidence of all jobs but the first, and jobs after the first 6' },
  { cuts: { jobDetails: 0 }, part: 'jobs', note: 'all jobs but the first' }
]

/** Markdown blocks under some cuts, most important first. A block is complete in itself. */
export type Render = (cuts: Cuts) => readonly string[]

/**
 * The blocks that fit into a budget of UTF-8 bytes, parted by blank lines. Parts are shortened in a fixed order and
 * the text says which; where even that is not enough, blocks go from the end. Empty if not even the first one fits.
 */
export function fitBudget(render: Render, budgetBytes: number): string {
  const whole = join(render(UNCUT))
  if (byteLength(whole) <= budgetBytes) return whole
  let cuts = UNCUT
  let before = whole
  const notes = new Map<string, string>()
  for (const step of STEPS) {
    cuts = { ...cuts, ...step.cuts }
    const blocks = render(cuts)
    const now = join(blocks)
    if (now !== before) notes.set(step.part, step.note)
    before = now
    const text = join(notes.size === 0 ? blocks : [...blocks, noteOf([...notes.values()])])
    if (byteLength(text) <= budgetBytes) return text
  }
  return dropBlocks(render(cuts), [...notes.values()], budgetBytes)
}

function dropBlocks(blocks: readonly string[], notes: readonly string[], budgetBytes: number): string {
  const note = noteOf([...notes, 'what came after this line'])
  const shown = blocks.filter((block) => block !== '')
  const sizes = shown.map((block) => byteLength(block) + BLANK_LINE_BYTES)
  let bytes = sizes.reduce((sum, size) => sum + size, byteLength(note) + 1)
  for (let count = shown.length - 1; count > 0; count -= 1) {
    bytes -= sizes[count] ?? 0
    if (bytes <= budgetBytes) return join([...shown.slice(0, count), note])
  }
  const first = join(shown.slice(0, 1))
  return byteLength(first) <= budgetBytes ? first : ''
}

const BLANK_LINE_BYTES = 2

function noteOf(notes: readonly string[]): string {
  return `<sub>Left out to stay within the size limit: ${notes.join('; ')}.</sub>`
}

function join(blocks: readonly string[]): string {
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

/** Length in UTF-8. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8')
}
