import { parseMeminfo } from '../kernel/meminfo.ts'
import { ABSENT, value } from '../model/reading.ts'
import type { HostMemory } from '../model/survey.ts'
import type { Files } from '../ports/files.ts'

/** Memory and swap of the machine, or of what a container is shown as one, from `/proc/meminfo`. */
export function readHostMemory(files: Files, root: string): HostMemory {
  const text = files.readText(`${root}/proc/meminfo`)
  if (text.kind === 'value') return parseMeminfo(text.value)
  return { totalBytes: text, availableBytes: text, swapTotalBytes: text, swapFreeBytes: text }
}

/**
 * What Node tells where there is no `/proc`. On macOS its free memory counts only pages that hold nothing at all, a
 * small part of what can be had, so it is not taken for available memory.
 */
export function hostMemoryOfNode(
  platform: NodeJS.Platform,
  memory: { readonly totalBytes: number; readonly freeBytes: number }
): HostMemory {
  return {
    totalBytes: value(memory.totalBytes),
    availableBytes: platform === 'win32' ? value(memory.freeBytes) : ABSENT,
    swapTotalBytes: ABSENT,
    swapFreeBytes: ABSENT
  }
}
