import { readFileSync } from 'node:fs'
import { cpus, freemem, totalmem } from 'node:os'
import { expect, test } from '@jest/globals'
import { parseProcStat } from '../../src/kernel/proc-stat.ts'
import { parseProcStatus } from '../../src/kernel/proc-status.ts'
import { parseVmstatOomKill } from '../../src/kernel/vmstat.ts'
import { GIB, MIB } from '../../src/model/bytes.ts'
import * as readings from '../../src/model/reading.ts'
import { describeSurvey } from '../../src/survey/describe.ts'
import { surveyMachine } from '../../src/survey/survey.ts'
import { fixtureFiles } from '../hosts/fixture-files.ts'
import { lane } from '../lanes/lane.ts'
import { answering, GO_ENV } from './world.ts'

const reason = process.platform === 'linux' ? null : `there is no /proc on ${process.platform}`

lane('the machine these tests run on', reason, () => {
  const survey = () =>
    surveyMachine({
      files: fixtureFiles,
      processes: answering(GO_ENV).processes,
      root: '',
      platform: process.platform,
      cpus: cpus().length,
      nodeMemory: { totalBytes: totalmem(), freeBytes: freemem() },
      environment: {},
      launcher: readings.ABSENT,
      workingDirectory: process.cwd()
    })

  test('has the memory that Node sees, and a limit no larger than that', async () => {
    const { host, binding } = await survey()
    expect(host.totalBytes).toEqual({ kind: 'value', value: totalmem() })
    expect(readings.known(host.availableBytes)).toBeGreaterThan(0)
    expect(binding?.bytes).toBeGreaterThan(64 * MIB)
    expect(binding?.bytes).toBeLessThanOrEqual(totalmem())
    expect(binding?.usedByOthersBytes).toBeLessThan(totalmem())
  })

  test('has a cgroup whose directory holds this process', async () => {
    const { cgroup } = await survey()
    expect(cgroup.path.kind).toBe('value')
    if (cgroup.directory === null) {
      expect(cgroup.levels.length).toBeLessThanOrEqual(1)
      return
    }
    const members = readFileSync(`${cgroup.directory}/cgroup.procs`, 'utf8').split('\n')
    expect(members).toContain(String(process.pid))
    expect(cgroup.levels.map((level) => level.directory)).toContain(cgroup.mountPoint)
  })

  test('has readable files for everything else', async () => {
    const { rlimits, killers, pressure } = await survey()
    expect(rlimits.filter((limit) => limit.soft.kind !== 'value')).toEqual([])
    expect(killers.oomScoreAdj.kind).toBe('value')
    expect(pressure.kind === 'value' || pressure.kind === 'absent').toBe(true)
    expect(parseVmstatOomKill(readFileSync('/proc/vmstat', 'utf8')).kind).toBe('value')
  })

  test('tells of this process what Node knows of it', () => {
    const stat = parseProcStat(readFileSync('/proc/self/stat', 'utf8'))
    expect(stat).toMatchObject({ pid: process.pid, parentPid: process.ppid })
    const { anonBytes, userId } = parseProcStatus(readFileSync('/proc/self/status', 'utf8'))
    expect(readings.known(anonBytes)).toBeGreaterThan(4 * MIB)
    expect(readings.known(anonBytes)).toBeLessThan(16 * GIB)
    expect(readings.known(userId)).toBe(process.getuid?.())
  })

  test('can be described', async () => {
    const lines = describeSurvey(await survey())
    expect(lines.filter((line) => line.startsWith('Binding limit: '))).toHaveLength(1)
    expect(lines.filter((line) => line.endsWith(' - this one binds'))).toHaveLength(1)
  })
})
