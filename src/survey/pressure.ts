import { parsePressure } from '../kernel/pressure.ts'
import { chainReading, type Reading } from '../model/reading.ts'
import type { Pressure } from '../model/survey.ts'
import type { Files } from '../ports/files.ts'

/** Memory pressure of the machine; absent on kernels built without it. */
export function readPressure(files: Files, root: string): Reading<Pressure> {
  return chainReading(files.readText(`${root}/proc/pressure/memory`), parsePressure)
}
