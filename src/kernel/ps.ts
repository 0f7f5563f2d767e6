import { KIB } from '../model/bytes.ts'
import { wholeNumber } from './tool-text.ts'

/** One process as `ps` shows it. */
export interface PsRow {
  readonly pid: number
  readonly parentPid: number
  readonly groupId: number
  /** Resident: without compressed and swapped pages, so less than what the system charges to it. */
  readonly residentBytes: number
  readonly args: string
}

/**
 * `ps -axww -o pid=,ppid=,pgid=,rss=,args=`, sizes in KiB; what is no such line is left out:
 *
 *     70988  1218  1183 2029360 /Applications/Ollama.app/Contents/Resources/llama-server --port 59946
 */
export function parsePs(text: string): readonly PsRow[] {
  return text.split('\n').flatMap((line) => {
    const [, pid, parentPid, groupId, rss, args = ''] =
      /^\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,12})\s+(.*?)\s*$/.exec(line) ?? []
    const resident = wholeNumber(rss)
    if (pid === undefined || resident === null) return []
    return [
      {
        pid: Number(pid),
        parentPid: Number(parentPid),
        groupId: Number(groupId),
        residentBytes: resident * KIB,
        args
      }
    ]
  })
}
