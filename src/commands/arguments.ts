import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import type { Console } from '../ports/console.ts'

const HELP_FLAG = { help: { type: 'boolean', short: 'h' } } as const

/** What a command takes. */
interface Usage<T extends ParseArgsOptionsConfig> {
  readonly help: string
  readonly options: T
  readonly takesFiles: boolean
}

/**
 * Reads the arguments of a command. A number is the exit status with which all is said already: 0 after `--help`, 2 where
 * the call is wrong.
 */
export async function readArguments<T extends ParseArgsOptionsConfig>(
  args: readonly string[],
  { help, options, takesFiles }: Usage<T>,
  console: Console
) {
  if (args.includes('--help') || args.includes('-h')) {
    await console.print(help)
    return 0
  }
  try {
    return parseArgs({ args: [...args], options: { ...options, ...HELP_FLAG }, allowPositionals: takesFiles })
  } catch (fault) {
    console.complain(`${fault instanceof Error ? fault.message : String(fault)}\n\n${help}`)
    return 2
  }
}
