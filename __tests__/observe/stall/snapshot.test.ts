import { describe, expect, test } from '@jest/globals'
import { ABSENT, unreadable, value } from '../../../src/model/reading.ts'
import { takeSnapshot } from '../../../src/observe/stall/snapshot.ts'
import { manualClock } from '../../fakes/manual-clock.ts'
import { type MemoryFiles, memoryFiles } from '../../fakes/memory-files.ts'
import { fakeProcesses } from '../../fakes/processes.ts'

interface Process {
  readonly name: string
  readonly parent: number
  readonly state?: string
  readonly where?: string
  readonly call?: string
  readonly argv?: readonly string[]
  readonly environment?: readonly string[]
  /** Descriptor to what it links to, and its `fdinfo`. */
  readonly open?: Readonly<Record<number, readonly [target: string, info?: string]>>
}

function machine(
  processes: Readonly<Record<number, Process>>,
  texts: Readonly<Record<string, string>> = {}
): MemoryFiles {
  const files = memoryFiles({ '/proc/uptime': '1000.00 1500.00\n', '/proc/self/mountinfo': MOUNTS, ...texts })
  for (const [pid, one] of Object.entries(processes)) {
    const { name, parent, state = 'S' } = one
    const stat = `${pid} (${name}) ${state} ${parent} 40 40 0 -1 0 0 0 0 0 12 3 0 0 20 0 1 0 40000 0 0\n`
    const put = (file: string, text: string): void => void files.texts.set(`/proc/${pid}/${file}`, text)
    put('stat', stat)
    put('status', `Name:\t${name}\nTracerPid:\t0\nVmRSS:\t    2048 kB\n`)
    put('cmdline', (one.argv ?? [name]).map((word) => `${word}\0`).join(''))
    put('environ', (one.environment ?? []).map((entry) => `${entry}\0`).join(''))
    put('cgroup', '6:freezer:/job\n0::/job\n')
    put(`task/${pid}/stat`, stat)
    put(`task/${pid}/wchan`, one.where ?? '0')
    put(`task/${pid}/syscall`, one.call ?? 'running')
    for (const [descriptor, [target, info = '']] of Object.entries(one.open ?? {})) {
      put(`fd/${descriptor}`, '')
      files.links.set(`/proc/${pid}/fd/${descriptor}`, target)
      put(`fdinfo/${descriptor}`, info)
    }
  }
  return files
}

const MOUNTS =
  '35 31 0:32 / /sys/fs/cgroup/freezer rw - cgroup cgroup rw,freezer\n36 31 0:33 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n'

async function look(files: MemoryFiles, pids: readonly number[], tools = fakeProcesses()) {
  const read: string[] = []
  const snapshot = await takeSnapshot(
    {
      files: {
        ...files,
        readText(path) {
          read.push(path)
          return files.readText(path)
        }
      },
      processes: tools,
      clock: manualClock(),
      root: '',
      cage: null,
      pids: () => pids,
      settings: {},
      disks: () => [{ role: 'TMPDIR', path: '/tmp', freeBytes: value(7), freeInodes: ABSENT }]
    },
    { atMs: 700, quietMs: 600, isStill: true }
  )
  return { snapshot, read }
}

describe('a look at a build that stands still', () => {
  test('shows parents before children, with age, CPU time, memory and what they wait in', async () => {
    const files = machine({
      41: { name: 'sh', parent: 40, where: 'do_wait' },
      39: { name: 'go', parent: 41, where: 'ep_poll', argv: ['/usr/local/go/bin/go', 'build'] }
    })
    const { snapshot } = await look(files, [39, 41])
    expect(snapshot.processes.map(({ pid }) => pid)).toEqual([41, 39])
    expect(snapshot.processes[1]).toMatchObject({
      tool: 'go',
      isGo: true,
      ageMs: 600_000,
      cpuMs: 150,
      residentBytes: 2_097_152,
      waits: [{ where: 'ep_poll', threads: 1 }]
    })
  })

  test('names the peer of a connection, and leaves out what the build’s processes say to each other', async () => {
    const files = machine(
      {
        41: {
          name: 'go',
          parent: 40,
          environment: ['GOPROXY=http://10.1.0.7:3000'],
          open: { 5: ['socket:[901]'], 6: ['socket:[902]'], 7: ['socket:[904]'] }
        },
        42: { name: 'app.test', parent: 41, open: { 3: ['socket:[903]'] } }
      },
      {
        '/proc/41/net/tcp': [
          '0: 0100007F:9C40 0700010A:0BB8 01 00000000:00000000 00:00000000 00000000 0 0 901 1',
          '1: 0100007F:9C41 0100007F:1F90 01 00000000:00000000 00:00000000 00000000 0 0 902 1',
          '2: 0100007F:1F90 0100007F:9C41 01 00000000:00000000 00:00000000 00000000 0 0 903 1',
          '3: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 904 1'
        ].join('\n')
      }
    )
    const tools = fakeProcesses()
    const ss = 'ESTAB 0 0 127.0.0.1:40000 10.1.0.7:3000 ino:901 sk:1 <->\n\t bytes_received:9 lastrcv:590\n'
    tools.tools.set('ss', { code: 0, stdout: ss, stderr: '', problem: null })
    const { snapshot } = await look(files, [41, 42], tools)
    expect(snapshot.processes.map(({ peers }) => peers)).toMatchObject([
      [{ address: '10.1.0.7:3000', server: { role: 'module proxy' }, receivedAgoMs: { kind: 'value', value: 590 } }],
      []
    ])
    expect(snapshot.unread).toEqual([])
  })

  test('names the lock that is waited for, its file, and who has it', async () => {
    const files = machine(
      {
        41: {
          name: 'go',
          parent: 40,
          where: 'locks_lock_inode_wait',
          open: { 8: ['/c/cache/lock', 'flags:\t02\nino:\t77\n'] }
        },
        9: { name: 'flock', parent: 1, argv: ['flock', '/c/cache/lock', 'x', '--token=abc', 'https://u:p@example.com'] }
      },
      { '/proc/locks': '1: FLOCK  ADVISORY  WRITE 9 fe:00:77 0 EOF\n1: -> FLOCK  ADVISORY  WRITE 41 fe:00:77 0 EOF\n' }
    )
    const { snapshot } = await look(files, [41])
    const command = 'flock /c/cache/lock x --token=*** https://***@example.com'
    expect(snapshot.locks).toEqual([
      { waiterPid: 41, kind: 'FLOCK', path: '/c/cache/lock', holder: { pid: 9, command, isOfBuild: false } }
    ])
  })

  test('finds who inherited a lock from a process that has ended', async () => {
    const files = machine(
      {
        41: { name: 'go', parent: 40, open: { 8: ['/c/lock', 'ino:\t77\n'] } },
        12: { name: 'daemon', parent: 1, open: { 4: ['/c/lock'] } }
      },
      { '/proc/locks': '1: FLOCK  ADVISORY  WRITE 9 fe:00:77 0 EOF\n1: -> FLOCK  ADVISORY  WRITE 41 fe:00:77 0 EOF\n' }
    )
    expect((await look(files, [41])).snapshot.locks[0]?.holder).toMatchObject({ pid: 12, command: 'daemon' })
  })

  test.each([
    ['v1', '/sys/fs/cgroup/freezer', { 'job/freezer.state': 'FROZEN\n', 'job/freezer.self_freezing': '1\n' }, 'job'],
    [
      'v2',
      '/sys/fs/cgroup/unified',
      { 'job/cgroup.events': 'populated 1\nfrozen 1\n', 'job/cgroup.freeze': '1\n' },
      'job'
    ]
  ])('sees a frozen cgroup of %s, and whether others live in it', async (version, mount, texts, name) => {
    const files = machine({ 41: { name: 'go', parent: 40 } })
    for (const [path, text] of Object.entries(texts)) files.texts.set(`${mount}/${path}`, text)
    files.texts.set(`${mount}/job/cgroup.procs`, '41\n')
    expect((await look(files, [41])).snapshot.frozen).toEqual([
      { version, directory: `${mount}/${name}`, pids: [41], holdsOnlyBuild: true }
    ])
    files.texts.set(`${mount}/job/cgroup.procs`, '41\n5\n')
    expect((await look(files, [41])).snapshot.frozen[0]?.holdsOnlyBuild).toBe(false)
  })

  test('tells standard input from a pipe that the build fills itself', async () => {
    const call = '0 0x0 0x7f7ecf336000 0x20000 0x0 0x0 0x0 0x7ffffb22aab8 0x7f7ecf4b12ad'
    const cat: Process = {
      name: 'cat',
      parent: 40,
      where: 'anon_pipe_read',
      call,
      open: { 0: ['pipe:[55]', 'flags:\t00\n'] }
    }
    const alone = machine({ 41: cat })
    expect((await look(alone, [41])).snapshot.processes[0]?.input).toEqual({ from: 'standard input' })
    const fed = machine({ 41: cat, 42: { name: 'yes', parent: 40, open: { 1: ['pipe:[55]', 'flags:\t01\n'] } } })
    expect((await look(fed, [41, 42])).snapshot.processes[0]?.input).toBeNull()
    const terminal = machine({ 41: { ...cat, where: 'wait_woken', open: { 0: ['/dev/pts/3'] } } })
    expect((await look(terminal, [41])).snapshot.processes[0]?.input).toEqual({ from: 'terminal' })
  })

  test('does not touch what could hang with a process that waits for a disk', async () => {
    const files = machine({ 41: { name: 'link', parent: 40, state: 'D', where: 'io_schedule' } })
    const { snapshot, read } = await look(files, [41])
    expect(snapshot.processes[0]).toMatchObject({ tool: 'link', state: 'D' })
    expect(read.filter((path) => /cmdline|environ|smaps|maps/.test(path))).toEqual([])
    expect(snapshot.disks).toEqual([])
    expect(snapshot.unread).toContain('free space was not asked for: a process waits in uninterruptible sleep')
  })

  test('is bounded however many processes there are, and says what it left out', async () => {
    const pids = Array.from({ length: 100 }, (_, i) => 100 + i)
    const files = machine(Object.fromEntries(pids.map((pid) => [pid, { name: 'compile', parent: 40 }])))
    const { snapshot } = await look(files, pids)
    expect([snapshot.processes.length, snapshot.omittedProcesses]).toEqual([64, 36])
  })

  test('says what it could not read', async () => {
    const files = machine({ 41: { name: 'go', parent: 40 } })
    const list: typeof files.list = (path) => (path === '/proc/41/fd' ? unreadable('EACCES') : files.list(path))
    const { snapshot } = await look({ ...files, list }, [41])
    expect(snapshot.unread).toEqual([
      'when sockets last received something: ss (iproute2) is not there',
      "open files of other users' processes (1)"
    ])
  })
})
