import { code, type Prose, prose } from '../model/prose.ts'
import type { Case } from './case.ts'

/** " (exit 1, `signal: killed`)": how the command ended, after what made it end; empty where that is not known. */
export function endInWords({ evidence: { exit }, trace }: Case): Prose {
  const words = trace?.how === 'words' && trace.signal === 'SIGKILL' ? prose`, ${code('signal: killed')}` : ''
  if (exit === null) return ''
  return exit.signal !== null ? ` (${exit.signal})` : ` (exit ${exit.code}${words})`
}
