/**
 * The words of a standing comment about its worst job: what is left without marker, heading, table of jobs and footer.
 * A job that is better off changes those and leaves the words, which it could not write itself. Empty if there are none.
 */
export function keptWords(body: string): string {
  const blocks = body.replaceAll('\r\n', '\n').trimEnd().split('\n\n')
  const start = blocks.findIndex((block) => !/^(?:<!-- go-build-guard |### |\| Job \|)/.test(block))
  const end = blocks.findLastIndex((block) => !block.startsWith('<sub>'))
  return start === -1 ? '' : blocks.slice(start, end + 1).join('\n\n')
}
