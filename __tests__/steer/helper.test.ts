import { describe, expect, test } from '@jest/globals'
import { GIB, MIB } from '../../src/model/bytes.ts'
import type { Processes, RunOptions, ToolResult } from '../../src/ports/processes.ts'
import { buildHelper, type HelperOrder } from '../../src/steer/helper.ts'
import { fakeProcesses } from '../fakes/processes.ts'

const GOOD: ToolResult = { code: 0, stdout: '', stderr: '', problem: null }
const TRIED: ToolResult = { ...GOOD, stdout: 'go-build-guard helper 1\n' }

/** Answers in order; notes what was asked. */
function processesWith(...answers: readonly ToolResult[]) {
  const asked: (readonly [string, readonly string[], RunOptions])[] = []
  const processes: Processes = {
    ...fakeProcesses(),
    async run(tool, args, options) {
      asked.push([tool, args, options])
      return answers[asked.length - 1] ?? GOOD
    }
  }
  return { processes, asked }
}

const ORDER: HelperOrder = {
  sources: '/action/dist/helper',
  target: '/tmp/run/steer-1',
  go: {
    version: 'go1.26.8',
    minor: 26,
    mainModule: null,
    env: { GOCACHE: '/home/runner/.cache/go-build', GOHOSTOS: 'linux', GOHOSTARCH: 'amd64' }
  },
  environment: { PATH: '/usr/bin', GOFLAGS: '-race -mod=vendor', GOOS: 'windows', GOARCH: 'arm64', CGO_ENABLED: '1' },
  roomBytes: 6 * GIB
}

describe('the helper', () => {
  test('is built for this machine, with nothing of the user’s settings, and tried', async () => {
    const { processes, asked } = processesWith(GOOD, TRIED)
    expect(await buildHelper(processes, ORDER)).toEqual({ path: '/tmp/run/steer-1/helper' })
    const [built, trial] = asked
    expect(built?.slice(0, 2)).toEqual(['go', ['build', '-buildvcs=false', '-o', '/tmp/run/steer-1/helper', '.']])
    expect(built?.[2].cwd).toBe('/action/dist/helper')
    expect(built?.[2].environment).toEqual({
      PATH: '/usr/bin',
      GOFLAGS: '',
      GOENV: 'off',
      GOWORK: 'off',
      GO111MODULE: 'on',
      GOTOOLCHAIN: 'local',
      GOPROXY: 'off',
      GOOS: 'linux',
      GOARCH: 'amd64',
      GOCACHE: '/home/runner/.cache/go-build',
      CGO_ENABLED: '0'
    })
    expect(trial?.slice(0, 2)).toEqual(['/tmp/run/steer-1/helper', []])
  })

  test('is built with care where the machine has little left', async () => {
    const { processes, asked } = processesWith(GOOD, TRIED)
    await buildHelper(processes, { ...ORDER, roomBytes: 500 * MIB })
    expect(asked[0]?.[2].environment?.['GOMEMLIMIT']).toBe('350MiB')
  })

  test.each<[string, readonly ToolResult[], string]>([
    ['cannot be built', [{ ...GOOD, code: 1, stderr: '# x\nno space left\n' }], 'building it: no space left'],
    ['takes too long to build', [{ ...GOOD, code: null, problem: 'no answer' }], 'building it: no answer'],
    ['cannot be started', [GOOD, { ...GOOD, code: null, problem: 'spawn EACCES' }], 'starting it: spawn EACCES'],
    ['is something else', [GOOD, { ...GOOD, stdout: 'hello\n' }], 'starting it: exit code 0']
  ])('that %s is none', async (_title, answers, problem) => {
    expect(await buildHelper(processesWith(...answers).processes, ORDER)).toEqual({ problem })
  })
})
