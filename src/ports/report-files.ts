/** Stored reports, which anybody may have written: nothing is followed, and nothing is read that is larger than said. */
export interface ReportFiles {
  /**
   * The regular files below a directory, or the file itself, in the order of their names; also what is neither file nor
   * directory, which is never read. Not more than `mostEntries` are looked at.
   */
  find(path: string, mostEntries: number): Found
  /** The text of a regular file of at most `mostBytes`, or why it was not read. */
  read(path: string, mostBytes: number): { readonly text: string } | { readonly problem: string }
}

export interface Found {
  readonly kind: 'directory' | 'file' | 'absent' | 'link' | 'other'
  /** Relative to the directory, with `/` between names; of a file its own name. */
  readonly files: readonly string[]
  /** What stands there and is no regular file, with what it is. */
  readonly others: readonly { readonly place: string; readonly what: 'link' | 'other' }[]
  readonly isCut: boolean
}
