/**
 * A script as one line, for people: `set -e; cd app; go build ./...`. Lines that go on by themselves (after `&&`, `|`,
 * `then`, a backslash) get no semicolon.
 */
export function inOneLine(script: string): string {
  const lines = script.split(/\r?\n/).map((line) => line.trim())
  const shown = lines.filter((line) => line !== '' && !line.startsWith('#'))
  return shown.reduce((all, line) => {
    if (all === '') return line
    if (all.endsWith('\\')) return `${all.slice(0, -1).trimEnd()} ${line}`
    return `${all}${/(?:[;&|({]|\b(?:then|do|else))$/.test(all) ? '' : ';'} ${line}`
  }, '')
}
