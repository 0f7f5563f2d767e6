import type { Clock } from '../ports/clock.ts'
import type { Files } from '../ports/files.ts'
import type { ToolGates } from '../ports/tool-gate.ts'

const MOST_ARCHIVES = 20_000
const PAUSE_MS = 200
/** Reading takes a fifth of a processor, as long as a pass is no longer than this lets it be. */
const PAUSE_SHARE = 4
const LONGEST_PAUSE_MS = 2000

/** `packagefile fmt=/tmp/go-build1/b003/_pkg_.a`, a line for each archive (cmd/link, -importcfg). */
export function archivesIn(importcfg: string): readonly string[] {
  const paths: string[] = []
  for (const line of importcfg.split('\n')) {
    const at = line.indexOf('=')
    if (at > 0 && line.startsWith('packagefile ')) paths.push(line.slice(at + 1))
    if (paths.length === MOST_ARCHIVES) break
  }
  return paths
}

/**
 * Reads the archives of a running link again and again from outside the cage. Page cache is charged to the cgroup that
 * touches it first; what the linker maps would count against the cap, and be dropped and read again for ever. Returns the
 * way to stop.
 */
export function keepArchivesOutside(
  tools: { readonly clock: Clock; readonly files: Files; readonly gates: ToolGates },
  config: string
): () => void {
  let isOver = false
  const rest = (ms: number): Promise<void> => new Promise((resolve) => tools.clock.after(ms, resolve))
  const pass = async (): Promise<void> => {
    const text = tools.files.readText(config)
    const paths = text.kind === 'value' ? archivesIn(text.value) : []
    while (!isOver && paths.length > 0) {
      const startMs = tools.clock.nowMs()
      for (const path of paths) {
        if (isOver) return
        await tools.gates.readThrough(path)
      }
      const pauseMs = PAUSE_SHARE * (tools.clock.nowMs() - startMs)
      await rest(Math.min(LONGEST_PAUSE_MS, Math.max(PAUSE_MS, pauseMs)))
    }
  }
  // It only helps: whatever goes wrong, the link runs without it.
  pass().catch(() => {})
  return () => {
    isOver = true
  }
}
