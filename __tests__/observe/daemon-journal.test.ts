import { describe, expect, test } from '@jest/globals'
import { readDaemonKills } from '../../src/observe/daemon-journal.ts'
import { daemonKills, parseJournalEntries } from '../../src/observe/daemon-messages.ts'
import type { LogTools } from '../../src/observe/kernel-log.ts'
import type { ToolResult } from '../../src/ports/processes.ts'
import { memoryFiles } from '../fakes/memory-files.ts'
import { fakeProcesses } from '../fakes/processes.ts'

function entry(unit: string, message: unknown): string {
  return JSON.stringify({ _SYSTEMD_UNIT: `${unit}.service`, MESSAGE: message, __CURSOR: 's=1' })
}

function told(unit: string, ...messages: readonly string[]): readonly string[] {
  const entries = parseJournalEntries(messages.map((message) => entry(unit, message)).join('\n'))
  return daemonKills(entries).map(({ by, victim, signal }) =>
    'pid' in victim ? `${by} ${signal} ${victim.pid} ${victim.name}` : `${by} ${signal} ${victim.cgroup}`
  )
}

describe('kills in the words of daemons', () => {
  test('systemd-oomd names a cgroup, in the words of old and new releases', () => {
    expect(
      told(
        'systemd-oomd',
        'Considered 21 cgroups for killing, top candidates were:',
        '\tPath: /system.slice/a.scope',
        'Killed /system.slice/a.scope due to memory pressure for /system.slice being 83.21% > 60.00% for > 30s with reclaim activity',
        'Marked /system.slice/b c.scope for killing due to memory used (15449980928) / total (16437264384) and swap used (14808154112) / total (16436412416) being more than 90.00%'
      )
    ).toEqual(['systemd-oomd SIGKILL /system.slice/a.scope', 'systemd-oomd SIGKILL /system.slice/b c.scope'])
  })

  test('earlyoom names a process, and with its second signal the same one', () => {
    expect(
      told(
        'earlyoom',
        'low memory! at or below SIGTERM limits: mem 10.00%, swap 10.00%',
        'sending SIGTERM to process 343907 uid 1000 "compile": oom_score 961, oom_score_adj 500, VmRSS 5574 MiB, cmdline "/go/compile -o x"',
        'escalating to SIGKILL after 6.004 seconds',
        'sending 0 (no-op signal) to process 1 uid 0 "init": badness 0, VmRSS 1 MiB',
        'sending SIGKILL to process 5 uid 1000 "a" b": badness 961, VmRSS 5574 MiB'
      )
    ).toEqual(['earlyoom SIGTERM 343907 compile', 'earlyoom SIGKILL 343907 compile', 'earlyoom SIGKILL 5 a" b'])
  })

  test('nohang names the victim before it acts', () => {
    expect(
      told(
        'nohang',
        '  PID: 77, Name: cc1, badness: 12',
        'Process with highest badness (found in 12ms):',
        '  PID: 4321, Name: compile, badness: 700',
        'Implementing a corrective action:',
        '  Sending SIGTERM to the victim',
        'New victim is cached victim 4400 (link)',
        '  Sending SIGKILL to the victim'
      )
    ).toEqual(['nohang SIGTERM 4321 compile', 'nohang SIGKILL 4400 link'])
  })

  test('count only from the unit of the daemon: the build can write the same words', () => {
    const words = 'sending SIGKILL to process 5 uid 0 "compile": badness 961, VmRSS 5574 MiB'
    expect(told('actions-runner', words)).toEqual([])
    expect(told('systemd-oomd', words)).toEqual([])
  })
})

test('journal entries of another form are skipped', () => {
  const lines = [
    '',
    '-- No entries --',
    '[1]',
    'null',
    '{"MESSAGE":"x"}',
    entry('earlyoom', [104, 105]),
    entry('a', 'b')
  ]
  expect(parseJournalEntries(lines.join('\n'))).toEqual([{ unit: 'a.service', message: 'b' }])
})

describe('asking the journal', () => {
  const KILL = entry('earlyoom', 'sending SIGKILL to process 5 uid 0 "compile": badness 9, VmRSS 5 MiB')
  const OOMD = entry('systemd-oomd', 'Killed /a.scope due to memory pressure for / being 1% > 0% for > 30s')
  const OF_PID_1 = 'Nov 21 18:00:01 host systemd[1]: Started a.service.\n'
  const EMPTY = '-- No entries --\n'

  interface Journal {
    readonly daemons?: Partial<ToolResult>
    readonly pid1?: Partial<ToolResult>
    /** What sudo answers to both questions. */
    readonly sudo?: Partial<ToolResult>
    readonly isContainer?: boolean
  }

  function ask({ daemons = {}, pid1 = { stdout: OF_PID_1 }, sudo, isContainer }: Journal): Promise<unknown> {
    const run: LogTools['processes']['run'] = async (tool, args) => {
      const said = tool === 'sudo' ? sudo : args.includes('_PID=1') ? pid1 : daemons
      return { code: 0, stdout: '', stderr: '', problem: null, ...said }
    }
    const files = memoryFiles(isContainer === true ? {} : { '/proc/2/comm': 'kthreadd\n' })
    const processes = { ...fakeProcesses(), run }
    return readDaemonKills({ files, processes, root: '', maySudo: sudo !== undefined }, 1_700_000_000.7)
  }

  test('an empty answer is no kill where the journal of the system is open', async () => {
    expect(await ask({ daemons: { stdout: EMPTY } })).toEqual({ kind: 'value', value: [] })
  })

  test.each([
    [{ stdout: EMPTY }, 'nothing of the system is in it'],
    [
      { stderr: 'Hint: You are currently not seeing messages from other users and the system.\n' },
      'not seeing messages from other users'
    ],
    [{ stderr: 'No journal files were found.\n' }, 'No journal files'],
    [{ code: null, problem: 'no answer within 3000 ms' }, 'no answer within 3000 ms']
  ])('an empty answer is none where it is closed, or not there: %o', async (pid1, reason) => {
    expect(await ask({ pid1 })).toEqual({ kind: 'unreadable', reason: `journalctl: ${reason}` })
  })

  test('sudo opens it where it may', async () => {
    const closed = { pid1: { stdout: EMPTY } }
    expect(await ask({ ...closed, sudo: { stdout: KILL } })).toMatchObject({ value: [{ by: 'earlyoom' }] })
    expect(await ask({ ...closed, sudo: { code: 1, stderr: 'sudo: a password is required' } })).toEqual({
      kind: 'unreadable',
      reason: 'journalctl: nothing of the system is in it; sudo: sudo: a password is required'
    })
  })

  test('in another pid namespace only cgroups count', async () => {
    const daemons = { stdout: `${KILL}\n${OOMD}\n` }
    expect(await ask({ daemons })).toMatchObject({ value: [{}, {}] })
    expect(await ask({ daemons, isContainer: true })).toMatchObject({ value: [{ by: 'systemd-oomd' }] })
  })

  test.each([
    [{ code: null, problem: 'no answer within 3000 ms' }, 'journalctl: no answer within 3000 ms'],
    [{ code: 1, stderr: 'Failed to open journal\nx' }, 'journalctl: Failed to open journal']
  ])('says why it could not: %o', async (daemons, reason) => {
    expect(await ask({ daemons })).toEqual({ kind: 'unreadable', reason })
  })
})
