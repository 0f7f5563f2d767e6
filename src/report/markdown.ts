/** A column's heading and side. */
export interface Column {
  readonly title: string
  readonly align: 'left' | 'right'
}

/** A table of finished cells; they must hold no newline and no bare pipe. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rule = `|${columns.map((column) => (column.align === 'left' ? ':--' : '--:')).join('|')}|`
  return [line(columns.map((column) => column.title)), rule, ...rows.map(line)].join('\n')
}

/** A part that is closed until somebody opens it. The blank lines make GitHub read Markdown inside. */
export function details(summary: string, blocks: readonly string[], state: 'open' | 'closed' = 'closed'): string {
  const start = state === 'open' ? '<details open>' : '<details>'
  return [`${start}<summary>${summary}</summary>`, ...blocks, '</details>'].join('\n\n')
}
