import { expect, test } from '@jest/globals'
import { exitCodeOf } from '../../src/run/exit-code.ts'

test.each([
  ['the command’s own status', { code: 3, signal: null }, null, 3],
  ['128+9 where SIGKILL ended it, never 0', { code: null, signal: 'SIGKILL' }, null, 137],
  ['128+15 where SIGTERM ended it', { code: null, signal: 'SIGTERM' }, null, 143],
  [
    '124 where our timeout ended it, though the command made 0 of it',
    { code: 0, signal: null },
    { kind: 'timeout', afterMs: 1 },
    124
  ],
  [
    '124 where it stood still and our guard ended it',
    { code: 2, signal: null },
    { kind: 'stall', afterMs: 2, quietMs: 1 },
    124
  ],
  [
    '137 where the watch ended it',
    { code: null, signal: 'SIGKILL' },
    { kind: 'watch', afterMs: 1, limitBytes: 1, treeBytes: 2, level: 'host' },
    137
  ]
] as const)('the exit code is %s', (_title, exit, stop, expected) => {
  expect(exitCodeOf(exit, stop)).toBe(expected)
})
