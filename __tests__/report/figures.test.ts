import { describe, expect, test } from '@jest/globals'
import { MIB } from '../../src/model/bytes.ts'
import { ABSENT, value } from '../../src/model/reading.ts'
import type { Report } from '../../src/model/report.ts'
import { textChart } from '../../src/report/chart.ts'
import { inOneLine } from '../../src/report/command.ts'
import { jobState } from '../../src/report/comment-state.ts'
import { peakInWords, peakShare, toldPeakBytes } from '../../src/report/figures.ts'
import { conclusionLine, startLines } from '../../src/report/log-lines.ts'
import { renderOutputs } from '../../src/report/outputs.ts'
import { proseCell, shortPaths } from '../../src/report/prose-markdown.ts'
import { largestProcesses, planAndLimits } from '../../src/report/run-details.ts'
import { attempt, gib, outcome, plan, report, samples, survey } from './build-report.ts'

const RUN = { runId: 1, runNumber: 1, attempt: 1, sha: '' }

function killedAtCap(course: readonly number[]): Report {
  return report([
    attempt({
      plan: plan(1),
      outcome: outcome({ endedBy: 'kernel-oom-cap', durationMs: 1600 }),
      course: samples(course, 1600),
      outOfMemory: 'true'
    })
  ])
}

function failing(course: readonly number[]): Report {
  return report([attempt({ plan: plan(1), outcome: outcome({ durationMs: 30 }), course: samples(course, 30) })])
}

describe('a build that was killed at its cap', () => {
  test('has reached it in every text, and in numbers its highest sample', () => {
    const of = killedAtCap([1, 4.2])
    expect(textChart(of)[1]).toMatch(/ 6\.6 GiB, killed 0:02$/)
    expect(planAndLimits(of)).toContain('killed after 2 s, reached its cap of 6.6 GiB')
    expect(conclusionLine(of)).toContain('; reached its cap of 6.6 GiB')
    expect(jobState(of, RUN).peakBytes).toBe(gib(6.6))
    const outputs = renderOutputs(of, { reportFile: null, commentUrl: null })
    expect(outputs['memory-peak-bytes']).toBe(String(gib(4.2)))
  })

  test('has reached it although nothing was sampled', () => {
    const of = killedAtCap([])
    expect(conclusionLine(of)).toContain('reached its cap of 6.6 GiB')
    expect(renderOutputs(of, { reportFile: null, commentUrl: null })['memory-peak-bytes']).toBe('')
  })
})

describe('a run that was too short', () => {
  test.each([
    ['for any sample', []],
    ['for a sample with anything in it', [0, 0]]
  ])('%s was not sampled, on every surface', (_title, course) => {
    const of = failing(course)
    const [only] = of.attempts
    if (only === undefined) throw new Error('the report has an attempt')
    expect([toldPeakBytes(only), peakShare(of, only), peakInWords(of, only)]).toEqual([
      null,
      null,
      'memory not sampled'
    ])
    expect(planAndLimits(of)).toContain('failed after 30 ms, memory not sampled')
    expect(conclusionLine(of)).toContain('memory not involved (not sampled)')
    expect(textChart(of)).toEqual([])
    expect(jobState(of, RUN).peakBytes).toBeNull()
  })
})

describe('a script', () => {
  test.each([
    ['go build ./...', 'go build ./...'],
    ['set -e\n\n  cd app\r\ngo build ./...\n', 'set -e; cd app; go build ./...'],
    ['go build \\\n  -o x \\\n  ./cmd\n# done\n', 'go build -o x ./cmd'],
    ['if true; then\n  go vet &&\n  go build\nfi', 'if true; then go vet && go build; fi'],
    ['', '']
  ])('%j is one line', (script, line) => {
    expect(inOneLine(script)).toBe(line)
  })
})

describe('swap', () => {
  const start = (swap: number): string => {
    const of = survey(7.8)
    const host = { ...of.host, swapTotalBytes: value(gib(swap)) }
    const enforcement = { inForce: 'cgroup-v2', reasons: [], limitBytes: gib(6.6), limitSource: 'auto' } as const
    return startLines(0, { survey: { ...of, host }, enforcement, plan: plan(1) })[0] ?? ''
  }

  test('is open or closed only where there is some', () => {
    expect(start(0)).not.toContain('swap')
    expect(start(2)).toContain('own cgroup (v2), swap closed')
    expect(planAndLimits(killedAtCap([1]))).not.toContain('swap closed')
  })
})

describe('tables', () => {
  test('of processes leave out what holds less than 1 MiB', () => {
    const [go, bash] = [20, 0.4].map((mib, pid) => ({
      pid,
      tool: pid === 0 ? 'go' : 'bash',
      package: null,
      bytes: mib * MIB
    }))
    if (go === undefined || bash === undefined) throw new Error('there are two')
    const holding = (processes: readonly (typeof go)[]): string => {
      const course = samples([1, 2], 1000, { processes })
      return largestProcesses(report([attempt({ plan: plan(1), outcome: outcome(), course })]), 50)
    }
    expect(holding([go, bash])).toMatch(/20 MiB \| `go` \|\n\n<\/details>$/)
    expect(holding([bash])).toBe('')
  })

  test.each([
    ['/proc/meminfo', '/proc/meminfo'],
    [
      'mkdir /sys/fs/cgroup/system.slice/agent.service/go-build-guard-1f: EACCES',
      'mkdir …/agent.service/go-build-guard-1f: EACCES'
    ],
    ['github.com/acme/shop/internal/billing/tables', 'github.com/acme/shop/internal/billing/tables'],
    ['https://example.com/a/b/c/d/e/f/g/h/i/j/k/l', 'https://example.com/a/b/c/d/e/f/g/h/i/j/k/l']
  ])('tell only the end of long absolute paths: %s', (text, shown) => {
    expect(shortPaths(text)).toBe(shown)
  })

  test('keep a shortened path in its code span', () => {
    expect(proseCell('of `/sys/fs/cgroup/system.slice/agent.service/memory.max`, less')).toBe(
      'of `…/agent.service/memory.max`, less'
    )
  })

  test("name the attempt of the kernel's own peak where there are several", () => {
    const one = attempt({
      plan: plan(1),
      outcome: outcome(),
      course: samples([1], 1000),
      kernelPeakBytes: value(gib(3))
    })
    const other = attempt({ plan: plan(2), outcome: outcome(), course: samples([1], 1000), kernelPeakBytes: ABSENT })
    expect(planAndLimits(report([one]))).toContain("| Kernel's own peak | 3.0 GiB")
    expect(planAndLimits(report([one, other]))).toContain("| Kernel's own peak, attempt 1 | 3.0 GiB")
  })
})
