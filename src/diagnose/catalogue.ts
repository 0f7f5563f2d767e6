import { cacheCorrupt } from './catalogue/cache.ts'
import { cgoMissingHeader, cgoNoCompiler } from './catalogue/cgo.ts'
import { cgoCError } from './catalogue/cgo-c.ts'
import { commandNotFound } from './catalogue/command.ts'
import { compilerCrash, importCycle } from './catalogue/compile.ts'
import { compileError } from './catalogue/compile-error.ts'
import { diskFull } from './catalogue/disk.ts'
import { embedPattern } from './catalogue/embed.ts'
import { generateFailure } from './catalogue/generate.ts'
import { guardDied } from './catalogue/guard-died.ts'
import { limitFsize, limitNofile, limitNproc } from './catalogue/limit.ts'
import { linkOther } from './catalogue/link-other.ts'
import { linkUndefined } from './catalogue/link-undefined.ts'
import { lint } from './catalogue/lint.ts'
import { moduleChecksum, moduleMissingSum } from './catalogue/module.ts'
import { moduleAuth } from './catalogue/module-auth.ts'
import { moduleNoGoMod, moduleParse } from './catalogue/module-file.ts'
import { moduleNotFound } from './catalogue/module-not-found.ts'
import {
  moduleAmbiguous,
  moduleInconsistentVendor,
  moduleReplaceLocal,
  moduleUpdatesNeeded
} from './catalogue/module-requirements.ts'
import { networkUnreachable } from './catalogue/network.ts'
import { networkDns } from './catalogue/network-dns.ts'
import { networkSumdb, networkTls } from './catalogue/network-trust.ts'
import { oomFork } from './catalogue/oom-fork.ts'
import { oomCgroup, oomHost } from './catalogue/oom-kernel.ts'
import { oomKilled } from './catalogue/oom-killed.ts'
import { oomCc, oomGoAlloc } from './catalogue/oom-refused.ts'
import { oomUserspace } from './catalogue/oom-userspace.ts'
import { oomWatch } from './catalogue/oom-watch.ts'
import { oomWindowsCommit } from './catalogue/oom-windows.ts'
import { permDenied } from './catalogue/permission.ts'
import { commandNotExecutable, permSeccomp } from './catalogue/refused-calls.ts'
import { runnerLost, runnerShutdown } from './catalogue/runner.ts'
import { signalCrash, signalInt, signalTerm } from './catalogue/signal.ts'
import { signalKill } from './catalogue/signal-kill.ts'
import {
  stallFrozen,
  stallIo,
  stallLock,
  stallNetwork,
  stallStopped,
  stallThrash,
  stallUnknown
} from './catalogue/stall.ts'
import { cancelled, timeout } from './catalogue/stop.ts'
import { targetConstraints, targetUnsupported } from './catalogue/target.ts'
import { testPanic, testRace } from './catalogue/test-death.ts'
import { testExit } from './catalogue/test-exit.ts'
import { testFailure } from './catalogue/test-failure.ts'
import { testTimeout } from './catalogue/test-timeout.ts'
import { toolchainVersion } from './catalogue/toolchain.ts'
import { vcsStamping } from './catalogue/vcs.ts'
import { vetFailure } from './catalogue/vet.ts'
import { workspace } from './catalogue/workspace.ts'
import type { Definition } from './definition.ts'

/** Every diagnosis. Between answers of equal score the one further up wins: the more specific stands first. */
export const CATALOGUE: readonly Definition[] = [
  oomWatch,
  oomCgroup,
  oomHost,
  oomUserspace,
  oomWindowsCommit,
  oomFork,
  oomCc,
  oomGoAlloc,
  limitNproc,
  limitNofile,
  limitFsize,
  diskFull,
  permSeccomp,
  runnerLost,
  runnerShutdown,
  testTimeout,
  timeout,
  cancelled,
  stallFrozen,
  stallStopped,
  stallLock,
  stallThrash,
  stallIo,
  stallNetwork,
  stallUnknown,
  oomKilled,
  signalKill,
  signalTerm,
  signalInt,
  signalCrash,
  compilerCrash,
  importCycle,
  cgoNoCompiler,
  cgoMissingHeader,
  generateFailure,
  toolchainVersion,
  workspace,
  targetUnsupported,
  targetConstraints,
  embedPattern,
  moduleChecksum,
  cacheCorrupt,
  networkSumdb,
  networkTls,
  networkDns,
  networkUnreachable,
  moduleAuth,
  moduleMissingSum,
  moduleParse,
  moduleNoGoMod,
  moduleInconsistentVendor,
  moduleReplaceLocal,
  moduleUpdatesNeeded,
  moduleAmbiguous,
  moduleNotFound,
  vcsStamping,
  vetFailure,
  lint,
  linkUndefined,
  linkOther,
  cgoCError,
  testPanic,
  testRace,
  testFailure,
  testExit,
  compileError,
  commandNotExecutable,
  permDenied,
  commandNotFound,
  guardDied
]

const BY_ID: ReadonlyMap<string, Definition> = new Map(CATALOGUE.map((one) => [one.id, one]))

/** The definition with this id, or `null`. */
export function definitionOf(id: string): Definition | null {
  return BY_ID.get(id) ?? null
}
