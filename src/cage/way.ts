import type { EnforcementInForce } from '../model/evidence.ts'
import type { Cap } from '../model/plan.ts'
import type { Reading } from '../model/reading.ts'
import type { Survey } from '../model/survey.ts'
import type { Cage } from '../ports/cage.ts'
import type { ControlFiles } from '../ports/control-files.ts'
import type { CageTools } from './cgroup-directory.ts'

/** The tools, with every means of changing cgroups in the order in which they are to be tried; none is watching only. */
export interface CageMaker extends Omit<CageTools, 'control'> {
  readonly means: readonly ControlFiles[]
  /** Told of a directory before anything runs in it that has to be ended. */
  readonly announce: (directory: string) => void
  /** Of Job Objects, compiled, or why there is none; needed on Windows only. */
  readonly launcher?: Reading<{ readonly launcher: string; readonly directory: string }>
}

/** One way to have the kernel enforce a cap; whether it works is found out by trying. */
export interface Way {
  readonly name: Extract<EnforcementInForce, 'cgroup-v1' | 'cgroup-v2' | 'systemd'>
  /** By what means, where there are several: `cgroup-v2 (direct)`. */
  readonly label: string
  /** After the directory where it worked: `, through sudo`. */
  readonly remark: string
  /** Throws why it does not work; nothing is left of it then. */
  open(cap: Cap): Promise<Cage>
}

/** What the ways of one run need to know. */
export interface WayOrder {
  readonly survey: Survey
  readonly runId: string
}
