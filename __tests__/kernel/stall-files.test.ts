import { describe, expect, test } from '@jest/globals'
import { parseMovedBytes } from '../../src/kernel/proc-io.ts'
import { parseBlockedLocks } from '../../src/kernel/proc-locks.ts'
import { parseInetSockets } from '../../src/kernel/proc-net.ts'
import { parseSocketAges } from '../../src/kernel/socket-ages.ts'

test('/proc/PID/io gives what system calls moved', () => {
  expect(parseMovedBytes('rchar: 3079\nwchar: 168\nsyscr: 24\nsyscw: 3\nread_bytes: 4096\n')).toBe(3247)
  expect(parseMovedBytes('')).toBeNull()
})

describe('/proc/PID/net', () => {
  const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'

  test('tells the ends of a connection, its state, its queues and its inode', () => {
    const line =
      '   2: 0100007F:A8EC 0100007F:B213 01 00000005:0000007B 02:00000AEC 00000000     0        0 1265224 2 00000000e5e315af 20 0 0 11 -1\n'
    expect(parseInetSockets(HEAD + line)).toEqual([
      {
        local: '127.0.0.1:43244',
        remote: '127.0.0.1:45587',
        state: 'ESTABLISHED',
        sendQueueBytes: 5,
        receiveQueueBytes: 123,
        inode: '1265224'
      }
    ])
  })

  test.each([
    ['000080FE00000000FF565EC2C46F9EFE', '[fe80::c25e:56ff:fe9e:6fc4]:443'],
    ['00000000000000000000000001000000', '[::1]:443'],
    ['B80D0120000000000000000007000000', '[2001:db8::7]:443'],
    ['0000000000000000FFFF00000700010A', '10.1.0.7:443']
  ])('writes the address %s as %s', (hex, shown) => {
    const line = `  0: ${hex}:0001 ${hex}:01BB 02 00000000:00000000 00:00000000 00000000 0 0 7 1`
    expect(parseInetSockets(HEAD + line)).toMatchObject([{ remote: shown, state: 'SYN_SENT' }])
  })
})

describe('/proc/locks', () => {
  test('tells who waits behind whom', () => {
    const text =
      '1: POSIX  ADVISORY  WRITE 9 fe:00:11 0 EOF\n' +
      '2: FLOCK  ADVISORY  WRITE 26640 fe:00:9978905 0 EOF\n' +
      '2: -> FLOCK  ADVISORY  WRITE 27178 fe:00:9978905 0 EOF\n' +
      '2:  -> FLOCK  ADVISORY  WRITE 27179 fe:00:9978905 0 EOF\n'
    const lock = { kind: 'FLOCK', holderPid: 26640, inode: '9978905', file: 'fe:00:9978905' }
    expect(parseBlockedLocks(text)).toEqual([
      { ...lock, waiterPid: 27178 },
      { ...lock, waiterPid: 27179 }
    ])
  })
})

describe('ss -tinHe', () => {
  test('tells by inode how long nothing has come, and whether anything ever did', () => {
    const text =
      'ESTAB 0      0      127.0.0.1:43244 127.0.0.1:45587 timer:(keepalive,27sec,0) ino:1265224 sk:1 cgroup:/ <->\n' +
      '\t ts sack bbr wscale:10,10 bytes_sent:123 lastsnd:2048 lastrcv:2048 lastack:2048\n' +
      'ESTAB 123    0      127.0.0.1:45587 127.0.0.1:43244 ino:1265201 sk:2 <->\n' +
      '\t ts sack bytes_received:123 lastsnd:2048 lastrcv:7 lastack:2048\n' +
      'TIME-WAIT 0  0      127.0.0.1:1 127.0.0.1:2 timer:(timewait,58sec,0) ino:0 sk:5\n'
    expect(parseSocketAges(text)).toEqual(
      new Map([
        ['1265224', { receivedBytes: 0, receivedAgoMs: 2048 }],
        ['1265201', { receivedBytes: 123, receivedAgoMs: 7 }]
      ])
    )
  })
})
