import { isProblem, moodOf } from './comment-state.ts'
import { jobsHeadline } from './comment-title.ts'
import { clean, cut, inertLogLine } from './escape.ts'
import type { Fold } from './fold.ts'
import { proseText } from './prose-markdown.ts'
import { renderText } from './text.ts'
import { WORDS } from './words.ts'

const LINE_MAX = 400

/** Many reports for a terminal: how they ended, then each with a problem, worst first. No newline at the end. */
export function renderFoldText(fold: Fold): string {
  const parts = fold.told
    .filter(({ report }) => isProblem(moodOf(report)))
    .map(({ name, report }) => `\n== ${line(name)}\n${renderText(report)}`)
  return [titleOf(fold), ...parts].join('\n')
}

/** One line: "Go build: 3 of 40 jobs ran out of memory; test (race): out of memory at its 14.2 GiB cap". */
export function titleOf(fold: Fold): string {
  if (fold.told.length === 0) return WORDS.fold.nothing
  return line(proseText(jobsHeadline(fold.jobs, fold.told).sentence))
}

function line(text: string): string {
  return inertLogLine(cut(clean(text), LINE_MAX))
}
