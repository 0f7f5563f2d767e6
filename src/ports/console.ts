import type { Files } from './files.ts'
import type { Logs } from './logs.ts'
import type { Place, Ports } from './ports.ts'

/** What the command line has besides the ports of a run. */
export interface Console {
  /** New ports; `isDebug` decides whether debug lines are shown. */
  ports(isDebug: boolean): Ports
  /** A new place for one run. */
  place(stdin: Place['stdin']): Place
  readonly files: Files
  readonly logs: Logs
  /** Standard output. */
  print(text: string): Promise<void>
  /** Standard error. */
  complain(text: string): void
}
