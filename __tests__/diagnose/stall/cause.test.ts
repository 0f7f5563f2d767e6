import { describe, expect, test } from '@jest/globals'
import { causeOfStall, stallRows } from '../../../src/diagnose/stall/cause.ts'
import { stallInLines } from '../../../src/diagnose/stall/describe.ts'
import { stallRemedies } from '../../../src/diagnose/stall/remedies.ts'
import { ABSENT, unreadable, value } from '../../../src/model/reading.ts'
import type { StallSnapshot } from '../../../src/model/stall.ts'
import {
  ASLEEP,
  AT_PROMPT,
  FROZEN_V1,
  HARDLY_READABLE,
  HELD_FILE_SYSTEM,
  LOCKED_CACHE,
  peer,
  SILENT_GIT,
  SILENT_PROXY,
  STOPPED,
  snapshot,
  THRASHING,
  wait,
  waiting
} from './snapshots.ts'

const OWN_LOCK: StallSnapshot = {
  ...SILENT_PROXY,
  processes: [...SILENT_PROXY.processes, waiting(4251, 'go', { waits: [wait('locks_lock_inode_wait')] })],
  locks: [
    {
      waiterPid: 4251,
      kind: 'FLOCK',
      path: '/c/cache/lock',
      holder: { pid: 4250, command: 'go build', isOfBuild: true }
    }
  ]
}

const cases: readonly (readonly [string, StallSnapshot, string, string, RegExp])[] = [
  [
    'a silent module proxy',
    SILENT_PROXY,
    'stall.network',
    'certain',
    /^`go` \(process 4250\) waits for `10\.1\.0\.7:443`, the module proxy `goproxy\.example\.com:443` \(connected, nothing received\)$/
  ],
  [
    'a silent Git server',
    SILENT_GIT,
    'stall.network',
    'certain',
    /^`git-remote-https` \(process 4262\) .* the Git server `git\.example\.com:443`/
  ],
  [
    'a host that does not take the call',
    snapshot([
      waiting(1, 'curl', { peers: [peer(), peer({ state: 'SYN_SENT', server: null, address: '10.9.9.9:80' })] })
    ]),
    'stall.network',
    'certain',
    /`10\.9\.9\.9:80` \(no answer to the attempt to connect\)/
  ],
  [
    'a connection of unknown age',
    snapshot([waiting(1, 'curl', { peers: [peer({ receivedAgoMs: unreadable('no ss') })] })]),
    'stall.network',
    'likely',
    /\(connected\)$/
  ],
  [
    'a program that does not read what came',
    snapshot([waiting(1, 'curl', { peers: [peer({ unreadBytes: 4096, receivedAgoMs: value(590_000) })] })]),
    'stall.network',
    'likely',
    /received and not read/
  ],
  [
    'a name server',
    snapshot([
      waiting(1, 'go', {
        peers: [peer({ protocol: 'udp', address: '10.0.0.2:53', server: { role: 'name server', host: '10.0.0.2:53' } })]
      })
    ]),
    'stall.network',
    'certain',
    /`10\.0\.0\.2:53`, the name server \(UDP, nothing received\)/
  ],
  [
    'a lock of another process',
    LOCKED_CACHE,
    'stall.lock',
    'certain',
    /the module cache lock `\/home\/runner\/go\/pkg\/mod\/cache\/lock`, held by process 3999 \(`flock` `.*` `sleep` `100`\)$/
  ],
  [
    'a lock whose holder cannot be seen',
    { ...LOCKED_CACHE, locks: [] },
    'stall.lock',
    'likely',
    /who holds it cannot be seen/
  ],
  [
    'a lock of the build itself, whose holder waits for the network',
    OWN_LOCK,
    'stall.network',
    'certain',
    /process 4250/
  ],
  [
    'a deadlock of two locks of the build',
    { ...OWN_LOCK, processes: OWN_LOCK.processes.map((one) => ({ ...one, peers: [] })) },
    'stall.lock',
    'likely',
    /, of the same build$/
  ],
  [
    'a stopped compiler',
    STOPPED,
    'stall.stopped',
    'certain',
    /^`compile` on `example\.com\/app\/api` \(process 4250\) is stopped/
  ],
  [
    'a debugger',
    snapshot([waiting(1, 'go', { state: 't', tracerPid: 77 })]),
    'stall.stopped',
    'certain',
    /held by a debugger, process 77/
  ],
  [
    'a frozen cgroup, and not its uninterruptible processes',
    FROZEN_V1,
    'stall.frozen',
    'certain',
    /`\/sys\/fs\/cgroup\/freezer\/job` is frozen \(v1\), with 1 process of the build/
  ],
  [
    'a held file system',
    HELD_FILE_SYSTEM,
    'stall.io',
    'likely',
    /^`sh` \(process 4250\) is in uninterruptible sleep \(state D\) in `percpu_rwsem_wait`/
  ],
  [
    'a FUSE server, waited for with interruptions allowed',
    snapshot([waiting(1, 'go', { waits: [wait('request_wait_answer')] })]),
    'stall.io',
    'likely',
    /waits in `request_wait_answer`/
  ],
  [
    'a child that replaces itself, which is no disk',
    snapshot([waiting(1, 'go', { state: 'D', waits: [wait('wait_for_vfork_done', { state: 'D' })] })]),
    'stall.unknown',
    'possible',
    /wait_for_vfork_done/
  ],
  [
    'memory, and not the disk that is read because of it',
    THRASHING,
    'stall.thrash',
    'certain',
    /93 % of the build's last 10 s lost to it, 12400 pages a second read again, 250 of 250 MiB used/
  ],
  [
    'memory.high, where nothing tells of pressure',
    {
      ...HARDLY_READABLE,
      processes: [waiting(1, 'compile', { state: 'D', waits: [wait('mem_cgroup_handle_over_high', { state: 'D' })] })]
    },
    'stall.thrash',
    'likely',
    /waits in `mem_cgroup_handle_over_high`/
  ],
  ['standard input', AT_PROMPT, 'stall.unknown', 'likely', /^`cat` \(process 4250\) waits for standard input/],
  [
    'a terminal',
    snapshot([waiting(1, 'ssh', { input: { from: 'terminal' } })]),
    'stall.unknown',
    'likely',
    /input from the terminal/
  ],
  ['a sleep', ASLEEP, 'stall.unknown', 'possible', /^`sleep` \(process 4250\) sleeps on purpose/],
  [
    'a connection that is only kept open, while a child sleeps',
    snapshot([
      waiting(1, 'go', { peers: [peer()] }),
      waiting(2, 'sleep', { parentPid: 1, waits: [wait('hrtimer_nanosleep')] })
    ]),
    'stall.unknown',
    'possible',
    /`sleep`/
  ],
  [
    'a proxy, while a helper waits for its next order',
    snapshot([
      waiting(1, 'go', { peers: [peer()] }),
      waiting(2, 'cacheprog', { parentPid: 1, waits: [wait('pipe_read')] })
    ]),
    'stall.network',
    'certain',
    /`go`/
  ],
  ['nothing that can be read', HARDLY_READABLE, 'stall.unknown', 'possible', /the kernel does not say for what/],
  ['no process', snapshot([]), 'stall.unknown', 'possible', /no process/]
]

describe('a build that stands still', () => {
  test.each(cases)('waits for %s', (_name, of, id, confidence, reason) => {
    const cause = causeOfStall(of)
    expect({ id: cause.id, confidence: cause.confidence }).toEqual({ id, confidence })
    expect(cause.reason).toMatch(reason)
  })

  test('is told with what was ruled out', () => {
    expect(stallRows(SILENT_PROXY).map(({ hypothesis, verdict }) => `${verdict}: ${hypothesis}`)).toEqual([
      'cause: Waiting for the network',
      'ruled out: Waiting for a file lock',
      'ruled out: Stopped or frozen',
      'ruled out: Waiting for a disk',
      'ruled out: Short of memory'
    ])
  })

  test('has a row for what could not be read, and none for what was not looked at', () => {
    const rows = stallRows(HARDLY_READABLE)
    expect(rows.at(-1)).toMatchObject({ verdict: 'not checked', measured: "open files of other users' processes (1)" })
    expect(rows.map(({ hypothesis }) => hypothesis)).not.toContain('Short of memory')
  })

  test('is not said of one that was at work', () => {
    const atWork = { ...SILENT_PROXY, isStill: false }
    expect(stallRows(atWork)).toMatchObject([{ verdict: 'ruled out' }])
    expect(stallInLines(atWork)[0]).toBe('the build is at work')
  })

  test('is a few lines of log, however many processes there are', () => {
    const many = Array.from({ length: 64 }, (_, i) => waiting(5000 + i, 'go', { waits: [wait('do_epoll_wait')] }))
    const lines = stallInLines(snapshot(many, { omittedProcesses: 100 }))
    expect(lines).toHaveLength(10)
    expect(lines.at(-1)).toBe('and 156 more processes')
  })
})

describe('what to do', () => {
  const commandsOf = (of: StallSnapshot): readonly string[] =>
    stallRemedies(of).flatMap(({ snippet }) => snippet?.lines ?? [])

  test.each([
    ['asks the server', SILENT_PROXY, ['curl -v --max-time 10 https://goproxy.example.com:443/']],
    ['shows the holder', LOCKED_CACHE, ['ps -fp 3999']],
    ['continues', STOPPED, ['kill -CONT 4250']],
    ['thaws', FROZEN_V1, ['echo THAWED > /sys/fs/cgroup/freezer/job/freezer.state']]
  ])('%s', (_name, of, lines) => {
    expect(commandsOf(of)).toEqual(lines)
  })

  test('has no name in a command that a shell could read more into', () => {
    const hostile = { ...FROZEN_V1, frozen: FROZEN_V1.frozen.map((one) => ({ ...one, directory: '/sys/$(reboot)' })) }
    const server = { role: 'server', host: 'a;reboot:80' } as const
    const named = snapshot([waiting(1, 'curl', { peers: [peer({ server, receivedAgoMs: ABSENT })] })])
    expect([...commandsOf(hostile), ...commandsOf(named)].join()).not.toContain('reboot')
  })
})
