import { parseArgs } from 'node:util'
import { explainLog } from '../diagnose/explain.ts'
import type { Verdict } from '../model/diagnosis.ts'
import type { Console } from '../ports/console.ts'
import { renderVerdict } from '../report/text.ts'

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
  os: { type: 'string' },
  help: { type: 'boolean', short: 'h' }
} as const

const PLATFORMS: Readonly<Record<string, NodeJS.Platform>> = { linux: 'linux', darwin: 'darwin', windows: 'win32' }

/** Diagnoses stored logs, in order. */
export async function explain(args: readonly string[], console: Console): Promise<number> {
  const call = readCall(args)
  if ('problem' in call) {
    console.complain(`explain: ${call.problem}\n\n${HELP}`)
    return 2
  }
  if (call.wantsHelp) {
    await console.print(HELP)
    return 0
  }
  let status = 0
  for (const [i, file] of call.files.entries()) {
    try {
      const verdict = explainLog(await whole(console.logs.read(file)), {
        exitCode: call.exitCodes[i] ?? null,
        signal: null,
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
  readonly signal: string | null
  readonly platform: NodeJS.Platform
  readonly isJson: boolean
  readonly wantsHelp: boolean
}

function readCall(args: readonly string[]): Call | { problem: string } {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
    const platform = PLATFORMS[values.os ?? 'linux']
    if (platform === undefined) return { problem: `--os ${values.os} is not known; allowed: linux, darwin, windows` }
    const wantsHelp = values.help === true
    if (positionals.length === 0 && !wantsHelp) return { problem: 'no log is named' }
    const given = values['exit-codes']?.split(',') ?? positionals.map(() => values['exit-code'] ?? '-')
    if (given.length !== positionals.length) {
      return { problem: `--exit-codes has ${given.length} entries for ${positionals.length} logs` }
    }
    const wrong = given.find((text) => !/^(?:-|-?\d+)$/.test(text))
    if (wrong !== undefined) return { problem: `exit code ${JSON.stringify(wrong)} is neither a number nor -` }
    return {
      files: positionals,
      exitCodes: given.map((text) => (text === '-' ? null : Number(text))),
      signal: values.signal ?? null,
      platform,
      isJson: values.json === true,
      wantsHelp
    }
  } catch (fault) {
    return { problem: fault instanceof Error ? fault.message : String(fault) }
  }
}

function asJson(file: string, { diagnoses }: Verdict): string {
  return `${JSON.stringify({ file, diagnoses })}\n`
}

function asText(file: string, verdict: Verdict, isOneOfMany: boolean): string {
  return `${isOneOfMany ? `== ${file}\n` : ''}${renderVerdict(verdict)}\n`
}
