import { describe, expect, test } from '@jest/globals'
import { ABSENT, unreadable, value } from '../../src/model/reading.ts'
import type { Files } from '../../src/ports/files.ts'
import { surveyMachine } from '../../src/survey/survey.ts'
import { fixtureFiles } from '../hosts/fixture-files.ts'
import { worldOf } from './world.ts'

const HOSTS = ['hosted-ubuntu-24.04-v2', 'docker-v2-private-namespace', 'hybrid-v1-memory', 'no-cgroup'] as const

test.each(HOSTS)('%s is surveyed as a whole', async (host) => {
  const survey = await surveyMachine(worldOf(host))
  expect(survey).toMatchObject({ platform: 'linux', cpus: 4 })
  expect(survey.binding).not.toBeNull()
  expect(survey.disks).toHaveLength(3)
  expect(survey.go).toMatchObject(value({ version: 'go1.26.8', minor: 26 }))
})

test('Go is already asked when the machine is read', async () => {
  const order: string[] = []
  const world = worldOf('no-cgroup')
  const run: typeof world.processes.run = (...call) => {
    order.push('go')
    return world.processes.run(...call)
  }
  const readText: Files['readText'] = (path) => {
    order.push('file')
    return fixtureFiles.readText(path)
  }
  await surveyMachine({ ...world, processes: { ...world.processes, run }, files: { ...fixtureFiles, readText } })
  expect(order[0]).toBe('go')
})

describe('a fault in one source takes away that source, nothing else', () => {
  const failing: Files = {
    ...fixtureFiles,
    readText: (path) => {
      if (/mountinfo$|limits$|pressure/.test(path)) throw new Error('EIO')
      return fixtureFiles.readText(path)
    },
    freeSpace: () => {
      throw new Error('EIO')
    }
  }

  test('in files', async () => {
    const survey = await surveyMachine(worldOf('hosted-ubuntu-24.04-v2', failing))
    expect(survey.cgroup).toMatchObject({ version: 'none', path: unreadable('EIO'), levels: [] })
    expect(survey.pressure).toEqual(unreadable('EIO'))
    expect(survey.rlimits).toMatchObject([{ soft: unreadable('EIO') }])
    expect(survey.disks).toEqual([])
    expect(survey.killers.oomScoreAdj).toEqual(value(500))
    expect(survey.binding).toMatchObject({ source: 'host', bytes: 16367820 * 1024 })
  })

  test('in the Go tool', async () => {
    const world = worldOf('no-cgroup')
    const run = (): Promise<never> => Promise.reject(new Error('EAGAIN'))
    const survey = await surveyMachine({ ...world, processes: { ...world.processes, run } })
    expect(survey.go).toEqual(unreadable('EAGAIN'))
    expect(survey.binding).toMatchObject({ source: 'host' })
  })
})

test('other systems have the memory that Node tells and nothing of Linux', async () => {
  const survey = await surveyMachine({
    ...worldOf('no-cgroup'),
    platform: 'freebsd',
    nodeMemory: { totalBytes: 7e9, freeBytes: 2e9 }
  })
  const notRead = unreadable('not read on freebsd')
  expect(survey.host.availableBytes).toEqual(ABSENT)
  expect(survey.binding).toEqual({ source: 'host', file: 'os.totalmem()', bytes: 7e9, usedByOthersBytes: 0 })
  expect(survey).toMatchObject({
    cgroup: { version: 'none', path: notRead },
    pressure: notRead,
    killers: { oomScoreAdj: ABSENT, systemdOomd: notRead, earlyoom: notRead },
    rlimits: [{ soft: notRead }]
  })
})
