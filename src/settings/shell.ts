import type { Command } from '../model/settings.ts'

export interface ShellContext {
  readonly platform: NodeJS.Platform
  /** Path for the script file without its extension. */
  readonly scriptStem: string
  /** Whether `bash` (Linux, macOS) or `pwsh` (Windows) is on the PATH: it decides what an empty `shell` means. */
  readonly hasPreferredShell: boolean
}

/** What to execute, and the file that must hold the script before. */
export interface ShellCall {
  readonly argv: readonly string[]
  /** `null`: no file is needed. */
  readonly script: { readonly path: string; readonly text: string; readonly extension: string } | null
}

/** How a shell is called; `{0}` is the script file. */
interface Shell {
  readonly template: readonly string[]
  readonly extension: string
}

// The table of the runner (actions/runner, ScriptHandlerHelpers.cs). The quotes that it puts around the last argument
// of pwsh are no part of the argument. cmd has CALL and file apart, which reads the same and needs no quotes in quotes.
const SHELLS: Readonly<Record<string, Shell>> = {
  bash: { template: ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '{0}'], extension: '.sh' },
  sh: { template: ['sh', '-e', '{0}'], extension: '.sh' },
  pwsh: { template: ['pwsh', '-command', ". '{0}'"], extension: '.ps1' },
  powershell: { template: ['powershell', '-command', ". '{0}'"], extension: '.ps1' },
  cmd: { template: ['cmd', '/D', '/E:ON', '/V:OFF', '/S', '/C', 'CALL', '{0}'], extension: '.cmd' },
  python: { template: ['python', '{0}'], extension: '.py' }
}

/** Whether GitHub would take it as the `shell` of a `run:` step. */
export function isShell(text: string): boolean {
  return text === '' || text.includes('{0}') || shellNamed(text) !== undefined
}

/** How GitHub would execute the command as a `run:` step; an argument vector is executed as it is. */
export function shellCall(command: Command, context: ShellContext): ShellCall {
  if (command.kind === 'vector') return { argv: command.argv, script: null }
  const { name, template, extension } = shellFor(command.shell, context)
  const path = `${context.scriptStem}${extension}`
  const argv = template.map((word) => word.replaceAll('{0}', () => quotedFor(word, path)))
  return { argv, script: { path, text: scriptText(name, command.script, context.platform), extension } }
}

function shellFor(shell: string, context: ShellContext): Shell & { readonly name: string } {
  const builtin = shell === '' ? undefined : shellNamed(shell)
  if (builtin !== undefined) return { ...builtin, name: shell.toLowerCase() }
  const template = shell === '' ? defaultTemplate(context) : splitTemplate(shell)
  const name = (template[0] ?? '').toLowerCase()
  return { name, template, extension: shellNamed(name)?.extension ?? '' }
}

/** Without `shell` the runner starts bash with the arguments of sh: no `pipefail`. */
function defaultTemplate({ platform, hasPreferredShell }: ShellContext): readonly string[] {
  if (platform === 'win32') return SHELLS[hasPreferredShell ? 'pwsh' : 'powershell']?.template ?? []
  return [hasPreferredShell ? 'bash' : 'sh', '-e', '{0}']
}

function shellNamed(name: string): Shell | undefined {
  const key = name.toLowerCase()
  return Object.hasOwn(SHELLS, key) ? SHELLS[key] : undefined
}

/**
 * Splits as .NET does for the runner: blanks separate, double quotes hold together, a backslash escapes a double quote,
 * single quotes mean nothing. `pwsh -command ". '{0}'"` are three words.
 */
function splitTemplate(text: string): readonly string[] {
  const words = text.match(/(?:[^\s"\\]|\\"|\\|"(?:[^"\\]|\\"|\\)*(?:"|$))+/g) ?? []
  return words.map((word) => word.replaceAll(/\\"|"/g, (mark) => (mark === '"' ? '' : '"')))
}

/** In `'{0}'` of PowerShell an apostrophe in the path is written twice. */
function quotedFor(word: string, path: string): string {
  return word.includes("'{0}'") ? path.replaceAll("'", "''") : path
}

/** With the lines that the runner puts around the script: PowerShell would go on after an error, and exit with 0. */
function scriptText(shell: string, script: string, platform: NodeJS.Platform): string {
  const text = withFrame(shell, script)
  return platform === 'win32' ? text.replaceAll(/\r?\n/g, '\r\n') : text
}

function withFrame(shell: string, script: string): string {
  if (shell === 'cmd') return `@echo off\n${script}`
  if (shell !== 'pwsh' && shell !== 'powershell') return script
  const exit = 'if ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }'
  return `$ErrorActionPreference = 'stop'\n${script}\n${exit}`
}
