import type { Cancellation } from '../ports/cancellation.ts'

/** Windows has SIGINT (Ctrl-C) and SIGBREAK (Ctrl-Break, which its runner sends 7.5 s later); elsewhere there is no SIGBREAK. */
const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK']

/** Listens from its making on, so that a request during start-up is not lost. */
export function nodeCancellation(): Cancellation {
  let first: NodeJS.Signals | null = null
  let listener: ((signal: NodeJS.Signals) => void) | null = null
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (first !== null) return
      first = signal
      listener?.(signal)
    })
  }
  return {
    onCancel(cancel) {
      if (first !== null) cancel(first)
      else listener = cancel
      return () => {
        listener = null
      }
    }
  }
}
