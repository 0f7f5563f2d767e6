/** Wording to look for. The literals are searched in the bytes; the expressions run only on lines that hold one. */
export interface Pattern {
  readonly name: string
  /** At least one of them is in every line that can match; case matters. */
  readonly anchor: string | readonly string[]
  /** Without `g` or `y`, and without nested or adjacent open-ended repetition: it runs on lines of up to 16 KiB. */
  readonly regex: RegExp
  /** A line that matches this too says something else. */
  readonly unless?: RegExp
  /** The line counts only if the next line of the same stream that is not blank matches this. */
  readonly next?: RegExp
  /** How many hits are kept, 5 unless said; all are counted. */
  readonly keep?: number
}

/** What the scanner needs of a definition. */
export interface PatternSet {
  readonly id: string
  readonly patterns: readonly Pattern[]
}
