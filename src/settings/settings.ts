import type { Command, Settings } from '../model/settings.ts'
import { INPUTS, type Input } from './inputs.ts'

/** Text of an input by its public name; empty where it was not given. */
export type ReadInput = (name: string) => string

export interface SettingsContext {
  readonly platform: NodeJS.Platform
  /** An argument vector in place of a script (`run -- ARG…`); `null` or left out: the input `command` counts. */
  readonly argv?: readonly string[] | null
}

export type ParsedSettings = { readonly settings: Settings } | { readonly problems: readonly string[] }

/** Reads and checks every input, and names all that are wrong at once, each with its value and what is allowed. */
export function parseSettings(read: ReadInput, context: SettingsContext): ParsedSettings {
  const problems: string[] = []
  const take = <T>(input: Input<T>): T => {
    const given = read(input.name)
    if (given.trim() === '') return input.whenEmpty
    const parsed = input.parse(input === INPUTS.command ? given : given.trim())
    if (parsed !== null) return parsed
    problems.push(refusal(input, given.trim()))
    return input.whenEmpty
  }
  const settings: Settings = {
    command: commandOf(take(INPUTS.command), take(INPUTS.shell), context.argv ?? null),
    workingDirectory: take(INPUTS.workingDirectory),
    memoryLimit: take(INPUTS.memoryLimit),
    memoryReserve: take(INPUTS.memoryReserve),
    enforcement: take(INPUTS.enforcement),
    parallelism: take(INPUTS.parallelism),
    goMemoryLimit: take(INPUTS.goMemoryLimit),
    steering: take(INPUTS.steering),
    onOutOfMemory: take(INPUTS.onOutOfMemory),
    maxAttempts: take(INPUTS.maxAttempts),
    timeoutMs: take(INPUTS.timeout),
    stallTimeout: take(INPUTS.stallTimeout),
    stallAction: take(INPUTS.stallAction),
    preflight: take(INPUTS.preflight),
    verifyOutput: take(INPUTS.verifyOutput),
    jobName: take(INPUTS.jobName),
    matrix: take(INPUTS.matrix),
    summary: take(INPUTS.summary),
    comment: take(INPUTS.comment),
    annotations: take(INPUTS.annotations),
    reportFile: take(INPUTS.reportFile)
  }
  problems.push(...contradictions(settings, read, context))
  return problems.length === 0 ? { settings } : { problems }
}

function commandOf(script: string, shell: string, argv: readonly string[] | null): Command {
  return argv === null ? { kind: 'script', script, shell } : { kind: 'vector', argv }
}

/** The value is quoted as JSON, so that nothing in it can begin a line of its own. */
export function refusal(input: Input<unknown>, text: string): string {
  const shown = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
  const hint = input.hint?.(text) ?? null
  return `${input.name}: ${shown} is ${hint ?? 'not allowed'}; allowed: ${input.allowed}`
}

/** Caps of a kernel, each with the system that has it. */
const HOME: Readonly<Partial<Record<Settings['enforcement'], readonly [NodeJS.Platform, string]>>> = {
  cgroup: ['linux', 'Linux'],
  systemd: ['linux', 'Linux'],
  'job-object': ['win32', 'Windows']
}

/** Values that are right each for itself and wrong together. */
function contradictions(settings: Settings, read: ReadInput, context: SettingsContext): readonly string[] {
  const { enforcement, command } = settings
  const found: string[] = []
  const [home, name] = HOME[enforcement] ?? [context.platform, '']
  if (home !== context.platform) {
    found.push(
      `enforcement: "${enforcement}" is there on ${name} only, this is ${context.platform}; allowed: auto, watch, off`
    )
  }
  if (enforcement in HOME && settings.memoryLimit.kind === 'off') {
    found.push(`enforcement: "${enforcement}" needs a cap, and memory-limit is "off"; allowed: auto, watch, off`)
  }
  if (command.kind === 'vector') {
    for (const { name } of [INPUTS.command, INPUTS.shell]) {
      if (read(name).trim() !== '') found.push(`${name}: not allowed together with a command after --`)
    }
  }
  return found
}
