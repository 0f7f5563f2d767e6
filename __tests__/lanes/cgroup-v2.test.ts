import { join } from 'node:path'
import { beforeAll, expect, test } from '@jest/globals'
import type { Report } from '../../src/model/report.ts'
import { makeBedFolder } from '../../testbed/beds.ts'
import type { Death } from '../../testbed/deaths.ts'
import { readReport } from '../../testbed/read-report.ts'
import { problemsOf, type Result, runTable } from '../../testbed/run-table.ts'
import { guardUnavailable } from '../../testbed/stand.ts'
import { ENVIRONMENTS } from '../../testbed/table.ts'
import { vmUnavailable } from '../../testbed/vm.ts'
import { lane } from './lane.ts'

const MIB = 2 ** 20

// A part of what `npm run environments` runs, and what more there is to see in the reports.
lane('cgroup v2 in a virtual machine', guardUnavailable() ?? vmUnavailable(), () => {
  let folder = ''

  beforeAll(async () => {
    folder = await makeBedFolder()
  })

  test('user with sudo: own cap, a limit above, a machine out of memory, a guard that is killed', async () => {
    expect(problems(await run('v2-sudo', ['ownCap', 'limitAbove', 'hostWide', 'guardKilled']))).toEqual([])

    const capped = reportOf('v2-sudo-ownCap')
    expect(capped.enforcement).toMatchObject({ inForce: 'cgroup-v2', limitBytes: 120 * MIB })
    expect(capped.enforcement.reasons.join()).toMatch(/, through sudo$/)
    expect(capped.diagnoses[0]?.summary).toContain('`compile` on `example.com/hungry/appetite`')
    expect(capped.diagnoses[0]?.evidence[0]?.measured).toMatch(/`oom` 0 to \d+, `oom_kill` 0 to 1/)

    expect(reportOf('v2-sudo-hostWide').enforcement.limitBytes).toBe(3072 * MIB)
  })

  test('root: own cap', async () => {
    expect(problems(await run('v2-root', ['ownCap']))).toEqual([])
    expect(reportOf('v2-root-ownCap').enforcement.reasons.join()).toMatch(/\/go-build-guard-\w{12}$/)
  })

  test('a container whose cgroups cannot be written: the guard watches, and acts before the limit does', async () => {
    expect(problems(await run('container', ['limitAbove']))).toEqual([])
    const { enforcement, survey } = reportOf('container-limitAbove')
    expect(enforcement).toMatchObject({ inForce: 'watch', limitBytes: 1024 * MIB })
    expect(survey.binding).toMatchObject({ source: 'cgroup-v2', bytes: 600 * MIB })
  })

  test('memory.oom.group takes the guard too: the log that is there by then says how near the limit was', async () => {
    expect(problems(await run('pod-off', ['limitAbove']))).toEqual([])
  })

  function run(id: string, deaths: readonly Death[]): Promise<readonly Result[]> {
    const environments = ENVIRONMENTS.filter((environment) => environment.id === id)
    return runTable(
      environments.flatMap((environment) => deaths.map((death) => [environment, death] as const)),
      folder,
      () => {}
    )
  }

  function problems(results: readonly Result[]): readonly string[] {
    expect(results.length).toBeGreaterThan(0)
    return results.flatMap(problemsOf)
  }

  function reportOf(name: string): Report {
    return readReport(join(folder, `${name}.json`))
  }
})
