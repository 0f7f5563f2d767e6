import { describe, expect, test } from '@jest/globals'
import { GIB, MIB } from '../../src/model/bytes.ts'
import { ABSENT, type Reading, unreadable, value } from '../../src/model/reading.ts'
import type { ToolResult } from '../../src/ports/processes.ts'
import { describeSurvey } from '../../src/survey/describe.ts'
import { surveyMachine } from '../../src/survey/survey.ts'
import { fakeProcesses } from '../fakes/processes.ts'
import { worldOf } from './world.ts'

const LAUNCHER = 'C:\\run\\launcher.exe'
const NODE = { totalBytes: 16 * GIB, freeBytes: 9 * GIB }
const said = (stdout: string, code = 0): ToolResult => ({ code, stdout, stderr: '', problem: null })
const memory = (limit: number, available: number): ToolResult =>
  said(
    JSON.stringify({
      totalBytes: 16 * GIB,
      availableBytes: 12 * GIB,
      commitLimitBytes: limit,
      commitAvailableBytes: available
    })
  )
const typeperf = (limit: number, charge: number): ToolResult =>
  said(`"(PDH-CSV 4.0)","a","b"\r\n"09/22/2026 21:42:32.824","${limit}.000000","${charge}.000000"\r\n`)

function survey(tools: Readonly<Record<string, ToolResult>>, launcher: Reading<string> = value(LAUNCHER)) {
  const processes = fakeProcesses()
  for (const [tool, answer] of Object.entries(tools)) processes.tools.set(tool, answer)
  return surveyMachine({ ...worldOf('no-cgroup'), platform: 'win32', nodeMemory: NODE, launcher, processes })
}

describe('memory of Windows', () => {
  test('the commit limit binds where less of it is left than there is RAM', async () => {
    const { host, limits, binding } = await survey({ [LAUNCHER]: memory(19 * GIB, 14 * GIB) })
    const file = 'commit limit (GlobalMemoryStatusEx)'
    expect(binding).toEqual({ source: 'commit', file, bytes: 19 * GIB, usedByOthersBytes: 5 * GIB })
    expect(limits).toEqual([
      { source: 'commit', file, limit: value(19 * GIB) },
      { source: 'host', file: 'RAM', limit: value(16 * GIB) }
    ])
    expect(host).toEqual({
      totalBytes: value(16 * GIB),
      availableBytes: value(12 * GIB),
      swapTotalBytes: value(3 * GIB),
      swapFreeBytes: value(0)
    })
  })

  test('RAM binds where page files take all that others hold, and what is promised beyond it is known', async () => {
    const { host, binding } = await survey({ [LAUNCHER]: memory(48 * GIB, 40 * GIB) })
    expect(binding).toEqual({ source: 'host', file: 'RAM', bytes: 16 * GIB, usedByOthersBytes: 0 })
    expect(host.swapFreeBytes).toEqual(value(24 * GIB))
  })

  test('typeperf is asked where there is no launcher, CIM where typeperf fails', async () => {
    const byTypeperf = await survey({ typeperf: typeperf(19 * GIB, 5 * GIB) }, unreadable('no Go'))
    expect(byTypeperf.binding).toMatchObject({ file: 'commit limit (typeperf)', usedByOthersBytes: 5 * GIB })
    const cim = {
      TotalVisibleMemorySize: 16 * MIB,
      FreePhysicalMemory: 1,
      TotalVirtualMemorySize: 19 * MIB,
      FreeVirtualMemory: 14 * MIB
    }
    const byCim = await survey({ typeperf: said('', 1), powershell: said(JSON.stringify(cim)) }, ABSENT)
    expect(byCim.binding).toMatchObject({ file: 'commit limit (Win32_OperatingSystem)', bytes: 19 * GIB })
  })

  test('where nobody tells it the commit limit is unreadable with every reason, and Node tells the RAM', async () => {
    const { limits, binding, host } = await survey({ [LAUNCHER]: said('', 1), powershell: said('') })
    const reason = `launcher: no output, exit code 1; typeperf: spawn typeperf ENOENT; powershell: no output, exit code 0`
    expect(limits[0]).toEqual({ source: 'commit', file: 'commit limit', limit: unreadable(reason) })
    expect(binding).toEqual({ source: 'host', file: 'os.totalmem()', bytes: 16 * GIB, usedByOthersBytes: 7 * GIB })
    expect(host.swapTotalBytes).toEqual(ABSENT)
  })

  test('is described with its page files and the limit that binds', async () => {
    const lines = describeSurvey(await survey({ [LAUNCHER]: memory(19 * GIB, 14 * GIB) }))
    expect(lines).toContain('Page files: 3.0 GiB')
    expect(lines).toContain('Limit (commit): 19.0 GiB, commit limit (GlobalMemoryStatusEx) - this one binds')
    expect(lines).toContain('Used by others within it: 5.0 GiB')
  })
})
