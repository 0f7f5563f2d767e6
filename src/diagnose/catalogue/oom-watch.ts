import { formatBytes } from '../../model/bytes.ts'
import { formatDuration } from '../../model/duration.ts'
import type { Definition } from '../definition.ts'
import { HYPOTHESES } from '../hypotheses.ts'
import { memoryRemedies } from '../memory-remedies.ts'
import { nameOf } from '../victim.ts'

/** The guard ended the build before a limit fired, since that limit would have taken the job with it. */
export const oomWatch: Definition = {
  id: 'oom.watch',
  title: 'Out of memory, ended by the guard before the limit',
  meaning:
    'No cap by the kernel could be set here, so the guard watched the build and ended it shortly before a limit that it could see. Such a limit, of a container or pod, often kills every process in it, the job and its report included.',
  patterns: [],
  judge: (of) => {
    const { stop } = of.evidence
    const row = HYPOTHESES.ownCap(of)
    if (stop?.kind !== 'watch') return null
    const largest =
      of.victim === null
        ? ''
        : ` The largest process was ${nameOf(of.victim)}${of.victim.bytes === null ? '' : ` with ${formatBytes(of.victim.bytes)}`}.`
    return {
      basis: 'guard',
      confidence: 'certain',
      summary: `The guard ended the build after ${formatDuration(stop.afterMs)}: it held ${formatBytes(stop.treeBytes)}, and the limit of ${formatBytes(stop.limitBytes)} was near.${largest}`,
      evidence: row === null ? [] : [row],
      endedBy: 'guard'
    }
  },
  rulesOut: ['machine', 'outsideSignal', 'disk'],
  remedies: (_match, of) => memoryRemedies(of, of.evidence.stop?.kind === 'watch' ? of.evidence.stop.limitBytes : null),
  catches: [],
  ignores: [
    { log: 'fatal error: runtime: out of memory\n', exitCode: 2 },
    { log: 'example.com/app: /go/pkg/tool/linux_amd64/compile: signal: killed\n', exitCode: 1 }
  ],
  links: ['https://docs.kernel.org/admin-guide/cgroup-v2.html']
}
