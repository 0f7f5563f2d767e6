import { endOfPath, type Prose, proseParts } from '../model/prose.ts'
import { cellPipes, clean, codeSpan, cut, oneLine, plainMarkdown } from './escape.ts'

/** Longest sentence or paragraph that a report repeats, in code points. */
const PROSE_MAX = 1200
const CELL_MAX = 160
const PATH_MAX = 32

/** {@link Prose} for Markdown: words of ours escaped, everything else in code spans. */
export function proseMarkdown(text: Prose, max: number = PROSE_MAX): string {
  const pieces = cutParts(text, max).map((part) => (part.isCode ? codeSpan(part.text) : plainMarkdown(part.text)))
  // Two code spans side by side would read as one with longer delimiters.
  return pieces.reduce(
    (all, piece) => (all.endsWith('`') && piece.startsWith('`') ? `${all} ${piece}` : all + piece),
    ''
  )
}

/** {@link Prose} for a table cell. */
export function proseCell(text: Prose): string {
  return cellPipes(proseMarkdown(shortPaths(text), CELL_MAX)).trim() || '–'
}

/** Long absolute paths by their end, "…/agent.service/memory.max": a table with a whole one scrolls on a phone. */
export function shortPaths(text: string): string {
  return text.replaceAll(/(?<![\w.…~:/-])(?:\/[^\s/`'",;:]+){3,}/g, (path) =>
    path.length <= PATH_MAX ? path : endOfPath(path, 2)
  )
}

/** {@link Prose} for a terminal, a log or an annotation: one plain line. */
export function proseText(text: Prose, max: number = PROSE_MAX): string {
  const line = cutParts(text, max).map((part) => (part.isCode ? oneLine(part.text) : clean(part.text)))
  return line.join('').replaceAll(/\s+/g, ' ').trim()
}

function cutParts(text: Prose, max: number): readonly { readonly text: string; readonly isCode: boolean }[] {
  let room = max
  return proseParts(text.slice(0, 16 * max)).flatMap((part) => {
    if (room <= 0) return []
    const shown = { text: cut(part.text, room), isCode: part.isCode }
    room -= part.text.length
    return [shown]
  })
}

/** A remedy that begins a line of its own, where the first one follows a colon. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
