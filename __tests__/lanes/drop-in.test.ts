import { describe, expect, test } from '@jest/globals'
import { type ActStep, actUnavailable, runWorkflow } from './act.ts'
import { lane } from './lane.ts'
import { commandLines, guarded, guardLines, oneJob, plain } from './shop.ts'

// The same script as a `run:` step and through the action. Not compared, since act differs from GitHub there: standard
// input and terminals (act gives a `run:` step a terminal), and signals on cancel (act kills at once).

interface Twins {
  readonly plain: ActStep
  readonly guarded: ActStep
}

interface Script {
  readonly shell?: string
  readonly workingDirectory?: string
  readonly env?: Readonly<Record<string, string>>
}

const MAY_FAIL = { 'continue-on-error': true }

// act may lose what a `run:` step prints right before its end.
const LINGER = "trap 'sleep 0.2' EXIT\n"

async function runTwice(body: string, { shell, workingDirectory, env = {} }: Script = {}): Promise<Twins> {
  const place = workingDirectory === undefined ? {} : { 'working-directory': workingDirectory }
  const named = shell === undefined ? {} : { shell }
  const script = LINGER + body
  const run = await runWorkflow({
    env,
    files: { 'inner/kept.txt': 'kept\n', 'trace.sh': 'set -x\n' },
    workflow: oneJob([
      plain('plain', script, { ...MAY_FAIL, ...place, ...named }),
      guarded('guarded', { command: script, comment: 'never', ...place, ...named }, MAY_FAIL)
    ])
  })
  return { plain: run.step('plain'), guarded: run.step('guarded') }
}

/** The script's file has another name, and act begins it with an empty line; everything else has to be the same. */
function expectSame({ plain: before, guarded: now }: Twins): void {
  const anonymous = (lines: readonly string[]) =>
    lines.map((line) => line.replace(/^\S+\/(?:plain|script)(?:\.sh)?(?=:|$)(: line \d+)?/, 'SCRIPT'))
  expect(anonymous(commandLines(now.log))).toEqual(anonymous(before.log))
  expect(now.result).toBe(before.result)
  expect(guardLines(now.log)).toHaveLength(3)
}

lane('in place of a run: step', actUnavailable(), () => {
  describe('the script meets the same', () => {
    test('output, and means to write it', async () => {
      const twins = await runTwice(`
        printf '  blanks \\t and tabs\\t\\n\\n\\033[31mred\\033[0m 世界 \\xc3\\xa9\\n'
        echo by name >/dev/stdout
        echo twice | tee /dev/stdout
        echo appended >>/proc/self/fd/1
        echo '::notice file=a.go,line=3::a command'
        echo '::add-mask::hunter2'
        printf 'no end of line'`)
      expectSame(twins)
      expect(twins.guarded.commands).toEqual(twins.plain.commands)
      expect(twins.plain.commands.map(({ name }) => name)).toEqual(['notice', 'add-mask'])
    })

    test('standard error, and means to write to it', async () => {
      const script =
        'echo one >&2; echo two >/dev/stderr; echo three | tee /dev/stderr >/dev/null; echo four >>/proc/self/fd/2'
      const twins = await runTwice(script)
      expectSame(twins)
      expect(twins.plain.log).toEqual(['one', 'two', 'three', 'four'])
    })

    const state =
      'set -o; echo "$-"; echo "$0"; pwd; umask; ulimit -a; grep -E "^Sig(Ign|Blk)" /proc/self/status; ls -1'
    const posix = 'echo "$-"; echo "$0"; pwd; umask; ls -1'

    test.each<[string, string, Script]>([
      ['without shell', state, {}],
      ['with bash', state, { shell: 'bash' }],
      ['with sh', posix, { shell: 'sh' }],
      ['with a template', state, { shell: 'bash --norc -u {0}' }],
      ['in another directory', state, { workingDirectory: 'inner' }]
    ])('options, limits, signals and place, %s', async (_, script, how) => {
      const twins = await runTwice(script, how)
      expectSame(twins)
      expect(twins.plain.result).toBe('success')
    })

    test('variables, less what belongs to an action and its runner', async () => {
      const env = {
        OWN: 'kept',
        ACTIONS_RUNTIME_TOKEN: 'a',
        ACTIONS_RUNTIME_URL: 'b',
        ACTIONS_RESULTS_URL: 'c',
        ACTIONS_CACHE_SERVICE_V2: 'd'
      }
      const twins = await runTwice('env | sort', { env })
      const before = variables(twins.plain.log)
      const now = variables(commandLines(twins.guarded.log))
      const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort()
      // GITHUB_ACTION is the id of the step; act gives the address of its cache to every step, GitHub to actions only.
      expect(names.filter((name) => before[name] !== now[name])).toEqual([
        'ACTIONS_CACHE_SERVICE_V2',
        'ACTIONS_CACHE_URL',
        'ACTIONS_RESULTS_URL',
        'ACTIONS_RUNTIME_TOKEN',
        'ACTIONS_RUNTIME_URL',
        'GITHUB_ACTION',
        'GITHUB_STATE'
      ])
      expect(Object.keys(now).filter((name) => /^(ACTIONS_|INPUT_|STATE_|GITHUB_STATE|GO)/.test(name))).toEqual(
        Object.keys(before).filter((name) => /^GO/.test(name))
      )
      expect(now).toMatchObject({ OWN: 'kept', GITHUB_ACTION: 'guarded' })
    })
  })

  describe('the script ends the same', () => {
    test.each<[string, string, Script, 'success' | 'failure']>([
      ['at the first command that fails', 'echo one; false; echo two', {}, 'failure'],
      ['at the first command that fails, with bash', 'echo one; false; echo two', { shell: 'bash' }, 'failure'],
      ['not at a broken pipeline without shell', 'false | true; echo on', {}, 'success'],
      ['at a broken pipeline with bash', 'false | true; echo on', { shell: 'bash' }, 'failure'],
      ['with a name that is not bound', 'echo "$NOT_BOUND"; echo on', {}, 'success'],
      ['where a child of it is killed', 'sh -c "kill -TERM \\$\\$"; echo on', {}, 'failure'],
      ['where a command is not found', 'no-such-command-here; echo on', {}, 'failure']
    ])('%s', async (_, script, how, result) => {
      const twins = await runTwice(script, how)
      expectSame(twins)
      expect(twins.plain.result).toBe(result)
    })

    test.each([
      ['exit 7', 7],
      ['no-such-command-here', 127],
      ['touch file; ./file', 126],
      ['(exit 200)', 200]
    ])('with its exit code: %s', async (script, code) => {
      const jobs = await Promise.all(
        [plain('step', script), guarded('step', { command: script, comment: 'never' })].map((step) =>
          runWorkflow({
            workflow: oneJob([
              step,
              plain('later', 'echo "$SAID"', {
                if: 'always()',
                env: { SAID: '${{ steps.step.outcome }} ${{ steps.step.outputs.exit-code }}' }
              })
            ])
          })
        )
      )
      expect(jobs.map((job) => [job.code, job.step('step').exitCode])).toEqual([
        [1, code],
        [1, code]
      ])
      expect(jobs.map((job) => job.step('later').log)).toEqual([['failure '], [`failure ${code}`]])
    })
  })

  test('what the script leaves to later steps reaches them', async () => {
    const script = `
      echo LEFT=behind >>"$GITHUB_ENV"
      mkdir -p "$PWD/tools"; printf '#!/bin/sh\\necho tool\\n' >tools/left-tool; chmod +x tools/left-tool
      echo "$PWD/tools" >>"$GITHUB_PATH"
      echo '# Of the build' >>"$GITHUB_STEP_SUMMARY"
      echo 'answer=42' >>"$GITHUB_OUTPUT"`
    const run = await runWorkflow({
      workflow: oneJob([
        guarded('guarded', { command: script }),
        plain(
          'after',
          'echo "$LEFT"; left-tool; echo "${{ steps.guarded.outputs.answer }} ${{ steps.guarded.outputs.conclusion }}"'
        )
      ])
    })
    expect(run.step('after').log).toEqual(['behind', 'tool', '42 success'])
    expect(run.step('guarded').summary).toMatch(/^# Of the build\n+✅ Go build passed/)
  })
})

function variables(lines: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
}
