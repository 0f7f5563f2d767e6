import { expect, test } from '@jest/globals'
import { parseProcTimes } from '../../src/kernel/proc-times.ts'

test.each([
  [
    '957 (compile) R 951 950 950 0 -1 4194304 98 0 7 0 310 22 5 6 20 0 9 0 69153 3133440 390\n',
    { userTicks: 310, systemTicks: 22 }
  ],
  ['957 (a) (b c) S 951 950 950 0 -1 4194304 98 0 7 0 0 0 5 6 20 0 9\n', { userTicks: 0, systemTicks: 0 }],
  ['957 (compile) R 951 950 950 0 -1 4194304 98 0 7 0 310', null],
  ['', null]
])('the processor time of %j', (text, times) => {
  expect(parseProcTimes(text)).toEqual(times)
})
