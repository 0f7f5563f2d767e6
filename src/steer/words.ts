import { formatBytes } from '../model/bytes.ts'
import { code, figure, type Prose, prose } from '../model/prose.ts'
import type { ToolJob } from '../ports/tool-gate.ts'

/** What is said of each step; `settings` as one would type them, empty where nothing is set. */
export const STEERING_WORDS = {
  limited: (job: ToolJob, settings: string, freeBytes: number): Prose =>
    `${prose`${name(job)} may need more than the ${size(freeBytes)} that are left: it runs `}${having(settings)}.`,
  tookBack: (job: ToolJob, bytes: number, hardBytes: number, capBytes: number): Prose =>
    prose`${name(job)} (${size(bytes)}) is ended by the guard, since the build holds ${size(hardBytes)} of ${size(capBytes)}; it will run again alone.`,
  replayed: (job: ToolJob, who: 'kernel' | 'guard', settings: string): Prose => {
    const why = who === 'kernel' ? 'was killed for memory by the kernel; it runs' : 'runs'
    return `${prose`${name(job)} ${figure(why)} again, alone, `}${having(settings)}.`
  },
  openedSwap: (job: ToolJob): Prose =>
    prose`${name(job)} did not fit with the tightest settings: the free swap of the machine is opened to the build, whose RAM stays limited.`,
  readArchives: (job: ToolJob): Prose =>
    prose`${name(job)} maps ${size(job.archiveBytes)} of archives, which do not fit beside it: they are read from outside the cage while it runs.`,
  thrash: (job: ToolJob, seconds: number, wantedBytes: number): Prose =>
    prose`${name(job)} has been reading the same pages again for ${figure(seconds)} s; it goes on, and would run freely with about ${size(wantedBytes)} for the build.`,
  thrashEnded: (job: ToolJob, seconds: number): Prose =>
    prose`${name(job)} has been reading the same pages again for ${figure(seconds)} s: it is ended by the guard, to run again with less.`,
  gaveUp: (job: ToolJob, settings: string, capBytes: number): Prose =>
    `${prose`${name(job)} does not fit ${size(capBytes)}, not even alone `}${having(settings)}.`
}

/** "`compile k8s.io/api/core/v1`" */
function name({ tool, package: path }: ToolJob): ReturnType<typeof code> {
  return code(path === '' ? tool : `${tool} ${path}`)
}

function size(bytes: number): ReturnType<typeof figure> {
  return figure(formatBytes(bytes))
}

function having(settings: string): Prose {
  if (settings === '') return 'with nothing set'
  return `with ${settings
    .split(' ')
    .map((setting) => prose`${code(setting)}`)
    .join(' ')}`
}
