import { cgoNoCompiler } from './catalogue/cgo.ts'
import { commandNotFound } from './catalogue/command.ts'
import { compileError, compilerCrash, importCycle } from './catalogue/compile.ts'
import { diskFull } from './catalogue/disk.ts'
import { moduleChecksum, moduleMissingSum } from './catalogue/module.ts'
import { oomCgroup, oomHost } from './catalogue/oom-kernel.ts'
import { oomKilled } from './catalogue/oom-killed.ts'
import { oomCc, oomGoAlloc } from './catalogue/oom-refused.ts'
import { signalCrash, signalInt, signalKill, signalTerm } from './catalogue/signal.ts'
import { cancelled, guardDied, oomWatch, timeout } from './catalogue/stop.ts'
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
