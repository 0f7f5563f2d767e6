import { expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { parseJetsamReport } from '../../src/kernel/jetsam-report.ts'
import { parseKmsg } from '../../src/kernel/kmsg.ts'
import { parseLimit } from '../../src/kernel/limit.ts'
import { parseMeminfo } from '../../src/kernel/meminfo.ts'
import { parseMemoryEvents } from '../../src/kernel/memory-events.ts'
import { parseHierarchicalLimit, parseMemoryStat } from '../../src/kernel/memory-stat.ts'
import { parseMemorystatus } from '../../src/kernel/memorystatus.ts'
import { directoryIn, parseMountinfo } from '../../src/kernel/mountinfo.ts'
import { parseOomControl } from '../../src/kernel/oom-control.ts'
import { parseOomRecords } from '../../src/kernel/oom-records.ts'
import { parsePressure } from '../../src/kernel/pressure.ts'
import { parseProcCgroup } from '../../src/kernel/proc-cgroup.ts'
import { parseMovedBytes } from '../../src/kernel/proc-io.ts'
import { parseProcLimits } from '../../src/kernel/proc-limits.ts'
import { parseBlockedLocks } from '../../src/kernel/proc-locks.ts'
import { parseInetSockets } from '../../src/kernel/proc-net.ts'
import { parseProcStat } from '../../src/kernel/proc-stat.ts'
import { parseProcStatus } from '../../src/kernel/proc-status.ts'
import { parseSocketAges } from '../../src/kernel/socket-ages.ts'
import { parseVmstatOomKill } from '../../src/kernel/vmstat.ts'

const HEADER = '{"bug_type":"298","timestamp":"2026-09-29 17:13:21.00 +0530"}'

const PARSERS: Readonly<Record<string, (text: string) => unknown>> = {
  parseKmsg,
  parseJetsamReport: (text) => [parseJetsamReport(text), parseJetsamReport(`${HEADER}\n${text}`)],
  parseLimit,
  parseMeminfo,
  parseMemoryEvents,
  parseHierarchicalLimit,
  parseMemoryStat,
  parseMemorystatus,
  parseMountinfo: (text) => parseMountinfo(text).map((mount) => directoryIn(mount, '/a')),
  parseOomControl,
  parseOomRecords: (text) => parseOomRecords(text.split('\n')),
  parsePressure,
  parseProcCgroup,
  parseProcLimits,
  parseMovedBytes,
  parseBlockedLocks,
  parseInetSockets,
  parseSocketAges,
  parseProcStat,
  parseProcStatus,
  parseVmstatOomKill
}

/** Pieces of real files in any order and cut anywhere, mixed with anything. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        ...[
          '\n',
          ' ',
          ':',
          '(',
          ')',
          ' - ',
          '\\040',
          '\\x',
          'max',
          '0::/',
          '/..',
          'anon ',
          'total_rss 1\n',
          '-1',
          '1e999'
        ],
        ...[
          'some avg10=',
          'total=',
          'Max open files  ',
          'RssAnon: 1 kB',
          '6,1,2,-;',
          '[ 1.2] ',
          'Killed process 1 (',
          'memorystatus: killing ',
          'Task in ',
          '1: FLOCK  ADVISORY  WRITE 9 fe:00:11 0 EOF',
          ' 0: 0100007F:A8EC 0100007F:B213 01 0:0 0:0 0 0 0 7',
          ' ino:7 lastrcv:'
        ],
        ...[
          'oom-kill:constraint=CONSTRAINT_MEMCG,',
          ',oom_memcg=',
          ',task_memcg=',
          ',task=',
          ',pid=1,uid=0',
          ') total-vm:1kB'
        ]
      ),
      fc.bigInt().map(String)
    ),
    { maxLength: 40 }
  )
  .map((parts) => parts.join(''))

test.each(Object.entries(PARSERS))('%s takes any text without throwing', (_, parse) => {
  fc.assert(fc.property(hostile, (text) => parse(text) !== undefined))
})

test('a number in a reading is always one that can be counted with', () => {
  fc.assert(
    fc.property(fc.oneof(hostile, fc.bigInt({ min: 0n }).map(String)), (amount) => {
      for (const reading of [parseMemoryStat(`anon ${amount}\n`).anonBytes, parseLimit(amount)]) {
        if (reading.kind === 'value') expect(Number.isSafeInteger(reading.value)).toBe(true)
      }
    })
  )
})
