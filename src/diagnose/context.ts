import type { LogFindings } from '../model/evidence.ts'
import { wasHit } from './log-hits.ts'
import type { PatternSet } from './pattern.ts'

/** Where in a run a line stands: no cause by itself, but words mean less inside a test's output. */
export const CONTEXT: PatternSet = {
  id: 'context',
  patterns: [
    { name: 'test-failed', anchor: '--- FAIL', regex: /^\s*--- FAIL/, keep: 1 },
    { name: 'test-passed', anchor: '--- PASS', regex: /^\s*--- PASS/, keep: 1 },
    { name: 'test-started', anchor: '=== RUN', regex: /^=== RUN/, keep: 1 },
    {
      // The runtime names it itself, and it is no shortage of memory: `ulimit -l`.
      name: 'locked-memory',
      anchor: ['too much locked memory', 'MEMLOCK'],
      regex: /too much locked memory|RLIMIT_MEMLOCK/,
      keep: 1
    },
    {
      name: 'windows-commit',
      anchor: ['errno=1455', 'code: 1455'],
      regex: /errno=1455|error code: 1455/,
      keep: 1
    }
  ]
}

/** Whether single tests report in this log: what else stands there may be theirs. */
export function showsTests(log: LogFindings): boolean {
  return wasHit(log, CONTEXT.id, ['test-failed', 'test-passed', 'test-started'])
}
