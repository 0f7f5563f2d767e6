import { describe, expect, test } from '@jest/globals'
import { asClause } from '../../src/report/headline.ts'
import { renderVerdict } from '../../src/report/text.ts'
import { diagnosis, finding, remedy } from './build-report.ts'

describe('a verdict about a stored log', () => {
  test('is title, reason, fix, evidence and what else it may be', () => {
    const killed = diagnosis('oom.killed', 'A build process was killed', {
      confidence: 'likely',
      summary: '`compile` on `example.com/a` was killed, and nothing in the log names a sender.',
      remedies: [remedy('run fewer build actions at once.', ['with:', '  parallelism: 1'])]
    })
    const text = renderVerdict({
      diagnoses: [killed, diagnosis('signal.kill', 'Killed by another process', { confidence: 'possible' })],
      findings: [
        finding('Kernel counters', 'not in a log', 'not checked'),
        finding('A kill', '`signal: killed`', 'likely')
      ],
      endedBy: 'unknown',
      outOfMemory: 'unknown'
    })
    expect(text).toBe(
      [
        'A build process was killed',
        '',
        'compile on example.com/a was killed, and nothing in the log names a sender. Confidence: likely (oom.killed).',
        '',
        'Fix: run fewer build actions at once.',
        '    with:',
        '      parallelism: 1',
        '',
        'Evidence',
        '  likely       A kill           signal: killed',
        '  not checked  Kernel counters  not in a log',
        '',
        'Also possible: Killed by another process (signal.kill, possible).'
      ].join('\n')
    )
  })

  test('with nothing recognised is one line that guesses nothing', () => {
    expect(renderVerdict({ diagnoses: [], findings: [], endedBy: 'unknown', outOfMemory: 'unknown' })).toBe(
      'No known cause of failure was recognised'
    )
  })
})

describe('a title after a colon', () => {
  test.each([
    ['No space left', 'no space left'],
    ['Go is too old', 'Go is too old'],
    ['GOFLAGS holds an unknown flag', 'GOFLAGS holds an unknown flag'],
    ['C compiler not found', 'C compiler not found'],
    ['`go.mod` cannot be read', '`go.mod` cannot be read']
  ])('%s goes on as %s', (title, clause) => {
    expect(asClause(title)).toBe(clause)
  })
})
