import { durationInput, formatDuration } from '../../model/duration.ts'
import { code, figure, type Prose, prose } from '../../model/prose.ts'
import type { StallSnapshot } from '../../model/stall.ts'
import type { Case } from '../case.ts'
import { advice, type Definition, inputs, type Match, quoted } from '../definition.ts'
import { endInWords } from '../end-words.ts'
import { HYPOTHESES } from '../hypotheses.ts'
import { firstLineOf } from '../log-hits.ts'
import { causeOfStall, stallRows } from '../stall/cause.ts'
import { stallRemedies } from '../stall/remedies.ts'
import { COMPARED, statusWords } from '../status-words.ts'

const GUARD_LINKS = ['https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax']

/** A time limit of anything but `go test` itself. */
export const timeout: Definition = {
  id: 'timeout',
  title: 'A time limit was reached',
  meaning:
    'The build ran longer than something allowed: the `timeout` of this action, the `timeout` command, a linter, or the limit of a step or job. What was killed at the end was killed for the time, not for memory. The time limit of `go test` itself is `test.timeout`.',
  patterns: [
    { name: 'coreutils', anchor: 'timeout: sending signal', regex: /(?:^|\s)timeout: sending signal \S/ },
    { name: 'job', anchor: 'Killed', regex: / Killed {2,}(?:\S{0,200}\/)?timeout / },
    {
      name: 'status',
      anchor: '124',
      regex: new RegExp(statusWords('124'), 'i'),
      unless: COMPARED
    },
    {
      // level=error msg="Timeout exceeded: try increasing it by passing --timeout option"   (golangci-lint)
      name: 'linter',
      // failed to load packages: timed out to load packages: context deadline exceeded · release failed after 1h0m0s error=context deadline exceeded
      anchor: ['Timeout exceeded: try increasing', 'timed out to load packages', 'eadline exceeded'],
      regex:
        /Timeout exceeded: try increasing|[Dd]eadline exceeded: try increase|Running error: .{0,300}context deadline exceeded|timed out to load packages|failed to load packages: .{0,300}context deadline exceeded|\b(?:release|build) failed after \d.{0,200}context deadline exceeded|^(?:ERROR|Error): (?:\(gcloud[^)]{0,100}\) )?context deadline exceeded$/
    },
    {
      // TIMEOUT: //pkg:go_default_test (Summary) · -- Test timed out at 2026-01-02 03:04:05 UTC --   (bazel)
      name: 'bazel',
      anchor: ['TIMEOUT: //', '-- Test timed out at '],
      regex: /^\s*TIMEOUT: \/\/\S|^-- Test timed out at \d/
    },
    {
      // [TIMEDOUT] A suite timeout occurred   (ginkgo) · Timeout of 600000ms hit   (retry actions)
      name: 'wrapper',
      anchor: [
        'A suite timeout occurred',
        'Ginkgo timed out waiting',
        'Timeout of ',
        'deadline',
        'failed to finish within'
      ],
      regex:
        /A suite timeout occurred|Ginkgo timed out waiting for all parallel procs|^(?:Error: )?Timeout of \d{1,9}ms hit|active (?:on the node )?longer than (?:the )?specified deadline|(?:TaskRun|PipelineRun) .{1,200} failed to finish within /,
      unless: /_test\.go:\d/
    },
    {
      // GitHub, GitLab, Jenkins, Azure Pipelines, CircleCI, Travis CI
      name: 'platform',
      anchor: [
        'has timed out after',
        'maximum execution time',
        'execution took longer than',
        'Build timed out',
        'due to timeout',
        'imeout has been exceeded',
        'longer than the maximum time',
        'Too long with no output',
        'maximum time limit for jobs',
        'No output has been received in the last',
        'command timed out: ',
        'timed out after ',
        'did not finish before ',
        'maximum allowed time for your plan',
        'rocessing timeout',
        'aximum time limit',
        'uild timed out',
        'uild has timed out',
        'Job timed out',
        'exceeded max',
        'exceeded the max',
        'been a timeout failure'
      ],
      regex:
        /(?:has timed out after \d|exceeded the maximum execution time|execution took longer than \S|Build timed out|Cancelling nested steps due to timeout|Timeout has been exceeded|ran longer than the maximum time|Too long with no output|exceeded the maximum time limit for jobs|No output has been received in the last \d|^command timed out: \d|\btimed out after \d+(?:\.\d+)? (?:second|minute|hour)s|[Pp]rocess did not finish before \S+ timeout|maximum allowed time for your plan|exceeded processing timeout|exceeded (?:the |its )?max(?:imum)? (?:allowed )?(?:time|runtime|run time|duration)|been a timeout failure or the job got stuck|\b[Bb]uild (?:has )?timed out\b|^Job timed out)/,
      unless: /_test\.go:\d/
    }
  ],
  judge: timedOut,
  rulesOut: ['ownCap', 'machine', 'outsideSignal', 'disk'],
  remedies: (_match, { evidence: { stop, stall } }) => {
    if (stop?.kind !== 'timeout') {
      return [
        advice(prose`raise the limit that the quoted line names, or see what the build was waiting for at its end.`)
      ]
    }
    // A build that hangs would hang longer.
    if (stall?.isStill) return stallRemedies(stall)
    const longer = durationInput(60_000 * Math.ceil((1.5 * stop.afterMs) / 60_000))
    return [
      inputs(prose`allow more time, if the build was still making progress.`, [
        `timeout: ${longer}   # was ${durationInput(stop.afterMs)}`
      ])
    ]
  },
  catches: [
    { log: 'timeout: sending signal TERM to command ‘go’\n', exitCode: 124 },
    { log: 'bash: line 1:  9216 Killed                  timeout -s KILL 4 go test ./...\n', exitCode: 137 },
    { log: 'level=error msg="Timeout exceeded: try increasing it by passing --timeout option"\n', exitCode: 4 },
    { log: "##[error]The action 'Build' has timed out after 10 minutes.\n" },
    { log: '=== RUN   TestWaits\n', exitCode: 124 }
  ],
  ignores: [
    { log: 'panic: test timed out after 10m0s\nrunning tests:\n\tTestA (10m0s)\n', exitCode: 2 },
    { log: '--- FAIL: TestDial (1.00s)\n    dial_test.go:9: i/o timeout\nFAIL\n', exitCode: 1 }
  ],
  links: [...GUARD_LINKS, 'https://www.gnu.org/software/coreutils/manual/html_node/timeout-invocation.html']
}

function timedOut(of: Case): Match | null {
  const { stop, exit, log, stall } = of.evidence
  const row = HYPOTHESES.stopped(of)
  if (stop?.kind === 'timeout') {
    const over = prose`The build was still running after ${figure(formatDuration(stop.afterMs))}, the time that ${code('timeout')} allows, and the guard ended it.`
    return {
      basis: 'guard',
      confidence: 'certain',
      summary: [over, ...standstill(stall)].join(' '),
      evidence: [...(row === null ? [] : [row]), ...(stall === null ? [] : stallRows(stall))],
      endedBy: 'guard'
    }
  }
  const line = firstLineOf(log, timeout)
  if (stop !== null || (line === null && exit?.code !== 124)) return null
  return {
    basis: 'stated',
    confidence: line === null ? 'likely' : 'certain',
    summary: `A time limit ended the build${endInWords(of)}${line === null ? '; 124 is the status of the timeout command' : ''}.`,
    evidence: line === null ? [] : [quoted('A time limit', line, 'certain')],
    ...(line === null ? {} : { lineNumber: line.lineNumber }),
    endedBy: 'other'
  }
}

/** "It had made no progress for 9 min: …", of a build that hung rather than took long. */
function standstill(stall: StallSnapshot | null): readonly Prose[] {
  if (!stall?.isStill) return []
  return [
    `${prose`It had made no progress for ${figure(formatDuration(stall.quietMs))}`}: ${causeOfStall(stall).reason}.`
  ]
}

/** Stopped from outside on purpose. */
export const cancelled: Definition = {
  id: 'cancelled',
  title: 'The run was cancelled',
  meaning:
    'Somebody or something stopped the run on purpose: a person, a newer push with `cancel-in-progress`, a failed sibling of the matrix with `fail-fast`. The signals that follow are the consequence, and nothing is wrong with the build.',
  patterns: [
    {
      name: 'platform',
      anchor: [
        'operation was canceled',
        'Sending interrupt signal to process',
        'Canceling since',
        'Job failed: canceled',
        'Job Cancelled',
        'eceived interrupt',
        'Aborted by ',
        'eceived cancellation signal',
        'un was canceled by',
        'configuration was canceled',
        'The job was canceled because',
        'aught interrupt signal',
        'uild was cancel',
        'Canceled: context canceled',
        'ntrypoint received interrupt',
        'Interrupted by User',
        'system failure): aborted'
      ],
      regex:
        /The operation was canceled|^\s*Sending interrupt signal to process|Canceling since a higher priority|Job failed: canceled|Done: Job Cancelled|\b[Rr]eceived interrupt\b|^Aborted by \S|\b[Rr]eceived cancellation signal\b|run was canceled by @|strategy configuration was canceled because|^The job was canceled because|caught interrupt signal; |\b[Bb]uild was cancell?ed\b|failed to solve: Canceled: context canceled|Interrupted by User|\(system failure\): aborted: /,
      unless: /_test\.go:\d|(?:dial|lookup|read|write) .{0,300}operation was canceled/
    }
  ],
  judge: (of) => {
    const { stop, log, stall } = of.evidence
    const row = HYPOTHESES.stopped(of)
    if (stop?.kind === 'cancel') {
      return {
        basis: 'guard',
        confidence: 'certain',
        summary: [
          prose`The run was cancelled: ${figure(stop.signal)} came after ${figure(formatDuration(stop.afterMs))}.`,
          ...standstill(stall)
        ].join(' '),
        evidence: row === null ? [] : [row],
        endedBy: 'cancel'
      }
    }
    const line = firstLineOf(log, cancelled)
    if (stop !== null || line === null) return null
    return {
      basis: 'stated',
      confidence: 'likely',
      summary: `The run was stopped from outside${endInWords(of)}.`,
      evidence: [quoted('Cancelled', line, 'likely')],
      lineNumber: line.lineNumber,
      endedBy: 'cancel'
    }
  },
  rulesOut: ['ownCap', 'machine', 'disk'],
  remedies: () => [advice(prose`nothing has to change; run it again if it was not meant.`)],
  catches: [
    { log: '##[error]The operation was canceled.\n' },
    { log: 'Sending interrupt signal to process\n\nTerminated\n', exitCode: 143 }
  ],
  ignores: [
    { log: 'dial tcp: lookup db: operation was canceled\n', exitCode: 1 },
    { log: '    ctx_test.go:4: The operation was canceled\n--- FAIL: TestCtx\nFAIL\n', exitCode: 1 }
  ],
  links: ['https://docs.github.com/actions/reference/workflows-and-actions/workflow-cancellation']
}
