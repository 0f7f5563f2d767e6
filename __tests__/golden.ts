import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect } from '@jest/globals'

/**
 * Compares a whole text with a stored file. `UPDATE_GOLDENS=1` writes the file instead; without it a missing file
 * fails, so that a new golden is looked at before it counts.
 */
export function expectGolden(path: string, text: string): void {
  if (process.env['UPDATE_GOLDENS'] === '1') {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    return
  }
  if (!existsSync(path)) throw new Error(`${path} is missing; UPDATE_GOLDENS=1 writes it`)
  expect(text).toBe(readFileSync(path, 'utf8'))
}
