import { describe, expect, test } from '@jest/globals'
import { ABSENT, UNLIMITED, unreadable, value } from '../../src/model/reading.ts'
import { readDisks } from '../../src/survey/disks.ts'
import { readKillers } from '../../src/survey/killers.ts'
import { readPressure } from '../../src/survey/pressure.ts'
import { readResourceLimits } from '../../src/survey/rlimits.ts'
import { fixtureFiles, hostRoot, refusing, treeFiles } from '../hosts/fixture-files.ts'

describe('resource limits', () => {
  test('are those that are set and can end a build', () => {
    const limits = readResourceLimits(fixtureFiles, hostRoot('v1-container'))
    expect(limits.map((limit) => limit.name)).toEqual([
      'Max stack size',
      'Max processes',
      'Max open files',
      'Max locked memory',
      'Max address space'
    ])
    expect(limits[0]).toEqual({ name: 'Max stack size', soft: value(8388608), hard: UNLIMITED, unit: 'bytes' })
  })

  test('that cannot be read are one entry that says so', () => {
    const files = refusing(fixtureFiles, /limits$/)
    const answer = unreadable('EACCES')
    expect(readResourceLimits(files, hostRoot('no-cgroup'))).toEqual([
      { name: 'Resource limits', soft: answer, hard: answer, unit: '' }
    ])
  })

  test('in another form are unreadable, not none', () => {
    expect(readResourceLimits(treeFiles({ '/proc/self/limits': '' }), '')[0]?.soft.kind).toBe('unreadable')
  })
})

describe('killers', () => {
  test.each([
    ['hosted-ubuntu-24.04-v2', 500, false, false],
    ['v2-nested-limits', 985, true, false],
    ['hybrid-v1-memory', 0, false, true]
  ])('%s: oom_score_adj %d, systemd-oomd %s, earlyoom %s', (host, score, systemdOomd, earlyoom) => {
    expect(readKillers(fixtureFiles, hostRoot(host))).toEqual({
      oomScoreAdj: value(score),
      systemdOomd: value(systemdOomd),
      earlyoom: value(earlyoom)
    })
  })

  test('of the host are not ruled out from inside a container', () => {
    const killers = readKillers(fixtureFiles, hostRoot('docker-v2-private-namespace'))
    expect(killers.systemdOomd).toEqual(unreadable('the processes of the host are not visible from here'))
  })

  test('are not ruled out where not all processes were looked at', () => {
    const many = Array.from({ length: 1500 }, (_, i) => [`/proc/${i + 1}/comm`, i === 1 ? 'kthreadd\n' : 'sh\n'])
    expect(readKillers(treeFiles(Object.fromEntries(many)), '').earlyoom).toEqual(
      unreadable('only the first 1024 processes were looked at')
    )
  })

  test('with a refused /proc are unreadable', () => {
    const files = refusing(fixtureFiles, /\/proc$|oom_score_adj$/)
    const answer = unreadable('EACCES')
    expect(readKillers(files, hostRoot('no-cgroup'))).toEqual({
      oomScoreAdj: answer,
      systemdOomd: answer,
      earlyoom: answer
    })
  })
})

describe('pressure', () => {
  test('is read where the kernel measures it and absent elsewhere', () => {
    expect(readPressure(fixtureFiles, hostRoot('hosted-ubuntu-24.04-v2'))).toEqual(
      value({ someAvg10: 0.12, fullAvg10: 0.05, someTotalUs: 48219, fullTotalUs: 31077 })
    )
    expect(readPressure(fixtureFiles, hostRoot('no-cgroup'))).toEqual(ABSENT)
  })
})

describe('disks', () => {
  const asked: string[] = []
  const files = {
    ...treeFiles({ '/host/work/app/go.mod': '', '/host/tmp/x': '', '/host/home/x': '', 'D:\\tmp': '' }),
    freeSpace: (path: string) => {
      asked.push(path)
      return { bytes: value(5), inodes: ABSENT }
    }
  }
  const go = (env: Readonly<Record<string, string>>) => value({ version: 'go1.26.8', minor: 26, mainModule: null, env })
  const places = { platform: 'linux', environment: {}, workingDirectory: '/work/app', go: ABSENT } as const

  test('are those of the sources, of the build cache and of temporary files', () => {
    asked.length = 0
    const disks = readDisks(files, '/host', { ...places, go: go({ GOCACHE: '/home/u/.cache/go-build' }) })
    expect(disks.map(({ role, path }) => [role, path])).toEqual([
      ['workspace', '/work/app'],
      ['GOCACHE', '/home/u/.cache/go-build'],
      ['TMPDIR', '/tmp']
    ])
    expect(disks[0]).toMatchObject({ freeBytes: value(5), freeInodes: ABSENT })
  })

  test('are asked at the nearest directory that is there', () => {
    asked.length = 0
    readDisks(files, '/host', { ...places, go: go({ GOCACHE: '/home/u/.cache/go-build' }) })
    expect(asked).toEqual(['/host/work/app', '/host/home', '/host/tmp'])
  })

  test('leave out a build cache that is off or unknown', () => {
    expect(readDisks(files, '/host', { ...places, go: go({ GOCACHE: 'off' }) }).map(({ role }) => role)).toEqual([
      'workspace',
      'TMPDIR'
    ])
    expect(readDisks(files, '/host', places)).toHaveLength(2)
  })

  test.each([
    ['GOTMPDIR before TMPDIR', 'linux', { TMPDIR: '/a' }, { GOTMPDIR: '/b' }, '/b'],
    ['TMPDIR where GOTMPDIR is empty', 'linux', { TMPDIR: '/a' }, { GOTMPDIR: '' }, '/a'],
    ['TMP on Windows', 'win32', { TMP: 'D:\\tmp', TEMP: 'C:\\temp' }, {}, 'D:\\tmp']
  ] as const)('take %s', (_, platform, environment, env, expected) => {
    const disks = readDisks(files, '', { ...places, platform, environment, go: go(env) })
    expect(disks.find(({ role }) => role === 'TMPDIR')?.path).toBe(expected)
  })
})
