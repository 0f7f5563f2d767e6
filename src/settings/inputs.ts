import { parseSize } from '../model/bytes.ts'
import { parseDuration } from '../model/duration.ts'
import type { Auto, Count, Duration, EnforcementChoice, Off, Percent, Size } from '../model/settings.ts'
import { parseMatrix } from './matrix.ts'
import { isShell } from './shell.ts'
import {
  AUTO,
  anyText,
  auto,
  count,
  duration,
  either,
  off,
  oneOf,
  type Parse,
  percent,
  size,
  wholeNumber
} from './values.ts'

/** An input of the action, and the flag of the same name on the command line. */
export interface Input<T> {
  readonly name: string
  /** As it stands in `action.yml`. */
  readonly default: string
  /** What an empty text means: the default, and where that is an expression, what stands for it outside GitHub. */
  readonly whenEmpty: T
  readonly parse: Parse<T>
  /** Completes "allowed: …". */
  readonly allowed: string
  /** Why a text that looks right is refused; `null`: nothing to add. */
  readonly hint?: (text: string) => string | null
  readonly description: string
}

const SIZE = 'a size from 1M on (600M, 6G, 6GiB)'
const PERCENT = 'a percentage (80%)'

/** `memory-limit: 600` is most likely a forgotten unit. */
const sizeHint = (text: string): string | null =>
  parseSize(text) === null ? null : 'below 1M (a bare number is bytes)'

/** Every input, in the order of `action.yml` and of `--help`. */
export const INPUTS = {
  command: input<string>({
    name: 'command',
    default: 'go build ./...',
    whenEmpty: 'go build ./...',
    parse: anyText,
    allowed: 'a script',
    description: 'Script to run, one or many lines, run as GitHub runs a run: step.'
  }),
  shell: input<string>({
    name: 'shell',
    default: '',
    whenEmpty: '',
    parse: (text) => (isShell(text) ? text : null),
    allowed: 'bash, sh, pwsh, powershell, cmd, python, or a command line with {0} in it',
    description:
      'Shell of the command, as for a run: step: bash, sh, pwsh, powershell, cmd, python, or a command line with {0}. ' +
      'Empty is the default shell of a run: step. defaults.run is not visible to an action.'
  }),
  workingDirectory: input<string>({
    name: 'working-directory',
    default: '.',
    whenEmpty: '.',
    parse: anyText,
    allowed: 'a directory',
    description: 'Directory in which the command runs.'
  }),
  memoryLimit: input<Auto | Size | Percent | Off>({
    name: 'memory-limit',
    default: 'auto',
    whenEmpty: AUTO,
    parse: either<Auto | Size | Percent | Off>(auto, off, size, percent),
    allowed: `auto, off, ${SIZE}, ${PERCENT}`,
    hint: sizeHint,
    description:
      'Memory cap of the whole build tree: auto (what the machine gives, less what others use and a reserve), a size ' +
      '(6G), a percentage of the smallest limit found (80%), or off (no cap of its own).'
  }),
  memoryReserve: input<Auto | Size | Percent>({
    name: 'memory-reserve',
    default: 'auto',
    whenEmpty: AUTO,
    parse: either<Auto | Size | Percent>(auto, size, percent),
    allowed: `auto, ${SIZE}, ${PERCENT}`,
    hint: sizeHint,
    description:
      'Memory kept back for the runner under memory-limit: auto. auto is the larger of 192 MiB and 3 %; or a size, or a ' +
      'percentage of the smallest limit found.'
  }),
  enforcement: input<EnforcementChoice>({
    name: 'enforcement',
    default: 'auto',
    whenEmpty: 'auto',
    parse: oneOf('auto', 'cgroup', 'systemd', 'job-object', 'watch', 'off'),
    allowed: 'auto, cgroup, systemd, job-object, watch, off',
    description:
      'How the cap is put in force: auto (the best way that works), cgroup, systemd (a scope), job-object ' +
      '(Windows), watch (no kernel cap: the build is ended before a limit is hit), or off (observe and explain only). ' +
      'A way that cannot be had is an error.'
  }),
  parallelism: input<Auto | Count | Off>({
    name: 'parallelism',
    default: 'auto',
    whenEmpty: AUTO,
    parse: either<Auto | Count | Off>(auto, off, count),
    allowed: 'auto, off, a whole number from 1 on',
    description:
      'Build actions at once (-p, through GOFLAGS): auto (lowered only when memory ran out), a number, or off.'
  }),
  goMemoryLimit: input<Auto | Size | Off>({
    name: 'go-memory-limit',
    default: 'auto',
    whenEmpty: AUTO,
    parse: either<Auto | Size | Off>(auto, off, size),
    allowed: `auto, off, ${SIZE}`,
    hint: sizeHint,
    description: 'Soft heap limit of the Go tools (GOMEMLIMIT): auto (set only when memory is tight), a size, or off.'
  }),
  steering: input<'auto' | 'off'>({
    name: 'steering',
    default: 'auto',
    whenEmpty: 'auto',
    parse: oneOf('auto', 'off'),
    allowed: 'auto, off',
    description:
      'Where memory is tight: auto (compile and link processes are held back, limited one by one, and run again if the ' +
      'kernel killed them for memory) or off.'
  }),
  onOutOfMemory: input<'auto' | 'retry' | 'fail'>({
    name: 'on-out-of-memory',
    default: 'auto',
    whenEmpty: 'auto',
    parse: oneOf('auto', 'retry', 'fail'),
    allowed: 'auto, retry, fail',
    description:
      'After the build ran out of memory: auto (run it again with tighter settings if the script only builds), retry ' +
      '(run any script again), or fail.'
  }),
  maxAttempts: input<number>({
    name: 'max-attempts',
    default: '3',
    whenEmpty: 3,
    parse: wholeNumber,
    allowed: 'a whole number from 1 on',
    description: 'Attempts in all.'
  }),
  timeout: input<number | null>({
    name: 'timeout',
    default: '',
    whenEmpty: null,
    parse: parseDuration,
    allowed: 'empty, or a duration above zero (90s, 30m, 1h30m)',
    description: 'Time after which the build is ended (30m): exit status 124. Empty is no limit.'
  }),
  stallTimeout: input<Duration | Off>({
    name: 'stall-timeout',
    default: '10m',
    whenEmpty: { kind: 'duration', ms: 600_000 },
    parse: either<Duration | Off>(off, duration),
    allowed: 'off, or a duration above zero (90s, 10m)',
    description:
      'Time without output, CPU time and I/O of the whole build after which it counts as stalled (10m), or off. What it ' +
      'waits for then stands in the log. Linux only.'
  }),
  stallAction: input<'report' | 'kill'>({
    name: 'stall-action',
    default: 'report',
    whenEmpty: 'report',
    parse: oneOf('report', 'kill'),
    allowed: 'report, kill',
    description:
      'What to do with a stalled build: report (say what it waits for, and let it go on), or kill (exit status 124).'
  }),
  preflight: input<'warn' | 'error' | 'off'>({
    name: 'preflight',
    default: 'warn',
    whenEmpty: 'warn',
    parse: oneOf('warn', 'error', 'off'),
    allowed: 'warn, error, off',
    description:
      'Look at the Go set-up: warn (beside the build, which does not wait), error (before the build, which is not run if ' +
      'anything is found: exit status 125), or off. No network is used.'
  }),
  verifyOutput: input<'auto' | 'off'>({
    name: 'verify-output',
    default: 'auto',
    whenEmpty: 'auto',
    parse: oneOf('auto', 'off'),
    allowed: 'auto, off',
    description:
      'After a success, look at what came out (programs, target, module versions, tests that ran): auto, which only ' +
      'warns, or off.'
  }),
  jobName: input<string>({
    name: 'job-name',
    default: '${{ github.job }}',
    whenEmpty: 'local',
    parse: anyText,
    allowed: 'a name',
    description: 'Name of this job in the pull-request comment.'
  }),
  matrix: input<Readonly<Record<string, string>>>({
    name: 'matrix',
    default: '${{ toJSON(matrix) }}',
    whenEmpty: {},
    parse: parseMatrix,
    allowed: 'a JSON object, or null',
    description: 'Matrix values that tell this job from its siblings.'
  }),
  summary: input<'auto' | 'always' | 'on-failure' | 'never'>({
    name: 'summary',
    default: 'auto',
    whenEmpty: 'auto',
    parse: oneOf('auto', 'always', 'on-failure', 'never'),
    allowed: 'auto, always, on-failure, never',
    description:
      'Job summary: auto (on failure, recovery or warning; one line on a clean success), always, on-failure, or never.'
  }),
  comment: input<'on-failure' | 'memory' | 'always' | 'never'>({
    name: 'comment',
    default: 'on-failure',
    whenEmpty: 'on-failure',
    parse: oneOf('on-failure', 'memory', 'always', 'never'),
    allowed: 'on-failure, memory, always, never',
    description:
      'Pull-request comment, one, updated in place: on-failure (failure, recovery, and its end), memory (only where ' +
      'memory or a kill is involved), always, or never. Needs pull-requests: write.'
  }),
  annotations: input<'auto' | 'never'>({
    name: 'annotations',
    default: 'auto',
    whenEmpty: 'auto',
    parse: oneOf('auto', 'never'),
    allowed: 'auto, never',
    description: 'Annotations of compile errors and of the verdict: auto or never.'
  }),
  reportFile: input<string | null>({
    name: 'report-file',
    default: '',
    whenEmpty: null,
    parse: anyText,
    allowed: 'a path',
    description: 'Where the JSON report goes. Empty is a path of its own, which the output report-file names.'
  }),
  githubToken: input<string>({
    name: 'github-token',
    default: '${{ github.token }}',
    whenEmpty: '',
    parse: anyText,
    allowed: 'a token',
    description: 'Token for the pull-request comment; everything else works without.'
  })
} as const

/** The same as a list. */
export const ALL_INPUTS: readonly Input<unknown>[] = Object.values(INPUTS)

function input<T>(of: Input<T>): Input<T> {
  return of
}
