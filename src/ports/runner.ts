/** The channel to whoever runs us: the Actions runner, or a terminal. */
export interface Runner {
  /** One line of ours. */
  line(text: string): void
  /** Only with `RUNNER_DEBUG` or `--debug`, and made only then. */
  debug(text: () => string): void
  /** A workflow annotation; nothing on a terminal. */
  annotate(annotation: Annotation): void
  /** Appends Markdown to the job summary; returns why not, or `null`. */
  appendSummary(markdown: string): string | null
  /** What the step's summary file may still take, in bytes. */
  summaryRoomBytes(): number
  /** Takes a problem matcher out of use, or a file of them into use. */
  removeMatcher(owner: string): void
  addMatcher(path: string): void
  setOutput(name: string, value: string): void
  /** Runs `print` so that no line it prints is taken for a workflow command. */
  withoutCommands(print: () => void): void
}

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  readonly title: string
  readonly message: string
  /** Relative to the repository. */
  readonly file?: string
  readonly line?: number
  readonly column?: number
}
