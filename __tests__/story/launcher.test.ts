import { expect, test } from '@jest/globals'
import { ABSENT, unreadable, value } from '../../src/model/reading.ts'
import type { Ports } from '../../src/ports/ports.ts'
import type { RunOptions, ToolResult } from '../../src/ports/processes.ts'
import { compileLauncher } from '../../src/story/launcher.ts'
import { memoryFiles } from '../fakes/memory-files.ts'
import { fakeProcesses } from '../fakes/processes.ts'

const SOURCES = { '/action/dist/helper-windows/main.go': '', '/action/dist/helper-windows/job.go': '' }
const BUILT: ToolResult = { code: 0, stdout: 'arm64\n', stderr: '', problem: null }

function machine(files: Readonly<Record<string, string>>, answer: ToolResult = BUILT) {
  const calls: { readonly args: readonly string[]; readonly options: RunOptions }[] = []
  const run = async (_tool: string, args: readonly string[], options: RunOptions): Promise<ToolResult> => {
    calls.push({ args, options })
    return answer
  }
  const ports = { files: memoryFiles(files), processes: { ...fakeProcesses(), run } } satisfies Partial<Ports>
  const compile = (platform: NodeJS.Platform) =>
    compileLauncher(ports, { platform, runDirectory: '/tmp/run', script: '/action/dist/main/index.js' }, USER)
  return { calls, compile }
}

const USER = { PATH: '/go/bin', GOFLAGS: '-race -trimpath', GOOS: 'linux', GOPROXY: 'x', GO111MODULE: 'on' }

test('the launcher is compiled for the machine, with nothing of the user’s settings, and nothing is fetched', async () => {
  const { calls, compile } = machine(SOURCES)
  expect(await compile('win32')).toEqual(value({ launcher: '/tmp/run/launcher.exe', directory: '/tmp/run/job' }))
  const [, build] = calls
  expect(build?.args).toEqual([
    ...['build', '-p', '1', '-o', '/tmp/run/launcher.exe'],
    ...['/action/dist/helper-windows/job.go', '/action/dist/helper-windows/main.go']
  ])
  expect(build?.options.environment).toMatchObject({
    PATH: '/go/bin',
    GOFLAGS: '',
    GOENV: 'off',
    GO111MODULE: 'off',
    GOTOOLCHAIN: 'local',
    GOOS: 'windows',
    GOARCH: 'arm64',
    CGO_ENABLED: '0'
  })
})

test.each([
  ['there is no Go', SOURCES, { ...BUILT, code: null, problem: 'spawn go ENOENT' }, 'go build: spawn go ENOENT'],
  ['it does not compile', SOURCES, { ...BUILT, code: 1, stderr: 'a\nmain.go:3: no\r\n' }, 'go build: main.go:3: no'],
  ['its sources are missing', {}, BUILT, 'its sources are not shipped here']
])('without a launcher the reason is kept: %s', async (_, files, answer, reason) => {
  expect(await machine(files, answer).compile('win32')).toEqual(unreadable(reason))
})

test('other systems compile nothing', async () => {
  const { calls, compile } = machine(SOURCES)
  expect(await compile('linux')).toEqual(ABSENT)
  expect(calls).toEqual([])
})
