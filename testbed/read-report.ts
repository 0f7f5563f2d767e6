import { readFileSync } from 'node:fs'
import type { Report } from '../src/model/report.ts'
import { decodeReport } from '../src/report/json.ts'

/** A report as it was written; throws where it is none. */
export function readReport(file: string): Report {
  const decoded = decodeReport(readFileSync(file, 'utf8'))
  if (decoded.kind !== 'report') throw new Error(`${file}: ${decoded.reason}`)
  return decoded.report
}
