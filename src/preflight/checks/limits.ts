import { formatBytes, KIB, MIB } from '../../model/bytes.ts'
import { code, figure, prose } from '../../model/prose.ts'
import { known } from '../../model/reading.ts'
import type { ResourceLimit } from '../../model/survey.ts'
import { advice, type Check, type Hit } from '../definition.ts'

/** Below these a build of the library alone was seen to fail (Go 1.26, linux/amd64, two processors). */
const LEAST = {
  /** 24: `exec gcc: … too many open files`; 32 passes. cmd/go raises the soft limit to the hard one. */
  'Max open files': { of: 'hard', least: 32, set: 'ulimit -n 4096', unit: 'count' },
  /** 8 MiB: `compile: writing output: … file too large` for package runtime; 16 MiB passes. */
  'Max file size': { of: 'soft', least: 8 * MIB + 1, set: 'ulimit -f unlimited', unit: 'bytes' },
  /** 1,000,000 KiB: `runtime: out of memory` in the compiler; 2,000,000 KiB passes. */
  'Max address space': { of: 'soft', least: 1_000_000 * KIB + 1, set: 'ulimit -v unlimited', unit: 'bytes' }
} as const

/** Fewer than one compiler beside the go command have threads. */
const LEAST_PIDS = 16

/** Resource limits under which not even the library compiles. */
export const limits: Check = {
  id: 'preflight.limit',
  title: 'A resource limit is too low for a Go build',
  why: 'Below it not even the standard library compiled when it was measured.',
  when: `Said where the hard limit of open files is below 32, the limit of file size is 8 MiB or less, the limit of address space (\`ulimit -v\`) is 1,000,000 KiB or less, or the outermost cgroup that can be seen leaves room for fewer than ${LEAST_PIDS} more processes and threads.`,
  examine: ({ survey, pids }) => [...survey.rlimits.flatMap(tooLow), ...(pids === null ? [] : tooFew(pids))],
  links: [
    'https://man7.org/linux/man-pages/man2/getrlimit.2.html',
    'https://docs.kernel.org/admin-guide/cgroup-v2.html#pid'
  ]
}

function tooLow({ name, soft, hard }: ResourceLimit): readonly Hit[] {
  const bound = Object.entries(LEAST).find(([known]) => known === name)?.[1]
  if (bound === undefined) return []
  const limit = known(bound.of === 'hard' ? hard : soft)
  if (limit === null || limit >= bound.least) return []
  const amount = bound.unit === 'bytes' ? formatBytes(limit) : String(limit)
  return [
    {
      found: prose`${figure(name)}: ${figure(amount)} (${figure(bound.of)} limit, ${code('/proc/self/limits')}).`,
      remedy: {
        text: prose`raise it where the runner or the container is started:`,
        snippet: { language: 'sh', lines: [bound.set] }
      }
    }
  ]
}

function tooFew({
  file,
  max,
  current
}: {
  readonly file: string
  readonly max: number
  readonly current: number
}): readonly Hit[] {
  if (max - current >= LEAST_PIDS) return []
  return [
    {
      found: prose`${figure(current)} of ${figure(max)} processes and threads are there already (${code(file)}).`,
      remedy: advice(prose`raise the limit where the container is started: ${code('docker run --pids-limit 4096')}.`)
    }
  ]
}
