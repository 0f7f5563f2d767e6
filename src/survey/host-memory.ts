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

/** What Node tells on other systems. Its free memory is not what can be had: there it means pages that hold nothing. */
export function hostMemoryOfNode(memory: { readonly totalBytes: number }): HostMemory {
  return {
    totalBytes: value(memory.totalBytes),
    availableBytes: ABSENT,
    swapTotalBytes: ABSENT,
    swapFreeBytes: ABSENT
  }
}
