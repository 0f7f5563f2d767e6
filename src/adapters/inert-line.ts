/**
 * A line of ours as the runner must see it. It takes `##[…]` anywhere in a line for a command, and `::…` where a line
 * begins with it, blanks apart (actions/runner, ActionCommand.cs); names from elsewhere stand in these lines.
 */
export function inertLines(text: string): readonly string[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replaceAll('##[', '## ['))
    .map((line) => (line.trimStart().startsWith('::') ? `guard: ${line}` : line))
}
