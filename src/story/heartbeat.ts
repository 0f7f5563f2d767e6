import { formatBytes } from '../model/bytes.ts'
import { formatDuration } from '../model/duration.ts'
import { code, figure, prose } from '../model/prose.ts'
import type { Sample } from '../model/timeline.ts'
import type { Clock } from '../ports/clock.ts'

const EVERY_MS = 5 * 60_000
/** For hours of silence; the log has room for no more. */
const MOST_BEATS = 20

export interface Heartbeat {
  /** The build has printed something. */
  heard(): void
  saw(sample: Sample): void
  stop(): void
}

/** One line every five minutes in which the build itself printed nothing. */
export function heartbeat(clock: Clock, say: (text: string) => void, standingMs: () => number): Heartbeat {
  let heardMs = clock.nowMs()
  let last: Sample | null = null
  let beats = 0
  let callOff = (): void => {}
  const wait = (ms: number): void => {
    callOff = clock.after(ms, tick)
  }
  const tick = (): void => {
    const silentMs = clock.nowMs() - heardMs
    const sinceBeatMs = silentMs % EVERY_MS
    // A timer may come a little early.
    if (silentMs >= EVERY_MS && (sinceBeatMs < EVERY_MS / 2 || beats === 0)) {
      beats += 1
      say(beat(silentMs, standingMs(), last))
    }
    if (beats < MOST_BEATS) wait(Math.max(1000, EVERY_MS - sinceBeatMs))
  }
  wait(EVERY_MS)
  return {
    heard() {
      heardMs = clock.nowMs()
    },
    saw(sample) {
      last = sample
    },
    stop: () => callOff()
  }
}

function beat(silentMs: number, standingMs: number, last: Sample | null): string {
  const [largest] = last?.processes ?? []
  const work = standingMs < 60_000 ? 'still at work' : `no progress for ${formatDuration(standingMs)}`
  const held = last === null ? '' : prose`; the build holds ${figure(formatBytes(last.treeBytes))}`
  if (largest === undefined) return `no output for ${formatDuration(silentMs)}, ${work}${held}`
  const on = largest.package === null ? '' : prose` ${code(largest.package)}`
  return `no output for ${formatDuration(silentMs)}, ${work}${held}${prose`, largest ${code(largest.tool)}`}${on} ${formatBytes(largest.bytes)}`
}
