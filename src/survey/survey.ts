import { ABSENT, type Reading, unreadable } from '../model/reading.ts'
import type { CgroupSurvey, GoInstallation, Killers, Survey } from '../model/survey.ts'
import type { Files } from '../ports/files.ts'
import type { Processes } from '../ports/processes.ts'
import { noCgroup, readCgroup } from './cgroup.ts'
import { readDisks } from './disks.ts'
import { readGo } from './go.ts'
import { hostMemoryOfNode, readHostMemory } from './host-memory.ts'
import { readKillers } from './killers.ts'
import { findLimits } from './limits.ts'
import { readMacMemory } from './macos.ts'
import { readPressure } from './pressure.ts'
import { allLimits, readResourceLimits } from './rlimits.ts'
import { readWindowsMemory } from './windows.ts'

export interface World {
  readonly files: Files
  readonly processes: Processes
  /** Stands before every path that is read: empty, or a directory with `proc` and `sys` of another machine. */
  readonly root: string
  readonly platform: NodeJS.Platform
  readonly cpus: number
  /** `os.totalmem()` and `os.freemem()`: all there is where there is no `/proc`. */
  readonly nodeMemory: { readonly totalBytes: number; readonly freeBytes: number }
  readonly environment: Readonly<Record<string, string>>
  readonly workingDirectory: string
  /** The compiled launcher of Windows, which knows the commit limit. */
  readonly launcher: Reading<string>
}

/** What this machine really gives. Never fails: what could not be read says so in its place. */
export async function surveyMachine(world: World): Promise<Survey> {
  // The one slow answer: asked first, awaited last.
  const asked = readGo(world).catch((fault: unknown): Reading<GoInstallation> => unreadable(reasonOf(fault)))
  const machine = world.platform === 'linux' ? surveyLinux(world) : await surveyElsewhere(world)
  const go = await asked
  const disks = guarded(
    () => readDisks(world.files, world.root, { ...world, go }),
    () => []
  )
  return { platform: world.platform, cpus: world.cpus, ...machine, disks, go }
}

type Machine = Omit<Survey, 'platform' | 'cpus' | 'disks' | 'go'>

function surveyLinux({ files, root }: World): Machine {
  const host = guarded(
    () => readHostMemory(files, root),
    (reason) => ({ totalBytes: reason, availableBytes: reason, swapTotalBytes: reason, swapFreeBytes: reason })
  )
  const cgroup = guarded<CgroupSurvey>(
    () => readCgroup(files, root),
    (reason) => ({ version: 'none', isHybrid: false, path: reason, mountPoint: null, directory: null, levels: [] })
  )
  return {
    host,
    cgroup,
    ...guarded(
      () => findLimits(files, root, cgroup, { memory: host, file: '/proc/meminfo' }),
      () => ({ limits: [], binding: null })
    ),
    pressure: guarded(
      () => readPressure(files, root),
      (reason) => reason
    ),
    rlimits: guarded(() => readResourceLimits(files, root), allLimits),
    killers: guarded(() => readKillers(files, root), unknownKillers)
  }
}

async function surveyElsewhere(world: World): Promise<Machine> {
  const { platform } = world
  const notRead = unreadable(`not read on ${platform}`)
  return {
    ...(await memoryElsewhere(world)),
    cgroup: noCgroup(platform),
    pressure: notRead,
    rlimits: allLimits(notRead),
    killers: { ...unknownKillers(notRead), oomScoreAdj: ABSENT }
  }
}

async function memoryElsewhere(world: World): Promise<Pick<Machine, 'host' | 'limits' | 'binding'>> {
  const { files, root, platform, nodeMemory } = world
  if (platform === 'win32') return readWindowsMemory(world)
  const isMac = platform === 'darwin'
  const host = isMac ? await readMacMemory(world) : hostMemoryOfNode(nodeMemory)
  const file = isMac ? 'hw.memsize' : 'os.totalmem()'
  return { host, ...findLimits(files, root, noCgroup(platform), { memory: host, file }) }
}

type NotRead = ReturnType<typeof unreadable>

function unknownKillers(reason: NotRead): Killers {
  return { oomScoreAdj: reason, systemdOomd: reason, earlyoom: reason }
}

/** A fault in one source takes that source away, nothing else. */
function guarded<T>(read: () => T, instead: (reason: NotRead) => NoInfer<T>): T {
  try {
    return read()
  } catch (fault) {
    return instead(unreadable(reasonOf(fault)))
  }
}

function reasonOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault)
}
