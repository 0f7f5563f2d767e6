import { expect, test } from '@jest/globals'
import { ABSENT, unreadable, value } from '../../src/model/reading.ts'
import type { ToolResult } from '../../src/ports/processes.ts'
import { type GoWorld, readGo } from '../../src/survey/go.ts'
import { treeFiles } from '../hosts/fixture-files.ts'
import { answering, type Call, GO_ENV } from './world.ts'

const printing = (env: object): ToolResult => ({ ...GO_ENV, stdout: JSON.stringify(env) })

function worldWith(
  answers: readonly ToolResult[],
  environment: Readonly<Record<string, string>> = {}
): GoWorld & { calls: Call[] } {
  const files = treeFiles({ '/home/u/go/env': 'GOPROXY=https://proxy.example\nGOFLAGS=-v\nGOPROXY=direct\n' })
  return { files, ...answering(...answers), root: '', environment, workingDirectory: '/work/app' }
}

test('Go is asked once, offline, in the working directory, with everything else of the environment as it is', async () => {
  const world = worldWith([GO_ENV], { PATH: '/bin', GOFLAGS: '-trimpath', GOPROXY: 'direct' })
  expect(await readGo(world)).toMatchObject(value({ version: 'go1.26.8', minor: 26, env: { GOFLAGS: '-trimpath' } }))
  expect(world.calls).toEqual([
    {
      tool: 'go',
      args: ['env', '-json'],
      options: {
        cwd: '/work/app',
        environment: { PATH: '/bin', GOFLAGS: '-trimpath', GOPROXY: 'off', GOTOOLCHAIN: 'local' },
        deadlineMs: 5000
      }
    }
  ])
})

test.each([
  ['the environment', { GOPROXY: 'https://own.example' }, 'https://own.example'],
  ['the last line of the file of go env -w', {}, 'direct']
])('GOPROXY is told as %s sets it, not as it was overridden for asking', async (_, environment, expected) => {
  const answer = printing({ GOVERSION: 'go1.26.8', GOENV: '/home/u/go/env', GOPROXY: 'off', GOTOOLCHAIN: 'local' })
  const env = { GOVERSION: 'go1.26.8', GOENV: '/home/u/go/env', GOPROXY: expected }
  expect(await readGo(worldWith([answer], environment))).toEqual(
    value({ version: 'go1.26.8', minor: 26, mainModule: null, env })
  )
})

test.each([
  ['go1.26.8', 26],
  ['go1.27rc1 X:nocoverageredesign', 27],
  ['devel go1.27-a1b2c3d4 Tue Aug 1 12:00:00 2026', 27],
  ['devel +a1b2c3d4', null]
])('the minor release of %j is %s', async (GOVERSION, minor) => {
  expect(await readGo(worldWith([printing({ GOVERSION })]))).toMatchObject(value({ version: GOVERSION, minor }))
})

test('a release whose go env does not tell its version is asked for it', async () => {
  const world = worldWith([printing({ GOFLAGS: '' }), { ...GO_ENV, stdout: 'go version go1.15.2 linux/amd64\n' }])
  expect(await readGo(world)).toEqual(value({ version: 'go1.15.2', minor: 15, mainModule: null, env: { GOFLAGS: '' } }))
})

test.each<readonly [string, Partial<ToolResult>, object]>([
  ['no go in PATH is absent', { code: null, problem: 'spawn go ENOENT' }, ABSENT],
  ['no answer in time', { code: null, problem: 'no answer within 5000 ms' }, unreadable('no answer within 5000 ms')],
  ['a failure', { code: 1 }, unreadable('go env ended with exit code 1')],
  ['no JSON', { stdout: 'go: hello' }, unreadable('go env printed no JSON object')],
  ['JSON of another shape', { stdout: '["GOVERSION"]' }, unreadable('go env printed no JSON object')]
])('%s', async (_, result, expected) => {
  expect(await readGo(worldWith([{ ...GO_ENV, ...result }]))).toEqual(expected)
})

const GO_MOD = '/work/app/go.mod'

test.each([
  ['a plain line', 'module example.com/app\n\ngo 1.26\n', 'example.com/app'],
  [
    'comments before and after',
    '// module example.com/no\nmodule example.com/app // Deprecated: x\n',
    'example.com/app'
  ],
  ['quotes', 'module "example.com/app"\n', 'example.com/app'],
  ['a block', 'go 1.26\nmodule (\n\texample.com/app\n)\n', 'example.com/app'],
  ['no such line', 'go 1.26\n', null]
])('the main module is what go.mod names: %s', async (_, text, mainModule) => {
  const world = worldWith([printing({ GOVERSION: 'go1.26.8', GOMOD: GO_MOD })])
  expect(await readGo({ ...world, files: treeFiles({ [GO_MOD]: text }) })).toMatchObject(value({ mainModule }))
})

test.each([
  ['outside modules', { GOMOD: '' }],
  ['without go.mod', { GOMOD: '/dev/null' }],
  ['in a workspace, which has several', { GOMOD: GO_MOD, GOWORK: '/work/go.work' }],
  ['with an unreadable go.mod', { GOMOD: '/elsewhere/go.mod' }]
])('no main module is told %s', async (_, env) => {
  const world = worldWith([printing({ GOVERSION: 'go1.26.8', ...env })])
  const files = treeFiles({ [GO_MOD]: 'module example.com/app\n' })
  expect(await readGo({ ...world, files })).toMatchObject(value({ mainModule: null }))
})
