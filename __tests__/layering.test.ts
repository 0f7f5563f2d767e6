import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

const root = join(import.meta.dirname, '..')
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
const ownNode = join(root, 'node_modules/.bin/node')
const node = existsSync(ownNode) ? ownNode : process.execPath
const isTooOld = node === process.execPath && Number(process.versions.node.split('.')[0]) < 22

interface Violation {
  readonly from: string
  readonly to: string
  readonly rule: { readonly name: string }
}

/** Every violation as `rule: from -> to`. */
async function violationsIn(folder: string): Promise<string[]> {
  const args = [cruiser, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'src']
  const json = await new Promise<string>((resolve, reject) => {
    execFile(node, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error && stdout === '') reject(new Error(stderr || error.message))
      else resolve(stdout)
    })
  })
  const { summary } = JSON.parse(json) as { summary: { violations: Violation[]; totalCruised: number } }
  expect(summary.totalCruised).toBeGreaterThan(0)
  return summary.violations.map(
    ({ rule, from, to }) => `${rule.name}: ${from} -> ${to.replace(/^.*(?=node_modules\/)/, '')}`
  )
}

const suite = isTooOld ? describe.skip : describe
suite(isTooOld ? 'layering: skipped, dependency-cruiser needs Node 22 or newer' : 'layering', () => {
  test('src keeps to the table of rooms', async () => {
    expect(await violationsIn(root)).toEqual([])
  })

  describe('a planted violation', () => {
    let copy = ''
    let found: string[] = []

    const planted: Readonly<Record<string, string>> = {
      'src/model/planted-leaf.ts': `export interface Leaf { readonly size: number }`,
      'src/model/planted-effect.ts': `import { readFileSync } from 'node:fs'\nexport const read = readFileSync`,
      'src/plan/planted-process.ts': `export const spawn = async () => (await import('node:child_process')).spawn`,
      'src/run/planted-timer.ts': `import { setTimeout } from 'node:timers/promises'\nexport const wait = setTimeout`,
      'src/report/planted-toolkit.ts': `import * as core from '@actions/core'\nexport const say = core.info`,
      'src/kernel/planted-client.ts': `import type { getOctokit } from '@actions/github'\nexport type Client = typeof getOctokit`,
      'src/ports/planted-port.ts': `import type { Leaf } from '../model/planted-leaf.ts'\nexport type Port = Leaf`,
      'src/diagnose/planted-room.ts': `import type { Port } from '../ports/planted-port.ts'\nexport type Room = Port`,
      'src/survey/planted-sideways.ts': `import type { Room } from '../diagnose/planted-room.ts'\nexport type Side = Room`,
      'src/adapters/planted-adapter.ts': `import { statSync } from 'node:fs'\nimport type { Parsed } from '../kernel/planted-parser.ts'\nexport const stat = (of: Parsed) => statSync(of)`,
      'src/kernel/planted-parser.ts': `export type Parsed = string`,
      'src/guard.ts': `import { stat } from './adapters/planted-adapter.ts'\nimport type { Side } from './survey/planted-sideways.ts'\nexport const guard = (_: Side) => stat`,
      'src/steer/planted-one.ts': `import type { Two } from './planted-two.ts'\nexport type One = Two | 1`,
      'src/steer/planted-two.ts': `import type { One } from './planted-one.ts'\nexport type Two = One[]`,
      'src/observe/planted-door.ts': `import '../post.ts'`,
      'src/history/planted-orphan.ts': `export const orphan = 1`,
      'src/utils/planted-drawer.ts': `import type { Leaf } from '../model/planted-leaf.ts'\nexport type Drawer = Leaf`,
      'src/post.ts': `console.log('post')`,
      'src/cage/planted-lost.ts': `import './nowhere.ts'`,
      'src/adapters/planted-tool.ts': `import fc from 'fast-check'\nexport const any = fc.anything`
    }

    beforeAll(async () => {
      copy = await mkdtemp(join(tmpdir(), 'layering-'))
      for (const name of ['src', '.dependency-cruiser.mjs', 'tsconfig.json', 'package.json']) {
        await cp(join(root, name), join(copy, name), { recursive: true })
      }
      await symlink(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction')
      for (const [path, text] of Object.entries(planted)) {
        await mkdir(dirname(join(copy, path)), { recursive: true })
        await writeFile(join(copy, path), `${text}\n`)
      }
      found = await violationsIn(copy)
    }, 60_000)

    afterAll(() => rm(copy, { recursive: true, force: true }))

    test.each([
      ['files outside adapters', 'effects-at-the-edge: src/model/planted-effect.ts -> fs'],
      ['processes, imported when needed', 'effects-at-the-edge: src/plan/planted-process.ts -> child_process'],
      ['timers outside adapters', 'effects-at-the-edge: src/run/planted-timer.ts -> timers/promises'],
      [
        'the toolkit outside adapters',
        'effects-at-the-edge: src/report/planted-toolkit.ts -> node_modules/@actions/core'
      ],
      ['a type of the toolkit', 'effects-at-the-edge: src/kernel/planted-client.ts -> node_modules/@actions/github'],
      ['a room above', 'room-diagnose: src/diagnose/planted-room.ts -> src/ports/planted-port.ts'],
      ['a room beside', 'room-survey: src/survey/planted-sideways.ts -> src/diagnose/planted-room.ts'],
      ['an adapter that parses', 'room-adapters: src/adapters/planted-adapter.ts -> src/kernel/planted-parser.ts'],
      ['the guard with an adapter', 'guard-tells-the-story: src/guard.ts -> src/adapters/planted-adapter.ts'],
      ['a door from inside', 'doors-are-not-entered-from-inside: src/observe/planted-door.ts -> src/post.ts'],
      ['a cycle of types', 'no-cycle: src/steer/planted-one.ts -> src/steer/planted-two.ts'],
      ['an orphan', 'no-orphan: src/history/planted-orphan.ts'],
      ['a room that is not in the table', 'unknown-room-file: src/utils/planted-drawer.ts'],
      ['a file that is not there', 'no-unresolvable: src/cage/planted-lost.ts'],
      ['a development dependency', 'shipped-with-the-bundle: src/adapters/planted-tool.ts -> node_modules/fast-check']
    ])('is found: %s', (_what, violation) => {
      expect(found).toContainEqual(expect.stringContaining(violation))
    })

    test.each(['src/model/planted-leaf.ts', 'src/ports/planted-port.ts'])('%s is allowed', (path) => {
      expect(found).not.toContainEqual(expect.stringContaining(`: ${path} ->`))
    })
  })
})
