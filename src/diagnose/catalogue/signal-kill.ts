import { formatBytes, formatShare } from '../../model/bytes.ts'
import { code, type Prose, prose } from '../../model/prose.ts'
import type { Case } from '../case.ts'
import { advice, commands, type Definition, type Match, quoted } from '../definition.ts'
import { endInWords } from '../end-words.ts'
import { lowestAvailableBytes, machineBytes } from '../figures.ts'
import { HYPOTHESES } from '../hypotheses.ts'
import { isLaunchKill } from '../launch-kill.ts'
import { firstLineOf, group } from '../log-hits.ts'
import { COMPARED, statusWords } from '../status-words.ts'
import { nameOf } from '../victim.ts'
import { terminatedTool, WINDOWS_TOOL } from '../windows-status.ts'

/** SIGKILL that was not for memory, or of which nothing but the status is known. */
export const signalKill: Definition = {
  id: 'signal.kill',
  title: 'Killed, sender not visible',
  meaning:
    'A process was ended by SIGKILL, which it can neither catch nor explain, and Linux does not record the sender. Where the counters of the kernel were read and no out-of-memory kill was counted, it was not memory: then another process sent it, such as `kill -9`, `timeout -s KILL`, a container being removed, or a platform. Status 137 alone says only 128 + 9. Windows has no signals: a process that is ended there has the status its killer chose, 1 for `taskkill /f`.',
  patterns: [
    {
      // + kill -9 4711   (a shell with `set -x`)
      name: 'sender',
      anchor: ['kill -9', 'kill -KILL', 'kill -s KILL', 'pkill', 'killall'],
      regex: /^\s*\++ (?:\S{0,100}\/)?(?:kill (?:-9|-KILL|-s KILL)|pkill|killall)\b/
    },
    {
      // [1]    88201 killed     ./app   (zsh) · ./run.sh: line 3: 42 Killed: 9   ./app   (bash on macOS)
      name: 'program',
      anchor: ['killed ', 'Killed: 9', 'zsh: killed'],
      regex: /^\s*\[\d{1,4}\]\s{1,10}[+-]?\s{0,10}\d{1,9} killed\s{2,}|^zsh: killed {2,}|(?:^|\s)Killed: 9(?:\s|$)/,
      unless: /terminated with signal/
    },
    {
      // returned a non-zero code: 137 · exit status 137 · exited with code 137 · make: *** [all] Error 137
      name: 'status',
      anchor: '137',
      regex: new RegExp(statusWords('137'), 'i'),
      unless: COMPARED
    },
    WINDOWS_TOOL
  ],
  judge: (of) => measuredKill(of) ?? statedKill(of) ?? terminatedOnWindows(of),
  rulesOut: ['ownCap', 'machine', 'limitAbove', 'memoryDaemon', 'macKernel', 'stopped'],
  remedies: (_match, of) =>
    of.attribution.endedBy === 'other'
      ? [
          commands(prose`find the sender. A larger runner or a lower ${code('-p')} will not help.`, [
            "git grep -nE 'pkill|kill -9|-s *KILL'"
          ])
        ]
      : [
          advice(
            prose`look at what runs beside the build: a time limit, a container that was stopped, ${code('kill')} in a script.`
          ),
          advice(prose`memory is possible too: the kernel log of the machine (${code('journalctl -k')}) tells.`)
        ],
  catches: [
    { log: 'Building\n', exitCode: 137 },
    { log: "ERROR: The command '/bin/sh -c go build' returned a non-zero code: 137\n", exitCode: 1 },
    { log: '+ kill -9 4711\nKilled\n', exitCode: 137 },
    { log: 'example.com/app: C:\\go\\pkg\\tool\\windows_amd64\\compile.exe: exit status 1\n', exitCode: 1 }
  ],
  ignores: [
    { log: 'ok  \texample.com/a137\t0.137s\nFAIL\texample.com/b\t0.2s\n', exitCode: 1 },
    { log: 'compile: exit status 2\n', exitCode: 1 },
    { log: 'example.com/app: C:\\go\\pkg\\tool\\windows_amd64\\link.exe: exit status 2\n', exitCode: 1 }
  ],
  links: ['https://man7.org/linux/man-pages/man7/signal.7.html', 'https://man7.org/linux/man-pages/man1/timeout.1.html']
}

function measuredKill(of: Case): Match | null {
  const { attribution, trace, victim, evidence } = of
  if (trace?.signal !== 'SIGKILL' || attribution.endedBy !== 'other' || attribution.outOfMemory === 'true') return null
  const lowest = lowestAvailableBytes(evidence)
  const total = machineBytes(evidence)
  const available = lowest === null ? null : total === null ? formatBytes(lowest) : formatShare(lowest, total)
  const free = available === null ? '' : ` with at least ${available} available`
  const who =
    evidence.exit?.signal === 'SIGKILL'
      ? 'The command itself'
      : victim?.knownBy === 'log'
        ? `The process ${nameOf(victim)}`
        : 'A process of the build'
  const rows = [HYPOTHESES.launchPolicy(of), HYPOTHESES.outsideSignal(of)]
  return {
    basis: trace.how === 'words' ? 'kill' : 'counters',
    confidence: attribution.outOfMemory === 'false' ? 'likely' : 'possible',
    summary: `${who} was killed${endInWords(of)}${free}. ${senderInWords(of)}.`,
    evidence: rows.filter((row) => row !== null).slice(0, 1)
  }
}

function senderInWords({ evidence, attribution }: Case): Prose {
  if (attribution.told !== null)
    return `${prose`The kernel says why: ${code(attribution.told.words)}`}, which is not about memory`
  if (evidence.platform === 'darwin') {
    return isLaunchKill(evidence)
      ? 'It died within a second of its start and held little, as when macOS refuses its signature or architecture; memory ends no process that small'
      : 'The kernel logged no kill for memory, so the signal came from elsewhere; macOS does not record the sender'
  }
  if (attribution.outOfMemory === 'false') {
    return 'No out-of-memory kill was counted, so the signal came from elsewhere; Linux does not record the sender'
  }
  return 'The kernel counted no out-of-memory kill, but a memory daemon runs here whose kills it does not count'
}

/** A tool that finds a fault prints it, and ends with another status. */
function terminatedOnWindows({ evidence, attribution }: Case): Match | null {
  const line = terminatedTool(evidence)
  if (line === null || attribution.endedBy !== 'unknown') return null
  return {
    basis: 'status',
    confidence: 'possible',
    summary: prose`${code(group(line, 'tool') ?? 'a tool')} ended with status 1 and printed nothing, as a process does that another one ended (${code('taskkill /f')}); Windows does not record by whom.`,
    evidence: [quoted('Signal from outside', line, 'likely')],
    lineNumber: line.lineNumber,
    endedBy: 'unknown'
  }
}

/** Without counters: a named sender, or nothing but the status. */
function statedKill(of: Case): Match | null {
  const { attribution, trace, evidence } = of
  if (attribution.outOfMemory === 'true' || !['unknown', 'itself'].includes(attribution.endedBy)) return null
  const sender = firstLineOf(evidence.log, signalKill, ['sender'])
  const line = sender ?? firstLineOf(evidence.log, signalKill, ['program', 'status'])
  if (trace?.signal !== 'SIGKILL' && line === null) return null
  if (sender !== null && trace?.signal !== 'SIGKILL') return null
  return {
    basis: sender === null ? 'status' : 'stated',
    confidence: sender === null ? 'possible' : 'likely',
    summary: `A process was ended by SIGKILL${endInWords(of)}; ${sender === null ? 'nothing says by whom, and a status of 137 alone is no sign of memory' : 'a script of the log sends it'}.`,
    evidence: line === null ? [] : [quoted('Signal from outside', line, 'likely')],
    ...(line === null ? {} : { lineNumber: line.lineNumber }),
    endedBy: sender === null ? 'unknown' : 'other'
  }
}
