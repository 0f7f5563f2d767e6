import { formatBytes } from '../../model/bytes.ts'
import { formatDuration } from '../../model/duration.ts'
import { prose } from '../../model/prose.ts'
import type { Case } from '../case.ts'
import { advice, type Definition, inputs, type Match } from '../definition.ts'
import { nameOf } from '../victim.ts'

/** Reported by the post step, which finds the state of a main step that left none of its farewell. */
export const guardDied: Definition = {
  id: 'guard.died',
  title: 'The guard died before the build ended',
  meaning:
    'The step that ran the build was killed together with it, before it could report. Most often a container or pod reached its memory limit and everything in it was killed at once; a runner that was lost or shut down, and a `kill -9`, look the same. The post step found the last notes of the guard and reports from them; what the counters said at the end is not known.',
  patterns: [],
  judge: diedWithTheGuard,
  rulesOut: [],
  remedies: () => [
    advice(
      prose`look at the last state of the runner or pod: a container whose limit kills all its processes takes the guard along.`
    ),
    inputs(prose`let the guard end the build before such a limit.`, ['enforcement: watch'])
  ],
  catches: [],
  ignores: [{ log: 'The runner has received a shutdown signal.\n' }, { log: 'Killed\n', exitCode: 137 }],
  links: ['https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax']
}

function diedWithTheGuard({ evidence: { stop, timeline } }: Case): Match | null {
  if (stop?.kind !== 'died') return null
  const last = timeline?.last ?? null
  const [largest] = last?.processes ?? []
  const held =
    last === null
      ? ''
      : ` At the last look, ${formatDuration(last.atMs)} after the start, the build held ${formatBytes(last.treeBytes)}`
  const most = largest === undefined ? '' : `, most of it ${nameOf(largest)} with ${formatBytes(largest.bytes)}`
  return {
    basis: 'guard',
    confidence: 'certain',
    summary: `The main step was killed before it could report.${held}${most}${held === '' ? '' : '.'}`,
    evidence: [{ hypothesis: 'The guard itself was killed', measured: prose`its notes have no end`, verdict: 'cause' }],
    endedBy: 'unknown'
  }
}
