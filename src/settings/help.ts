import { ALL_INPUTS, type Input } from './inputs.ts'

const WIDTH = 78
const INDENT = '      '

/** The text of `go-build-guard run --help`. */
export function runHelp(): string {
  return [
    'go-build-guard run [flags] -- ARG…',
    'go-build-guard run [flags] --command SCRIPT',
    '',
    'Runs a build under a memory cap, observes it, and explains why it failed.',
    'The exit status is that of the command; 128+n after signal n, 124 after the',
    'timeout, 125 where the command could not be run, 126 or 127 as a shell.',
    '',
    ...ALL_INPUTS.flatMap(flagHelp),
    '  --debug',
    ...wrapped('Tell more about what is done.'),
    '  --help',
    ...wrapped('Print this text.'),
    ''
  ].join('\n')
}

/** An expression of GitHub has no value here, so it is not shown as a default. */
function flagHelp({ name, default: standard, description }: Input<unknown>): readonly string[] {
  const isShown = standard !== '' && !standard.startsWith('${{')
  return [`  --${name}=VALUE${isShown ? ` (default: ${standard})` : ''}`, ...wrapped(description)]
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && INDENT.length + line.length + 1 + word.length > WIDTH) {
      lines.push(INDENT + line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, INDENT + line]
}
