import { describe, expect, test } from '@jest/globals'
import { GIB, MIB } from '../../src/model/bytes.ts'
import { value } from '../../src/model/reading.ts'
import {
  cageV2,
  compiler,
  counter,
  kernelLogOf,
  level,
  logOf,
  planOf,
  record,
  sample,
  surveyOf,
  timelineOf
} from './evidence.ts'
import { API, CAP_FIRED, ONE_COMPILER, rowsOf, snippetsOf, TWO_COMPILERS, topOf, verdictOn } from './kills.ts'

describe('remedies for memory', () => {
  test('two heavy compilers: one at a time, with the estimate and what it was', () => {
    const top = topOf(verdictOn({ ...CAP_FIRED, timeline: TWO_COMPILERS }))
    expect(snippetsOf(top)).toEqual([
      '  parallelism: 1   # was 2',
      '  go-memory-limit: 5529MiB   # was not set',
      'runs-on: LABEL-OF-A-16-GB-RUNNER'
    ])
    expect(top.remedies[0]?.text).toContain('the heaviest one held 3.4 of 6.0 GiB (estimate')
  })

  test('a release before 1.19 does not know GOMEMLIMIT: the collector is told instead', () => {
    const survey = { ...surveyOf(), go: value({ version: 'go1.18.10', minor: 18, mainModule: null, env: {} }) }
    const top = topOf(verdictOn({ ...CAP_FIRED, survey, timeline: ONE_COMPILER }))
    expect(snippetsOf(top).join()).not.toContain('go-memory-limit')
    expect(snippetsOf(top)).toContain('  GOGC: 50   # was not set')
  })

  test('nothing is offered that this attempt has shown to be useless', () => {
    const plan = planOf({ parallelism: 1, setParallelism: 1, setGoMemoryLimitBytes: 5900 * MIB })
    const top = topOf(verdictOn({ ...CAP_FIRED, plan, timeline: ONE_COMPILER }))
    expect(snippetsOf(top)).toEqual(['runs-on: LABEL-OF-A-16-GB-RUNNER'])
    expect(top.remedies[0]?.text).toContain('`-p` is already 1 and `GOMEMLIMIT=5900MiB` was exceeded, so neither helps')
  })

  test.each([
    ['of another module is named with what pulls it in', 'example.com/app', true],
    ['of the module itself is the work to be done', 'example.com/shop', false],
    ['of a module whose name only begins like it is another one', 'example.com/sho', true],
    ['is left alone where the main module is not known', undefined, false]
  ])('a package too large by itself %s', (_title, mainModule, isNamed) => {
    const survey = surveyOf(mainModule === undefined ? {} : { mainModule })
    const texts = topOf(verdictOn({ ...CAP_FIRED, survey, timeline: ONE_COMPILER })).remedies.map(({ text }) => text)
    expect(texts.some((text) => text.endsWith(`\`go mod why ${API}\``))).toBe(isNamed)
  })

  test.each(['net/http', './cmd/server', 'command-line-arguments', 'x.y$(reboot)'])(
    'nothing pulls %s in that could be left out',
    (path) => {
      const timeline = timelineOf(sample([compiler(957, path, 5.8 * GIB)]))
      const log = logOf('')
      const top = topOf(verdictOn({ ...CAP_FIRED, log, timeline, survey: surveyOf({ mainModule: 'example.com/app' }) }))
      expect(top.remedies.map(({ text }) => text).join('\n')).not.toContain('go mod why')
    }
  )

  test('a small cap of the user: raise it, with what did not help, and no larger machine', () => {
    const capBytes = 120 * MIB
    const plan = planOf({ parallelism: 1, setParallelism: 1, setGoMemoryLimitBytes: 108 * MIB, setGcPercent: 25 })
    const cage = cageV2({ capBytes, ownLimitHits: counter(0, 1), kills: counter(0, 1) })
    const top = topOf(verdictOn({ ...CAP_FIRED, cage, plan, survey: surveyOf({ totalBytes: 23.5 * GIB }) }))
    expect(snippetsOf(top)).toEqual(['  memory-limit: 192MiB   # was 120MiB'])
    expect(top.remedies[0]?.text).toContain(
      '`-p` is already 1, `GOMEMLIMIT=108MiB` was not enough and `GOGC=25` was set, so none of them helps.'
    )
  })

  test('a cap that takes all of a container: its limit is raised, not the machine', () => {
    const survey = surveyOf({ totalBytes: 64 * GIB, levels: [level(value(7 * GIB))] })
    const top = topOf(verdictOn({ ...CAP_FIRED, survey, plan: planOf({ parallelism: 1 }) }))
    expect(snippetsOf(top).join('\n')).not.toContain('runs-on')
    expect(top.remedies.map(({ text }) => text)).toContain(
      'raise the memory limit of the container or pod above 7.0 GiB. `-p` is already 1.'
    )
  })

  test('a heap limit too low to save anything is not offered', () => {
    const cage = cageV2({ capBytes: 60 * MIB, ownLimitHits: counter(0, 1), kills: counter(0, 1) })
    expect(snippetsOf(topOf(verdictOn({ ...CAP_FIRED, cage }))).join('\n')).not.toContain('go-memory-limit')
  })

  test('one process that holds nearly everything: fewer beside it do not help', () => {
    const top = topOf(verdictOn({ ...CAP_FIRED, timeline: ONE_COMPILER }))
    expect(snippetsOf(top).join('\n')).not.toContain('parallelism')
  })

  test('a chosen cap far below the machine: raise it, by an estimate above what was reached', () => {
    const top = topOf(verdictOn({ ...CAP_FIRED, survey: surveyOf({ totalBytes: 16 * GIB }) }))
    expect(top.remedies[0]?.snippet?.lines).toEqual(['with:', '  memory-limit: 9GiB   # was 6GiB'])
    expect(top.remedies[0]?.text).toContain('estimate')
  })

  test('a limit above the build: that one has to be raised', () => {
    const survey = surveyOf({ levels: [level(value(4 * GIB))] })
    const verdict = verdictOn({ cage: cageV2({ kills: counter(0, 1) }), hostKills: counter(0, 1), survey })
    expect(topOf(verdict)).toMatchObject({ id: 'oom.cgroup', confidence: 'likely' })
    expect(
      topOf(verdict)
        .remedies.map(({ text }) => text)
        .join('\n')
    ).toContain('container or pod above 4.0 GiB')
    expect(rowsOf(verdict)[0]).toContain('likely | Limit above the build | `oom_kill` 0 to 1; the cap did not fire')
  })

  test('a path that a shell would take apart is not put into a command', () => {
    const timeline = timelineOf(sample([compiler(957, 'x$(reboot)', 5.8 * GIB)]))
    const top = topOf(
      verdictOn({ ...CAP_FIRED, timeline, kernelLog: kernelLogOf([record()]), plan: planOf({ parallelism: 1 }) })
    )
    expect(snippetsOf(top).join('\n')).not.toContain('reboot')
  })

  test('lines to paste fit a phone', () => {
    const top = topOf(verdictOn({ ...CAP_FIRED, survey: surveyOf({ totalBytes: 64 * GIB }), timeline: TWO_COMPILERS }))
    expect(snippetsOf(top).filter((line) => line.length > 43)).toEqual([])
  })
})
