import type { Caution } from '../model/caution.ts'
import { cgoCompiler, cgoCross, cgoOff, raceNeedsCgo } from './checks/cgo.ts'
import { limits } from './checks/limits.ts'
import { heavyPackage, memoryMultiplied } from './checks/memory.ts'
import { replaceMissing, vendorMismatch } from './checks/modules.ts'
import { privatePattern, proxyList, proxyOff, sumDatabase } from './checks/proxy.ts'
import { cacheInMemory, diskRoom, notWritable, temporaryNoexec } from './checks/storage.ts'
import { target, targetLevel, targetNotRunnable } from './checks/target.ts'
import { goRoot, goVersion, toolchainDownload } from './checks/toolchain.ts'
import { goDirectories, goEnv, goEnvLeftover, goFlagsHidden, goFlagsRefused, modulesOff } from './checks/variables.ts'
import { workspaceAbove, workspaceBroken, workspaceHides } from './checks/workspace.ts'
import { type Check, cautionOf } from './definition.ts'
import type { Setup } from './setup.ts'

/** Every check, in the order in which findings are shown. */
export const CHECKS: readonly Check[] = [
  goEnv,
  goRoot,
  goVersion,
  toolchainDownload,
  goDirectories,
  notWritable,
  diskRoom,
  limits,
  target,
  targetLevel,
  targetNotRunnable,
  goFlagsRefused,
  goFlagsHidden,
  goEnvLeftover,
  modulesOff,
  workspaceBroken,
  workspaceHides,
  workspaceAbove,
  vendorMismatch,
  replaceMissing,
  proxyList,
  proxyOff,
  privatePattern,
  sumDatabase,
  cgoCompiler,
  cgoOff,
  cgoCross,
  raceNeedsCgo,
  temporaryNoexec,
  cacheInMemory,
  memoryMultiplied,
  heavyPackage
]

/** What one check finds; a fault in it takes this one away, nothing else. */
export function examine(check: Check, setup: Setup): readonly Caution[] | { readonly fault: string } {
  try {
    return check.examine(setup).map((hit) => cautionOf(check, hit))
  } catch (fault) {
    return { fault: fault instanceof Error ? fault.message : String(fault) }
  }
}
