// What a run costs at the least: `true` plain, in a bare Node, through the command line, and through the action.
//   node bench/startup.mjs [RUNS]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { median, timed } from './pairs.mjs'

const runs = Number(process.argv[2] ?? 15)
const dist = resolve(import.meta.dirname, '../dist')
const directory = mkdtempSync(join(tmpdir(), 'bench-startup-'))
try {
  const file = (name) => {
    writeFileSync(join(directory, name), '')
    return join(directory, name)
  }
  const runner = {
    ...process.env,
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_RUN_ID: '1',
    GITHUB_OUTPUT: file('output'),
    GITHUB_STATE: file('state'),
    GITHUB_STEP_SUMMARY: file('summary'),
    RUNNER_TEMP: directory,
    INPUT_COMMAND: 'true'
  }
  const cases = {
    'bash -e FILE': { argv: ['bash', '-e', file('true.sh')] },
    'node, empty file': { argv: [process.execPath, file('empty.mjs')] },
    'guard, command line': { argv: [process.execPath, join(dist, 'cli.js'), 'run', '--', 'true'] },
    'guard, action': { argv: [process.execPath, join(dist, 'main/index.js')], env: runner }
  }
  const seconds = Object.fromEntries(Object.keys(cases).map((name) => [name, []]))
  for (let i = 0; i < runs; i++) {
    for (const [name, { argv, env }] of Object.entries(cases)) seconds[name].push(await timed(argv, env ? { env } : {}))
  }
  for (const [name, all] of Object.entries(seconds))
    console.log(`${name.padEnd(22)} median ${(1000 * median(all)).toFixed(0)} ms`)
} finally {
  rmSync(directory, { recursive: true, force: true })
}
