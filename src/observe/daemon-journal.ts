import type { ReportedKill } from '../model/evidence.ts'
import { type Reading, unreadable, value } from '../model/reading.ts'
import type { ToolResult } from '../ports/processes.ts'
import { DAEMON_UNITS, daemonKills, parseJournalEntries } from './daemon-messages.ts'
import { type LogTools, seesHostPids } from './kernel-log.ts'

const DEADLINE_MS = 3000

/**
 * The kills of systemd-oomd, earlyoom and nohang since `sinceSeconds` of the wall clock, by the journal. Only what came
 * from their units counts: the words alone anybody can write. A pid is left out of account in another pid namespace.
 */
export async function readDaemonKills(
  tools: LogTools,
  sinceSeconds: number
): Promise<Reading<readonly ReportedKill[]>> {
  const query = [
    '--output=json',
    '--output-fields=MESSAGE,_SYSTEMD_UNIT',
    `--since=@${Math.floor(sinceSeconds)}`,
    '--lines=1000',
    '--no-pager',
    ...DAEMON_UNITS.map((unit) => `_SYSTEMD_UNIT=${unit}`)
  ]
  const refusals: string[] = []
  for (const prefix of tools.maySudo ? [[], ['sudo', '-n', '--']] : [[]]) {
    const ask = (args: readonly string[]): Promise<ToolResult> => {
      const [tool = '', ...rest] = [...prefix, 'journalctl', ...args]
      return tools.processes.run(tool, rest, { deadlineMs: DEADLINE_MS })
    }
    const done = await ask(query)
    const kills = daemonKills(parseJournalEntries(done.stdout))
    const refusal = refusalOf(done) ?? (kills.length > 0 ? null : await closedTo(ask))
    if (refusal === null) return value(seesHostPids(tools) ? kills : kills.filter(({ victim }) => 'cgroup' in victim))
    refusals.push(`${[...prefix, 'journalctl'][0]}: ${refusal}`)
  }
  return unreadable(refusals.join('; '))
}

function refusalOf({ code, problem, stderr }: ToolResult): string | null {
  return problem ?? (code === 0 ? null : stderr.trim().split('\n')[0] || 'it failed without a word')
}

/**
 * Why nothing was found, if that is because the journal of the system is closed to this user, or there is none: journalctl
 * then ends with 0, and with JSON keeps its hint to itself. Where it is open, something of pid 1 is in it.
 */
async function closedTo(ask: (args: readonly string[]) => Promise<ToolResult>): Promise<string | null> {
  const done = await ask(['--lines=1', '--no-pager', '--output=short', '_PID=1'])
  const hint = /not seeing messages from other users|insufficient permissions|No journal files/.exec(done.stderr)?.[0]
  const hasEntry = done.stdout.split('\n').some((line) => line !== '' && !line.startsWith('-- '))
  return refusalOf(done) ?? hint ?? (hasEntry ? null : 'nothing of the system is in it')
}
