import { explainLog } from '../diagnose/explain.ts'
import type { Verdict } from '../model/diagnosis.ts'
import type { Console } from '../ports/console.ts'
import { renderVerdict } from '../report/text.ts'
import { readArguments } from './arguments.ts'

const HELP = `go-build-guard explain [--json] [--exit-code N] [--exit-codes N,-,N] [--signal S] [--os linux|darwin|windows] LOG…

Says why the build in a stored log failed. LOG - is standard input. --exit-codes gives one status for each log, - for
unknown. With --json one object {file, diagnoses} for each log, one line each. Exit status 0 whenever the logs could be
read, else 2.
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
  for (const [i, file] of call.files.entries()) {
    try {
      const verdict = explainLog(await whole(console.logs.read(file)), {
        exitCode: call.exitCodes[i] ?? null,
        signal: call.signal,
        platform: call.platform
      })
      await console.print(call.isJson ? asJson(file, verdict) : asText(file, verdict, call.files.length > 1))
    } catch (fault) {
      console.complain(`explain: ${file}: ${fault instanceof Error ? fault.message : String(fault)}\n`)
      status = 2
    }
  }
  return status
}

async function whole(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}

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

function asJson(file: string, { diagnoses }: Verdict): string {
  return `${JSON.stringify({ file, diagnoses })}\n`
}

function asText(file: string, verdict: Verdict, isOneOfMany: boolean): string {
  return `${isOneOfMany ? `== ${file}\n` : ''}${renderVerdict(verdict)}\n`
}
