import type { Console } from '../ports/console.ts'
import { demo } from './demo.ts'
import { explain } from './explain.ts'
import { inspect } from './inspect.ts'
import { showReports } from './report.ts'
import { run } from './run.ts'

type Command = (args: readonly string[], console: Console) => Promise<number>

const COMMANDS: Readonly<Record<string, Command>> = { run, inspect, explain, demo, report: showReports }

const HELP = `go-build-guard runs a Go build inside a memory cap, watches it, and explains why it died.

  go-build-guard run [flags] -- go build ./...   run a command under a cap; its exit status is the command's
  go-build-guard inspect [--json]                what memory this machine really gives, and what would be planned
  go-build-guard explain [flags] LOG…            why the build in a stored log failed; - is standard input
  go-build-guard demo                            a build that needs more than its cap: the kill, the rescue, the report
  go-build-guard report [--format F] FILE…       stored reports as text, summary or comment; several as one

Each takes --help.
`

/** Routes to a command and answers with the exit status; 2 where the call itself is wrong. */
export async function commandLine(args: readonly string[], console: Console): Promise<number> {
  const [name = '', ...rest] = args
  if (name === '--help' || name === '-h' || name === 'help') {
    await console.print(HELP)
    return 0
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command !== undefined) return command(rest, console)
  console.complain(name === '' ? HELP : `${JSON.stringify(name)} is no command.\n\n${HELP}`)
  return 2
}
