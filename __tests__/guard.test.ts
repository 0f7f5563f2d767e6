import { PassThrough } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import { guard } from '../src/guard.ts'
import type { ExitStatus } from '../src/model/outcome.ts'
import type { ControlFiles } from '../src/ports/control-files.ts'
import type { Place, Ports } from '../src/ports/ports.ts'
import { type PullRequestComment, PullRequestFault } from '../src/ports/pull-requests.ts'
import type { Annotation, Runner } from '../src/ports/runner.ts'
import { parseSettings } from '../src/settings/settings.ts'
import { cgroupTree } from './fakes/cgroup-tree.ts'
import { manualClock } from './fakes/manual-clock.ts'
import { type MemoryFiles, memoryFiles } from './fakes/memory-files.ts'
import { fakeProcesses } from './fakes/processes.ts'

const SERVICE = '/sys/fs/cgroup/system.slice/hosted-compute-agent.service'
const LEAF = '/sys/fs/cgroup/system.slice/go-build-guard-0123456789ab'
const MATCHER = '/home/runner/work/_actions/actions/setup-go/v6/matchers.json'

/** How the command behaves in each attempt: what it prints, what the kernel counts meanwhile, how it ends. */
interface Script {
  readonly prints?: string
  readonly meanwhile?: (files: MemoryFiles) => void
  readonly ends: ExitStatus
}

function machine(): MemoryFiles {
  return memoryFiles({
    '/proc/self/cgroup': '0::/system.slice/hosted-compute-agent.service\n',
    '/proc/self/mountinfo': '30 23 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw\n',
    '/proc/meminfo':
      'MemTotal: 8388608 kB\nMemFree: 7000000 kB\nMemAvailable: 7340032 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n',
    '/proc/vmstat': 'oom_kill 0\n',
    '/sys/fs/cgroup/cgroup.controllers': 'cpu memory pids\n',
    '/sys/fs/cgroup/cgroup.subtree_control': 'cpu memory pids\n',
    '/sys/fs/cgroup/system.slice/cgroup.subtree_control': 'memory pids\n',
    '/sys/fs/cgroup/system.slice/cgroup.controllers': 'memory pids\n',
    [`${SERVICE}/cgroup.procs`]: '100\n',
    [`${SERVICE}/cgroup.controllers`]: 'memory pids\n',
    [`${SERVICE}/cgroup.subtree_control`]: '\n',
    [`${SERVICE}/memory.max`]: 'max\n',
    '/work/shop/main.go': 'package main\n',
    [MATCHER]: '{}'
  })
}

const outOfMemory = (files: MemoryFiles): void => {
  files.texts.set(`${LEAF}/memory.events`, 'max 9\noom 1\noom_kill 1\n')
  files.texts.set('/proc/vmstat', 'oom_kill 1\n')
}

function stage(scripts: readonly Script[], changes: Partial<Ports> & { control?: ControlFiles } = {}) {
  const files = machine()
  const said: string[] = []
  const seen = {
    annotations: [] as Annotation[],
    outputs: {} as Record<string, string>,
    summary: '',
    matchers: [] as string[]
  }
  const runner: Runner = {
    line: (text) => said.push(text),
    debug() {},
    annotate: (annotation) => seen.annotations.push(annotation),
    appendSummary(markdown) {
      seen.summary += markdown
      return null
    },
    summaryRoomBytes: () => 1_000_000,
    removeMatcher: (owner) => seen.matchers.push(`remove ${owner}`),
    addMatcher: (path) => seen.matchers.push(`add ${path}`),
    setOutput(name, text) {
      seen.outputs[name] = text
    },
    withoutCommands: (print) => print()
  }
  const started: Readonly<Record<string, string>>[] = []
  const processes = fakeProcesses()
  const env = JSON.stringify({ GOVERSION: 'go1.26.8', GOFLAGS: '' })
  processes.tools.set('go', { code: 0, stdout: env, stderr: '', problem: null })
  processes.startGated = async (spec) => {
    const script = scripts[started.length]
    if (script === undefined) throw new Error('an attempt too many')
    started.push(spec.environment)
    const [stdout, stderr] = [new PassThrough(), new PassThrough()]
    let end: (exit: ExitStatus) => void = () => {}
    const exited = new Promise<ExitStatus>((resolve) => {
      end = resolve
    })
    processes.onSignal = () => end({ code: null, signal: 'SIGKILL' })
    return {
      pid: 4242,
      stdout,
      stderr,
      exited,
      abandon() {},
      openGate() {
        script.meanwhile?.(files)
        stdout.end()
        stderr.end(script.prints ?? '')
        end(script.ends)
      }
    }
  }
  const { control, ...ports } = changes
  const all: Ports = {
    files,
    processes,
    clock: manualClock(),
    output: { write: async () => {} },
    cancellation: { onCancel: () => () => {} },
    runner,
    means: [control ?? cgroupTree(files, 'v2')],
    pullRequests: null,
    toolGates: null,
    ...ports
  }
  return { ports: all, files, said, seen, started }
}

const PLACE: Place = {
  root: '',
  platform: 'linux',
  cpus: 2,
  nodeMemory: { totalBytes: 0, freeBytes: 0 },
  environment: {
    PATH: '/usr/bin',
    HOME: '/home/runner',
    INPUT_COMMAND: 'x',
    RUNNER_WORKSPACE: '/home/runner/work/shop',
    GITHUB_WORKSPACE: '/work/shop'
  },
  script: '/action/dist/main/index.js',
  currentDirectory: '/work/shop',
  runDirectory: '/tmp/go-build-guard-0123456789ab',
  runId: '0123456789ab',
  stdin: 'none',
  hasPost: true,
  github: {
    repository: 'acme/shop',
    serverUrl: 'https://github.com',
    apiUrl: 'https://api.github.com',
    sha: 'b20c4d1',
    runId: 7,
    runNumber: 3,
    runAttempt: 1,
    workflowKey: 'ci.yml',
    jobUrl: 'https://github.com/acme/shop/actions/runs/7',
    pullRequestNumber: 5,
    headSha: 'b20c4d1',
    isFork: false
  }
}

function settingsOf(inputs: Readonly<Record<string, string>> = {}) {
  const parsed = parseSettings((name) => inputs[name] ?? '', { platform: 'linux' })
  if ('problems' in parsed) throw new Error(parsed.problems.join())
  return parsed.settings
}

const GOOD: Script = { ends: { code: 0, signal: null } }
const KILLED: Script = {
  ends: { code: 1, signal: null },
  prints: 'example.com/shop: /usr/local/go/pkg/tool/linux_amd64/compile: signal: killed\n',
  meanwhile: outOfMemory
}
const BROKEN: Script = {
  ends: { code: 1, signal: null },
  prints: '# example.com/shop\n./main.go:3:8: "os" imported and not used\n'
}

describe('a good build', () => {
  test('is quiet: three lines of log, one of summary, no annotation', async () => {
    const { ports, said, seen } = stage([GOOD])
    const { exitCode, report } = await guard(ports, PLACE, settingsOf())
    expect([exitCode, report?.conclusion]).toEqual([0, 'success'])
    expect(said).toHaveLength(3)
    expect(seen.summary.trim().split('\n')).toHaveLength(1)
    expect(seen.annotations).toEqual([])
    expect(seen.outputs).toMatchObject({ conclusion: 'success', 'exit-code': '0', cause: '', enforcement: 'cgroup-v2' })
  })

  test('runs in the environment of a run: step, with nothing added while memory is ample', async () => {
    const { ports, started } = stage([GOOD])
    await guard(ports, PLACE, settingsOf())
    const { INPUT_COMMAND: _, ...expected } = PLACE.environment
    expect(started).toEqual([expected])
  })

  test('leaves no cgroup behind', async () => {
    const { ports, files } = stage([GOOD])
    await guard(ports, PLACE, settingsOf())
    expect(files.exists(LEAF)).toBe(false)
  })

  test('has the matcher of setup-go paused while it runs, and put back', async () => {
    const { ports, seen } = stage([GOOD])
    await guard(ports, PLACE, settingsOf())
    expect(seen.matchers).toEqual(['remove go', `add ${MATCHER}`])
  })
})

describe('a build that runs out of memory', () => {
  const settings = settingsOf({ 'memory-limit': '1G' })

  test('is tried again with tighter settings, and has recovered if that passes', async () => {
    const { ports, started, seen, said } = stage([KILLED, GOOD])
    const { exitCode, report } = await guard(ports, PLACE, settings)
    expect([exitCode, report?.conclusion]).toEqual([0, 'recovered'])
    expect(started.map((env) => [env['GOMEMLIMIT'], env['GOGC'], env['GOFLAGS']])).toEqual([
      ['921MiB', undefined, undefined],
      ['921MiB', '25', '-p=1']
    ])
    expect(report?.diagnoses[0]).toMatchObject({ id: 'oom.cgroup', confidence: 'certain' })
    expect(seen.outputs).toMatchObject({
      conclusion: 'recovered',
      'out-of-memory': 'true',
      cause: 'oom.cgroup',
      attempts: '2'
    })
    expect(seen.annotations.map((one) => one.level)).toEqual(['warning'])
    expect(said.some((line) => /out of memory at 1\.0 GiB.*attempt 2/.test(line))).toBe(true)
  })

  test('is given up with the command’s own status when nothing tighter is left', async () => {
    const { ports, started, seen } = stage([KILLED, KILLED])
    const { exitCode, report } = await guard(ports, PLACE, settings)
    expect([exitCode, report?.conclusion, started.length]).toEqual([1, 'failure', 2])
    expect(seen.annotations.map((one) => one.level)).toEqual(['error'])
  })

  test('is not run again where the script does more than build', async () => {
    const { ports, started } = stage([KILLED])
    await guard(ports, PLACE, settingsOf({ 'memory-limit': '1G', command: 'go build ./... && ./deploy.sh' }))
    expect(started).toHaveLength(1)
  })

  test('keeps its result when the next attempt cannot be started', async () => {
    const { ports, said } = stage([KILLED])
    const { exitCode, report } = await guard(ports, PLACE, settings)
    expect([exitCode, report?.attempts.length]).toEqual([1, 1])
    expect(said.join('\n')).toContain('attempt 2 could not be started: an attempt too many')
  })
})

describe('what only helps', () => {
  test('may fail on every surface without changing the result', async () => {
    const { ports, said } = stage([BROKEN])
    const broken = (): never => {
      throw new Error('the disk is full')
    }
    const runner: Runner = { ...ports.runner, annotate: broken, appendSummary: broken, setOutput: broken }
    const files = {
      ...ports.files,
      writeText: (path: string, text: string) =>
        path.endsWith('report.json') ? broken() : ports.files.writeText(path, text)
    }
    const { exitCode, report } = await guard({ ...ports, runner, files }, PLACE, settingsOf())
    expect([exitCode, report?.conclusion]).toEqual([1, 'failure'])
    for (const surface of ['annotations', 'the job summary', 'report-file', 'outputs']) {
      expect(said.join('\n')).toContain(`${surface}: the disk is full`)
    }
  })

  test.each([
    ['a fork’s token', new PullRequestFault('403', true), 'no comment: the token may not write one here'],
    [
      'an API that is down',
      new PullRequestFault('listing the comments: 500', false),
      'comment: listing the comments: 500'
    ]
  ])('%s costs one line of log', async (_title, fault, line) => {
    const fail = (): Promise<never> => Promise.reject(fault)
    const { ports, said } = stage([BROKEN], {
      pullRequests: { listComments: fail, createComment: fail, updateComment: fail, removeComment: fail }
    })
    const { exitCode } = await guard(ports, PLACE, settingsOf())
    expect(exitCode).toBe(1)
    expect(said.filter((one) => one.includes(line))).toHaveLength(1)
  })

  test('a cage that cannot be entered is no way, and the build is watched instead', async () => {
    const bench = stage([GOOD, GOOD])
    const control = cgroupTree(bench.files, 'v2')
    const shut: ControlFiles = {
      ...control,
      write: (path, text) =>
        path.endsWith('cgroup.procs') ? Promise.reject(new Error('EACCES')) : control.write(path, text)
    }
    const { exitCode, report } = await guard({ ...bench.ports, means: [shut] }, PLACE, settingsOf())
    expect([exitCode, report?.enforcement.inForce]).toEqual([0, 'watch'])
    expect(report?.enforcement.reasons.join()).toContain('entering it: EACCES')
    expect(bench.files.exists(LEAF)).toBe(false)
  })
})

describe('a compile error', () => {
  test('is annotated on its line in the repository and commented once', async () => {
    const comments: PullRequestComment[] = []
    const { ports, seen } = stage([BROKEN, BROKEN], {
      pullRequests: {
        listComments: async () => comments,
        async createComment(body) {
          comments.push({ id: 1, body, url: 'https://github.com/acme/shop/pull/5#issuecomment-1', isOurs: true })
          return { id: 1, body, url: 'https://github.com/acme/shop/pull/5#issuecomment-1', isOurs: true }
        },
        async updateComment(id, body) {
          comments[0] = { id, body, url: comments[0]?.url ?? '', isOurs: true }
          return { id, body, url: comments[0].url, isOurs: true }
        },
        async removeComment() {}
      }
    })
    await guard(ports, PLACE, settingsOf())
    expect(seen.annotations[0]).toMatchObject({ level: 'error', file: 'main.go', line: 3, column: 8 })
    expect(seen.outputs['comment-url']).toContain('#issuecomment-1')
    await guard(ports, PLACE, settingsOf())
    expect(comments).toHaveLength(1)
    // Names and lines, but nothing that the build printed.
    expect(comments[0]?.body).toContain('main.go:3')
    expect(comments[0]?.body).not.toContain('imported and not used')
  })
})

describe('nothing is run', () => {
  test('where the working directory does not exist', async () => {
    const { ports, started } = stage([GOOD])
    const { exitCode, problems } = await guard(ports, PLACE, settingsOf({ 'working-directory': 'nowhere' }))
    expect([exitCode, started.length]).toEqual([125, 0])
    expect(problems).toEqual(['working-directory: nowhere does not exist'])
  })

  test('where an explicit enforcement cannot be had', async () => {
    const { ports, started, files } = stage([GOOD])
    const means = [cgroupTree(files, 'v2', { isReadOnly: true })]
    const { exitCode, problems } = await guard({ ...ports, means }, PLACE, settingsOf({ enforcement: 'cgroup' }))
    expect([exitCode, started.length]).toEqual([125, 0])
    expect(problems[0]).toContain('enforcement: cgroup cannot be had')
  })

  test('and the journal says that it ended, so that the post step tells of no death', async () => {
    const { ports, files } = stage([GOOD])
    const means = [cgroupTree(files, 'v2', { isReadOnly: true })]
    await guard({ ...ports, means }, { ...PLACE, hasPost: true }, settingsOf({ enforcement: 'cgroup' }))
    const journal = files.readText(`${PLACE.runDirectory}/state.jsonl`)
    expect(journal.kind === 'value' ? journal.value : '').toContain('"kind":"end"')
  })
})
