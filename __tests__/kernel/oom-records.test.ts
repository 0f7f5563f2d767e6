import { describe, expect, test } from '@jest/globals'
import { type OomLog, parseOomRecords } from '../../src/kernel/oom-records.ts'

const killsIn = (lines: readonly string[]): OomLog['kills'] => parseOomRecords(lines).kills
const summary = (where: string, task: string, pid: number): string =>
  `oom-kill:constraint=CONSTRAINT_${where},task=${task},pid=${pid},uid=0`
const killed = (pid: number, task: string, anonKib: number): string =>
  `Killed process ${pid} (${task}) total-vm:1448644kB, anon-rss:${anonKib}kB, file-rss:424kB, shmem-rss:0kB, UID:0 pgtables:604kB oom_score_adj:0`
const IN_LIM = 'MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/lim,task_memcg=/lim/a'

describe('a kill by a cgroup limit', () => {
  const record = {
    constraint: 'memcg',
    limitCgroup: '/lim',
    victimCgroup: '/lim/a',
    task: 'compile',
    pid: 957,
    anonBytes: 244992 * 1024
  }

  test('is told by two lines', () => {
    const lines = [
      'compile invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0',
      'memory: usage 65536kB, limit 65536kB, failcnt 1600',
      '[    957]     0   957   362161    61354   604000        0             0 compile',
      summary(IN_LIM, 'compile', 957),
      `Memory cgroup out of memory: ${killed(957, 'compile', 244992)}`,
      'oom_reaper: reaped process 957 (compile), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB'
    ]
    expect(killsIn(lines)).toEqual([record])
    expect(killsIn(lines.map((line, i) => `6,${i},${i * 10},-;${line}`))).toEqual([record])
    expect(killsIn(lines.map((line) => `[  123.456789] ${line}`))).toEqual([record])
  })

  test('whose summary was dropped keeps its constraint, not whose limit it was', () => {
    expect(killsIn([`Memory cgroup out of memory: ${killed(957, 'compile', 244992)}`])).toEqual([
      { ...record, limitCgroup: null, victimCgroup: null }
    ])
  })

  test('whose second line is not there yet has no size', () => {
    expect(killsIn([summary(IN_LIM, 'compile', 957)])).toEqual([{ ...record, anonBytes: null }])
  })

  test('of a whole group counts every task once and gives all the same cause', () => {
    const lines = [
      summary('MEMCG,nodemask=(null),cpuset=ctr1,mems_allowed=0,oom_memcg=/pod1,task_memcg=/pod1/ctr1', 'hog', 164),
      `Memory cgroup out of memory: ${killed(164, 'hog', 90000)}`,
      'Tasks in /pod1/ctr1 are going to be killed due to memory.oom.group set',
      `Memory cgroup out of memory: ${killed(164, 'hog', 12)}`,
      `Memory cgroup out of memory: ${killed(150, 'node', 40000)}`
    ]
    const cause = { constraint: 'memcg', limitCgroup: '/pod1', victimCgroup: '/pod1/ctr1' }
    expect(killsIn(lines)).toEqual([
      { ...cause, task: 'hog', pid: 164, anonBytes: 90000 * 1024 },
      { ...cause, task: 'node', pid: 150, anonBytes: 40000 * 1024 }
    ])
  })
})

describe('a kill for want of memory on the machine', () => {
  test('names no limit', () => {
    const where =
      'NONE,nodemask=(null),cpuset=agent.service,mems_allowed=0,global_oom,task_memcg=/system.slice/agent.service'
    expect(killsIn([summary(where, 'hog', 710), `Out of memory: ${killed(710, 'hog', 226400)}`])).toEqual([
      {
        constraint: 'none',
        limitCgroup: null,
        victimCgroup: '/system.slice/agent.service',
        task: 'hog',
        pid: 710,
        anonBytes: 226400 * 1024
      }
    ])
  })

  test('whose summary was dropped is not taken for a cgroup limit', () => {
    expect(killsIn([`Out of memory: ${killed(710, 'hog', 1)}`])).toMatchObject([{ constraint: 'none' }])
  })

  test.each([
    ['CPUSET', 'cpuset'],
    ['MEMORY_POLICY', 'memory-policy'],
    ['BPF', 'unknown']
  ])('under constraint %s', (word, constraint) => {
    expect(killsIn([summary(`${word},nodemask=0,global_oom,task_memcg=/`, 'go', 3)])).toMatchObject([{ constraint }])
  })
})

describe('names chosen by others', () => {
  test.each(['we ird) (x', 'a,task=b', 'x,pid=1,uid=0', 'é'])('a task called %j', (task) => {
    const lines = [summary(IN_LIM, task, 696), `Memory cgroup out of memory: ${killed(696, task, 10)}`]
    expect(killsIn(lines)).toMatchObject([{ task, pid: 696, victimCgroup: '/lim/a', anonBytes: 10240 }])
  })

  test('a cgroup path with spaces, commas and field names in it', () => {
    const path = '/my ci,task=none, of all the world and of this one, that is long enough'
    const where = `MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${path},task_memcg=${path}/b c`
    expect(killsIn([summary(where, 'link', 5)])).toMatchObject([
      { limitCgroup: path, victimCgroup: `${path}/b c`, task: 'link' }
    ])
  })

  test('a program cannot report a kill through /dev/kmsg', () => {
    expect(killsIn([`12,1,2,-;${summary(IN_LIM, 'compile', 957)}`])).toEqual([])
  })
})

test('the same pid killed in two events is two kills', () => {
  const event = [summary(IN_LIM, 'go', 9), `Memory cgroup out of memory: ${killed(9, 'go', 1)}`]
  expect(killsIn([...event, ...event])).toHaveLength(2)
})

test('an ordinary kernel log tells of no kill', () => {
  const lines = [
    'Linux version 6.18.44',
    'audit: type=1400 apparmor="DENIED"',
    'oom_reaper: reaped process 51947 (tail), now anon-rss:0kB',
    'Out of memory: Killed process'
  ]
  expect(killsIn(lines)).toEqual([])
})

describe('kernels before 5.0', () => {
  const OLD_KILL = 'Killed process 957 (compile) total-vm:1448644kB, anon-rss:244992kB, file-rss:424kB, shmem-rss:0kB'
  const CHOSEN = 'Kill process 957 (compile) score 1001 or sacrifice child'

  test('name the limit in a line of its own, and the kill without a word of it', () => {
    const lines = [
      'compile invoked oom-killer: gfp_mask=0x6000c0(GFP_KERNEL), nodemask=(null), order=0, oom_score_adj=0',
      'Task in /docker/ab/c killed as a result of limit of /docker/ab',
      'memory: usage 65536kB, limit 65536kB, failcnt 1600',
      `Memory cgroup out of memory: ${CHOSEN}`,
      OLD_KILL
    ]
    const cause = { constraint: 'memcg', limitCgroup: '/docker/ab', victimCgroup: '/docker/ab/c' }
    expect(killsIn(lines)).toMatchObject([{ ...cause, pid: 957, anonBytes: 244992 * 1024 }])
    // The first lines are rate limited: an event without them has not the cause of the one before.
    expect(killsIn([...lines, `Memory cgroup out of memory: ${CHOSEN}`, OLD_KILL.replace('957', '958')])).toMatchObject(
      [
        { pid: 957, limitCgroup: '/docker/ab' },
        { pid: 958, constraint: 'memcg', limitCgroup: null }
      ]
    )
  })

  test.each([
    [`Out of memory: ${CHOSEN}`, 'none'],
    [`Memory cgroup out of memory: ${CHOSEN}`, 'memcg'],
    ['', 'unknown']
  ])('after "%s" a bare kill is of constraint %s', (line, constraint) => {
    expect(killsIn([line, OLD_KILL])).toMatchObject([{ constraint, pid: 957 }])
  })
})

test('what the rate limit swallowed is counted', () => {
  const lines = ['oom_kill_process: 3 callbacks suppressed', 'net_ratelimit: 9 callbacks suppressed']
  expect(parseOomRecords(lines)).toEqual({ kills: [], suppressed: 3 })
})
