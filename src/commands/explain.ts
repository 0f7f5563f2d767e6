import type { Console } from '../ports/console.ts'
import { oneLine } from '../report/escape.ts'
import { renderVerdict } from '../report/text.ts'
import { readArguments } from './arguments.ts'
import { type Answer, answersTo } from './stored-log.ts'

const HELP = `go-build-guard explain [--json] [--exit-code N] [--exit-codes N,-,N] [--signal S] [--os linux|darwin|windows] LOG…

Says why the build in a stored log failed. LOG - is standard input. A log archive of GitHub (zip, one file for each
step) is searched for the steps that failed, and each is explained, with the exit status that the runner names.
--exit-codes gives one status for each log, - for unknown. With --json one object {file, diagnoses} for each log, or
{file, step, diagnoses} for each failed step of an archive, one line each. Exit status 0 whenever the logs could be read,
else 2.
`

const OPTIONS = {
  json: { type: 'boolean' },
  'exit-code': { type: 'string' },
  'exit-codes': { type: 'string' },
  signal: { type: 'string' },
  os: { type: 'string' }
} as const

const SIGNALS = [
  'SIGKILL',
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGQUIT',
  'SIGSEGV',
  'SIGABRT',
  'SIGBUS',
  'SIGILL',
  'SIGSYS',
  'SIGXFSZ',
  'SIGXCPU',
  'SIGPIPE'
] as const

const PLATFORMS: Readonly<Record<string, NodeJS.Platform>> = { linux: 'linux', darwin: 'darwin', windows: 'win32' }

/** Diagnoses stored logs, in order. */
export async function explain(args: readonly string[], console: Console): Promise<number> {
  const read = await readArguments(args, { help: HELP, options: OPTIONS, takesFiles: true }, console)
  if (typeof read === 'number') return read
  const call = checkCall(read.values, read.positionals)
  if ('problem' in call) {
    console.complain(`${call.problem}\n\n${HELP}`)
    return 2
  }
  let status = 0
  let text = ''
  for (const [i, file] of call.files.entries()) {
    const end = { exitCode: call.exitCodes[i] ?? null, signal: call.signal, platform: call.platform }
    try {
      const answers = await answersTo(console.logs.read(file), end)
      for (const answer of answers)
        text += call.isJson ? asJson(file, answer) : asText(file, answer, call.files.length > 1)
    } catch (fault) {
      console.complain(`explain: ${file}: ${fault instanceof Error ? fault.message : String(fault)}\n`)
      status = 2
    }
    if (text.length < PRINTED_CHARACTERS && i < call.files.length - 1) continue
    await console.print(text)
    text = ''
  }
  return status
}

/** Printed at a time: to print thousands of short answers one by one costs more than to find them. */
const PRINTED_CHARACTERS = 64 * 1024

interface Call {
  readonly files: readonly string[]
  readonly exitCodes: readonly (number | null)[]
  readonly signal: NodeJS.Signals | null
  readonly platform: NodeJS.Platform
  readonly isJson: boolean
}

type Values = { readonly [name in keyof typeof OPTIONS]?: string | boolean | undefined }

function checkCall(values: Values, files: readonly string[]): Call | { readonly problem: string } {
  const platform = PLATFORMS[String(values.os ?? 'linux')]
  if (platform === undefined) return { problem: `--os ${values.os} is not known; allowed: linux, darwin, windows` }
  if (files.length === 0) return { problem: 'no log is named' }
  const signal = signalNamed(String(values.signal ?? ''))
  if (signal === undefined) return { problem: `--signal ${values.signal} is no signal, such as SIGKILL` }
  const one = String(values['exit-code'] ?? '-')
  const given = values['exit-codes'] === undefined ? files.map(() => one) : String(values['exit-codes']).split(',')
  if (given.length !== files.length) {
    return { problem: `--exit-codes has ${given.length} entries for ${files.length} logs` }
  }
  const wrong = given.find((text) => !/^(?:-|-?\d+)$/.test(text))
  if (wrong !== undefined) return { problem: `exit code ${JSON.stringify(wrong)} is neither a number nor -` }
  const exitCodes = given.map((text) => (text === '-' ? null : Number(text)))
  return { files, exitCodes, signal, platform, isJson: values.json === true }
}

/** `null` for none, `undefined` for what is no signal; KILL and kill are SIGKILL. */
function signalNamed(text: string): NodeJS.Signals | null | undefined {
  if (text === '') return null
  const name = `SIG${text.toUpperCase().replace(/^SIG/, '')}`
  return SIGNALS.find((signal) => signal === name)
}

function asJson(file: string, { step, verdict: { diagnoses } }: Answer): string {
  return `${JSON.stringify({ file, ...(step === undefined ? {} : { step }), diagnoses })}\n`
}

function asText(file: string, { step, verdict }: Answer, isOneOfMany: boolean): string {
  const place = step === undefined ? file : `${file}: ${oneLine(step)}`
  return `${isOneOfMany || step !== undefined ? `== ${place}\n` : ''}${renderVerdict(verdict)}\n`
}
