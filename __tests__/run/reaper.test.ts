import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { nodeProcesses } from '../../src/adapters/node-processes.ts'
import { startReaper } from '../../src/run/reaper.ts'

/** Directories stand for cgroups: `rmdir` takes both away if they are empty. */
test('a cage that came into being after nobody waited for it any more is taken away at the farewell', async () => {
  const place = mkdtempSync(join(tmpdir(), 'reaper-'))
  try {
    const [empty, used, foreign] = ['empty', 'used', 'foreign'].map((name) => join(place, name))
    const reaper = startReaper(nodeProcesses, 'linux', false)
    for (const path of [empty, used]) reaper.cage(String(path))
    for (const path of [empty, used, foreign]) mkdirSync(String(path))
    writeFileSync(join(String(used), 'something'), '')
    reaper.dismiss()
    while (existsSync(String(empty))) await new Promise((resolve) => setTimeout(resolve, 10))
    expect([used, foreign].map((path) => existsSync(String(path)))).toEqual([true, true])
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
})
