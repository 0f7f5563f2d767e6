import { cgoNoCompiler } from './catalogue/cgo.ts'
import { commandNotFound } from './catalogue/command.ts'
import { compilerCrash, importCycle } from './catalogue/compile.ts'
import { compileError } from './catalogue/compile-error.ts'
import { diskFull } from './catalogue/disk.ts'
import { moduleChecksum, moduleMissingSum } from './catalogue/module.ts'
import { oomCgroup, oomHost } from './catalogue/oom-kernel.ts'
import { oomKilled } from './catalogue/oom-killed.ts'
import { oomCc, oomGoAlloc } from './catalogue/oom-refused.ts'
import { oomWatch } from './catalogue/oom-watch.ts'
import { signalCrash, signalInt, signalTerm } from './catalogue/signal.ts'
import { signalKill } from './catalogue/signal-kill.ts'
import { cancelled, guardDied, timeout } from './catalogue/stop.ts'
import type { Definition } from './definition.ts'

/** Every diagnosis. Between answers of equal score the one further up wins: the more specific stands first. */
export const CATALOGUE: readonly Definition[] = [
  oomWatch,
  oomCgroup,
  oomHost,
  oomCc,
  oomGoAlloc,
  diskFull,
  timeout,
  cancelled,
  oomKilled,
  signalKill,
  signalTerm,
  signalInt,
  signalCrash,
  compilerCrash,
  importCycle,
  cgoNoCompiler,
  moduleChecksum,
  moduleMissingSum,
  compileError,
  commandNotFound,
  guardDied
]

const BY_ID: ReadonlyMap<string, Definition> = new Map(CATALOGUE.map((one) => [one.id, one]))

/** The definition with this id, or `null`. */
export function definitionOf(id: string): Definition | null {
  return BY_ID.get(id) ?? null
}
