import type { Remedy } from '../../model/diagnosis.ts'
import { code, figure, prose } from '../../model/prose.ts'
import { ASSERTED } from '../assertion.ts'
import type { Case } from '../case.ts'
import { isOnlyLoggedByTests } from '../context.ts'
import { advice, commands, type Definition, decidedByWording, type Match } from '../definition.ts'
import { endInWords } from '../end-words.ts'
import { HYPOTHESES } from '../hypotheses.ts'
import type { PatternSet } from '../pattern.ts'
import { nameOf } from '../victim.ts'

function daemonRemedies(): readonly Remedy[] {
  return [
    advice(
      prose`run fewer build actions at once (${code('go build -p 1')}), or use a machine with more memory or swap: the daemon acts before memory is gone.`
    ),
    commands(prose`see what the daemon did, and its limits:`, [
      'journalctl -u systemd-oomd -u earlyoom --since -1h',
      'oomctl'
    ])
  ]
}

const daemonWords: PatternSet = {
  id: 'oom.userspace',
  patterns: [
    {
      // systemd-oomd[612]: Killed /system.slice/x.scope due to memory pressure for /system.slice being 83.2% > 60.00% for > 30s   (oomd-manager.c)
      name: 'systemd-oomd',
      // since systemd 257: Marked /system.slice/x.scope for killing due to memory used (60776927232) / total (66940563456) and swap used …
      anchor: ['due to memory pressure for', 'due to memory used (', 'systemd-oomd killed '],
      regex:
        /(?:Killed \S{1,500}|Marked \S{1,500} for killing) due to memory (?:pressure for|used \()|systemd-oomd killed \d{1,9} process/,
      unless: ASSERTED
    },
    {
      // earlyoom: sending SIGTERM to process 343907 uid 1000 "compile": badness 961, VmRSS 5574 MiB   (kill.c)
      name: 'earlyoom',
      anchor: ['ending SIG', 'SIGTERM limits', 'SIGKILL limits'],
      regex:
        /sending SIG(?:TERM|KILL) to process \d{1,9}\b.{0,200}\b(?:badness|oom_score|VmRSS)\b|at or below SIG(?:TERM|KILL) limits|\b[Ss]ending SIG(?:TERM|KILL) to (?:the )?victim\b/,
      unless: ASSERTED
    }
  ]
}

const daemonByWords = decidedByWording({
  ...daemonWords,
  title: 'Killed by a memory daemon (systemd-oomd, earlyoom)',
  meaning:
    'A daemon that watches the memory of the machine ended processes of the build before the kernel had to: systemd-oomd by memory pressure or swap use of a control group, earlyoom and nohang by the share of memory that is left. earlyoom sends SIGTERM first, so that the status is 143 rather than 137. No kernel counter knows of such a kill.',
  basis: 'refusal',
  endedBy: 'other',
  says: (line) =>
    prose`A daemon ended a process for the memory of the machine: ${code(line.text.trim().slice(0, 200))}.`,
  unless: (of) => isOnlyLoggedByTests(of.evidence.log, daemonWords),
  fix: daemonRemedies,
  catches: [
    {
      log: 'earlyoom: sending SIGTERM to process 3439 uid 1000 "compile": badness 961, VmRSS 5574 MiB\nTerminated\n',
      exitCode: 143
    },
    {
      log: 'systemd-oomd[612]: Killed /system.slice/ci.scope due to memory pressure for /system.slice being 83.21% > 60.00% for > 30s with reclaim activity\nKilled\n',
      exitCode: 137
    },
    {
      log: 'systemd-oomd[612]: Marked /system.slice/ci.scope for killing due to memory used (15449980928) / total (16437264384) and swap used (14808154112) / total (16436412416) being more than 90.00%\nKilled\n',
      exitCode: 137
    },
    {
      log: 'systemd[1]: ci.service: systemd-oomd killed 14 process(es) in this unit.\nsignal: killed\n',
      exitCode: 1
    }
  ],
  ignores: [
    { log: 'Setting up earlyoom (1.7-2) ...\nmake: *** [Makefile:2: test] Terminated\n', exitCode: 143 },
    {
      log: 'Out of memory: Killed process 710 (compile) total-vm:227272kB, anon-rss:244992kB\nsignal: killed\n',
      exitCode: 1
    }
  ],
  links: [
    'https://www.freedesktop.org/software/systemd/man/latest/systemd-oomd.service.html',
    'https://github.com/rfjakob/earlyoom'
  ]
})

/** A daemon that kills before the kernel has to: by its own notes of this run, else where the log quotes them. */
export const oomUserspace: Definition = {
  ...daemonByWords,
  judge: (of) => byNote(of) ?? daemonByWords.judge(of),
  rulesOut: ['ownCap', 'limitAbove', 'machine', 'stopped'],
  remedies: (match, of) => (of.attribution.told === null ? daemonByWords.remedies(match, of) : daemonRemedies())
}

function byNote(of: Case): Match | null {
  const { told, confidence } = of.attribution
  if (told === null || told.by === 'jetsam') return null
  const row = HYPOTHESES.memoryDaemon(of)
  const whom = of.victim === null || 'cgroup' in told.victim ? 'the build' : nameOf(of.victim)
  return {
    basis: 'counters',
    confidence,
    summary: `${prose`${figure(told.by)} ended `}${whom} for the memory of the machine${endInWords(of)}; no limit of the kernel fired.`,
    evidence: row === null ? [] : [row],
    endedBy: 'other'
  }
}
