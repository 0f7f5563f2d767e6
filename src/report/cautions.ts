import { type Caution, pageOf } from '../model/caution.ts'
import type { Report } from '../model/report.ts'
import type { RenderedAnnotation } from './annotations.ts'
import { clean, codeSpan, cut, fence, oneLine } from './escape.ts'
import { logLine } from './log-lines.ts'
import { capitalised, proseMarkdown, proseText } from './prose-markdown.ts'

/** Address before the path of a page of the documentation, with its slash; `null`: the path alone is shown. */
export type DocumentationHome = string | null

const SHOWN_MAX = 10
/** The runner takes ten warnings of a step; others need some as well. */
const ANNOTATIONS_MAX = 5
const TITLE_MAX = 80
const MESSAGE_MAX = 600

/** Everything that a report has to say beside the result: about the set-up first, then about what came out. */
export function cautionsOf({ preflight, verification }: Report): readonly Caution[] {
  return [...(preflight?.findings ?? []), ...(verification ?? [])]
}

/** Two lines of log: what was found and why it matters; what to change and where to read on. */
export function cautionLines(elapsedMs: number, caution: Caution, home: DocumentationHome): readonly string[] {
  const { id, found, why } = caution
  return [
    logLine(elapsedMs, `${id}: ${found} ${why}`),
    logLine(elapsedMs, `  Fix: ${fixWords(caution)} See ${addressOf(id, home)}`)
  ]
}

/** A warning on its line, where a file of the repository is known; `pathOf` finds it. */
export function cautionAnnotations(
  cautions: readonly Caution[],
  level: RenderedAnnotation['level'],
  pathOf: (caution: Caution) => string | null
): readonly RenderedAnnotation[] {
  return cautions.slice(0, ANNOTATIONS_MAX).map((caution) => {
    const path = pathOf(caution)
    const words = `${proseText(caution.found)} ${proseText(caution.why)} Fix: ${proseText(fixWords(caution))}`
    const message = {
      level,
      title: cut(inert(oneLine(caution.title)), TITLE_MAX),
      message: cut(inert(words), MESSAGE_MAX)
    }
    return path === null || caution.place === null
      ? message
      : { ...message, file: oneLine(path), line: caution.place.line }
  })
}

/** A section of the job summary; empty without anything to say. */
export function cautionBlocks(cautions: readonly Caution[], home: DocumentationHome): readonly string[] {
  if (cautions.length === 0) return []
  const shown = cautions.slice(0, SHOWN_MAX)
  const more = cautions.length - shown.length
  return [
    `**${cautions.length === 1 ? 'One thing' : `${cautions.length} things`} to look at**`,
    ...shown.flatMap(({ id, title, found, why, remedy }) => {
      const name = home === null ? codeSpan(id) : `[${codeSpan(id)}](${addressOf(id, home)})`
      const sentence = `${name} **${proseMarkdown(title)}.** ${proseMarkdown(found)} ${proseMarkdown(why)} ${capitalised(proseMarkdown(remedy.text))}`
      return remedy.snippet === null ? [sentence] : [sentence, fence(remedy.snippet.language, remedy.snippet.lines)]
    }),
    ...(more > 0 ? [`And ${more} more in the log.`] : [])
  ]
}

/** The same for a terminal. */
export function cautionText(report: Report): readonly string[] {
  return cautionsOf(report).flatMap((caution) => [
    '',
    `${caution.title} (${caution.id})`,
    `  ${proseText(caution.found)} ${proseText(caution.why)}`,
    `  Fix: ${proseText(fixWords(caution))}`
  ])
}

function addressOf(id: string, home: DocumentationHome): string {
  return `${home ?? ''}${pageOf(id)}`
}

/** "set for the step: env: GOFLAGS: -mod=mod" */
function fixWords({ remedy: { text, snippet } }: Caution): string {
  if (snippet === null) return text
  const lines = snippet.lines.map((line) => clean(line).trim().replaceAll('`', "'"))
  return `${text.replace(/[:.]$/, '')}: \`${lines.join(snippet.language === 'sh' ? '; ' : ' ')}\`.`
}

/** The runner looks for its older commands anywhere in a line. */
function inert(text: string): string {
  return text.replaceAll('##[', '## [')
}
