import { known, type Reading } from './reading.ts'
import type { GoInstallation } from './survey.ts'

/** `GOMEMLIMIT` came with Go 1.19 (go.dev/doc/go1.19, "Runtime"); older releases ignore it. */
const MEMORY_LIMIT_SINCE = 19

/** Whether `GOMEMLIMIT` does anything; of a release that is not known it is assumed. */
export function knowsMemoryLimit(go: Reading<GoInstallation>): boolean {
  const minor = known(go)?.minor ?? null
  return minor === null || minor >= MEMORY_LIMIT_SINCE
}
