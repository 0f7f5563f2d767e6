import { code, prose } from '../model/prose.ts'
import type { Report } from '../model/report.ts'
import { clean, cut, oneLine } from './escape.ts'
import type { MappedLocation } from './links.ts'
import { proseText } from './prose-markdown.ts'
import { type Story, tellStory } from './story.ts'

/** A message on the run's page, and on a line of the sources if it names one. */
export interface RenderedAnnotation {
  readonly level: 'error' | 'warning'
  readonly title: string
  readonly message: string
  /** Relative to the repository. */
  readonly file?: string
  readonly line?: number
  readonly column?: number
}

const TITLE_MAX = 80
const MESSAGE_MAX = 400
/** The runner takes ten errors of a step; one is the verdict. */
const PLACES_MAX = 9

/** Errors on their lines, then one verdict; nothing for a success or a cancelled run. */
export function renderAnnotations(report: Report, locations: readonly MappedLocation[]): readonly RenderedAnnotation[] {
  if (report.conclusion === 'success' || report.conclusion === 'cancelled') return []
  const story = tellStory(report)
  if (report.conclusion === 'recovered') return [verdict('warning', story, [])]
  const places = locations.flatMap(({ location, repositoryPath }) => {
    return repositoryPath === null ? [] : [onLine(repositoryPath, location)]
  })
  return [...places.slice(0, PLACES_MAX), verdict('error', story, locations)]
}

function onLine(file: string, { line, column, message }: MappedLocation['location']): RenderedAnnotation {
  const title = 'Go build error'
  const place = {
    level: 'error',
    title,
    message: cut(inert(oneLine(message)), MESSAGE_MAX),
    file: oneLine(file),
    line
  } as const
  return column === null ? place : { ...place, column }
}

function verdict(
  level: RenderedAnnotation['level'],
  story: Story,
  locations: readonly MappedLocation[]
): RenderedAnnotation {
  return {
    level,
    title: cut(inert(proseText(story.headline.sentence)), TITLE_MAX),
    message: cut(inert(oneLine(messageOf(story, locations), MESSAGE_MAX)), MESSAGE_MAX)
  }
}

function messageOf(story: Story, locations: readonly MappedLocation[]): string {
  const [first] = story.locations
  const [fix] = story.fixes
  if (first !== undefined) {
    const found = locations.filter((mapped) => mapped.repositoryPath !== null)
    const file = found.find(({ location }) => location.file === first.file)?.repositoryPath ?? first.file
    const where = prose`First: ${code(`${file}:${first.line}`)} ${code(first.message)}.`
    const annotatedCount = Math.min(found.length, PLACES_MAX)
    const more = story.locations.length - annotatedCount
    return `${proseText(where)}${annotatedCount > 0 && more > 0 ? ` ${more} more are in the log.` : ''}`
  }
  const lead = proseText(story.lead)
  return fix === undefined ? lead : `${lead} Fix: ${proseText(fix.text)}${snippetWords(fix)}`
}

/** Settings on one line: "parallelism: 1, go-memory-limit: 5900MiB". */
function snippetWords({ snippet }: Story['fixes'][number]): string {
  if (snippet === null || snippet.language !== 'yaml') return ''
  const settings = snippet.lines
    .map((line) =>
      clean(line)
        .replace(/\s+#.*$/, '')
        .trim()
    )
    .filter((line) => !line.endsWith(':'))
  return settings.length === 0 ? '' : ` ${settings.join(', ')}`
}

/** The runner looks for its older commands anywhere in a line, whatever stands before. */
function inert(text: string): string {
  return text.replaceAll('##[', '## [')
}
