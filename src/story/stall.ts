import { stallInLines } from '../diagnose/stall/describe.ts'
import type { StallSnapshot } from '../model/stall.ts'
import type { Sample } from '../model/timeline.ts'
import { isThrashing } from '../observe/stall/memory.ts'
import { type ProgressWatch, watchProgress } from '../observe/stall/watch.ts'
import type { Cage } from '../ports/cage.ts'
import type { Listener } from '../run/pass-through.ts'
import type { Running } from '../run/run-build.ts'
import { heartbeat } from './heartbeat.ts'
import type { Run } from './run.ts'
import { lookAtBuild, memoryPlace, receivedAgoMs, tellersIn, thaw, waitsForCpu } from './stall-look.ts'

/** Looks after a build that may come to a standstill. */
export interface StallGuard {
  /** The listener, with what passes counted as progress. */
  hearing(listener: Listener): Listener
  begin(running: Running): void
  saw(sample: Sample): void
  /** What `run/` asks for before and after it ends a build. */
  readonly beforeTimeout: () => Promise<readonly number[]>
  readonly afterKill: () => void
  /** No more looks; the last snapshot, or `null`. */
  end(): StallSnapshot | null
}

/** Reports of one attempt, where each time it goes on by itself. */
const MOST_REPORTS = 3

/** So long without progress, or half of its time, and a build that a time limit ends had come to a standstill. */
const LONG_MS = 30_000

export function stallGuard(run: Run, cage: Cage, timeoutMs: number | null): StallGuard {
  const { ports, place } = run
  const { clock } = ports
  const { stallTimeout, stallAction } = run.settings
  let startMs = clock.nowMs()
  let outputBytes = 0
  let kept: StallSnapshot | null = null
  let reports = 0
  let isOver = false
  let watch: ProgressWatch | null = null
  const quietMs = (): number => watch?.quietMs() ?? 0
  const elapsedMs = (): number => Math.round(clock.nowMs() - startMs)
  const beats = heartbeat(clock, run.narrator.warned, quietMs)
  const look = (forMs: number, isStill: boolean): Promise<StallSnapshot> =>
    lookAtBuild(run, cage, { atMs: elapsedMs(), quietMs: Math.round(forMs), isStill })
  const tell = (snapshot: StallSnapshot, end: string): void => {
    kept = snapshot
    const lines = [...stallInLines(snapshot), end]
    run.journal.add({ kind: 'stall', atMs: snapshot.atMs, lines })
    for (const line of lines) run.narrator.warned(line)
  }
  const orNothing = (fault: unknown): null => {
    run.narrator.warned(`looking at the build: ${fault instanceof Error ? fault.message : String(fault)}`)
    return null
  }

  const onStall = async (running: Running): Promise<void> => {
    const snapshot = await look(quietMs(), true).catch(orNothing)
    const movedMs = snapshot === null ? null : waitsForCpu(snapshot) ? 0 : receivedAgoMs(snapshot)
    if (movedMs !== null) return watch?.moved(movedMs)
    if (isOver) return
    const isKill = stallAction === 'kill'
    if (snapshot !== null && (isKill || reports++ < MOST_REPORTS))
      tell(snapshot, isKill ? 'ended by stall-action: kill' : 'it goes on; stall-action: kill would end it')
    if (!isKill) return
    const tellers = snapshot === null ? [] : tellersIn(snapshot)
    running.stop({ kind: 'stall', afterMs: elapsedMs(), quietMs: Math.round(quietMs()) }, tellers)
  }

  return {
    hearing: (listener) => ({
      push(chunk) {
        outputBytes += chunk.length
        beats.heard()
        listener.push(chunk)
      }
    }),
    begin(running) {
      startMs = clock.nowMs()
      const tools = {
        ...ports,
        root: place.root,
        pids: cage.pids,
        outputBytes: () => outputBytes,
        isThrashing: () => isThrashing(memoryPlace(run, cage)),
        onStall: () => void onStall(running),
        onProgress: () =>
          void (kept !== null && stallAction === 'report' && run.narrator.warned('the build makes progress again'))
      }
      const stallMs = stallTimeout.kind === 'duration' ? stallTimeout.ms : null
      watch = watchProgress(tools, { stallMs, timeoutMs })
    },
    saw: beats.saw,
    async beforeTimeout() {
      if (place.platform !== 'linux') return []
      const forMs = watch?.quietNowMs() ?? 0
      const snapshot = await look(forMs, forMs >= Math.min(LONG_MS, elapsedMs() / 2)).catch(orNothing)
      if (snapshot === null) return []
      tell(snapshot, 'ended by timeout')
      return tellersIn(snapshot)
    },
    afterKill: () => void thaw(run, kept),
    end() {
      isOver = true
      watch?.stop()
      beats.stop()
      return kept
    }
  }
}
