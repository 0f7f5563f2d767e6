import { describe, expect, test } from '@jest/globals'
import { parseKmsg } from '../../src/kernel/kmsg.ts'

const TEXT = 'Out of memory: Killed process 7 (go)'

describe('the kernel log', () => {
  test.each([
    ['a record of /dev/kmsg', `3,1234,5678901,-;${TEXT}`, 5_678_901],
    ['a record with further flags', `6,9,12,c,caller=T957;${TEXT}`, 12],
    ['a line of dmesg', `[  123.456789] ${TEXT}`, 123_456_789],
    ['a raw line of dmesg', `<3>[    0.000001] ${TEXT}`, 1],
    ['a line of dmesg with the caller', `[  123.456789][  T957] ${TEXT}`, 123_456_789],
    ['a line of journalctl -k', `Nov  1 15:21:45 runner-1 kernel: ${TEXT}`, null],
    ['a line of journalctl -k -o short-monotonic', `[  123.456789] runner-1 kernel: ${TEXT}`, 123_456_789],
    ['bare text', TEXT, null]
  ])('%s', (_, line, atUs) => {
    expect(parseKmsg(`${line}\n`)).toEqual([{ text: TEXT, atUs }])
  })

  test('leaves out the properties that follow a record', () => {
    expect(
      parseKmsg('6,1,2,-;text\n SUBSYSTEM=pci\n DEVICE=+pci:0000\n6,2,3,-;next\n').map(({ text }) => text)
    ).toEqual(['text', 'next'])
  })

  test('leaves out what programs wrote there, whose facility is not the kernel', () => {
    expect(parseKmsg(`12,1,2,-;${TEXT}\n30,2,3,-;systemd[1]: started\n`)).toEqual([])
  })

  test('decodes escaped letters and leaves control characters escaped', () => {
    expect(parseKmsg('6,1,2,-;caf\\xc3\\xa9 \\x5c \\x1b[31m').map(({ text }) => text)).toEqual(['café \\ \\x1b[31m'])
  })
})
