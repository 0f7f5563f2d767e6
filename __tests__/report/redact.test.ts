import { expect, test } from '@jest/globals'
import { value } from '../../src/model/reading.ts'
import { encodeReport } from '../../src/report/json.ts'
import { shareable, withoutCredentials } from '../../src/report/redact.ts'
import { OWN_CAP } from './memory-fixtures.ts'

test('credentials in addresses do not travel', () => {
  expect(withoutCredentials('GOPROXY=https://joe:s3cret@goproxy.example.com,direct')).toBe(
    'GOPROXY=https://***@goproxy.example.com,direct'
  )
  expect(withoutCredentials('git+ssh://git@example.com/a')).toBe('git+ssh://***@example.com/a')
  expect(withoutCredentials('user@example.com https://example.com/@scope/x')).toBe(
    'user@example.com https://example.com/@scope/x'
  )
})

test('variables that name a secret keep their name only', () => {
  expect(shareable({ GOAUTH: 'netrc /home/joe', MY_TOKEN: 'x', GOFLAGS: '-p=2', SECRET_EMPTY: '' })).toEqual({
    GOAUTH: '***',
    MY_TOKEN: '***',
    GOFLAGS: '-p=2',
    SECRET_EMPTY: ''
  })
})

test('report.json carries neither credentials of the Go environment nor what the build printed', () => {
  const [attempt] = OWN_CAP.attempts
  if (attempt === undefined) throw new Error('no attempt')
  const diagnosis = {
    id: 'compile.error',
    title: 'Compile error',
    confidence: 'certain',
    score: 1,
    summary: '1 compile error; the first is `main.go:3:8` `cannot use "hunter2 hunter3" as int`',
    evidence: [
      { hypothesis: 'Compile error', measured: 'line 2: `cannot use "hunter2 hunter3" as int`', verdict: 'cause' }
    ],
    ruledOut: [],
    remedies: [],
    locations: [{ file: 'main.go', line: 3, column: 8, message: 'cannot use "hunter2 hunter3" as int' }]
  } as const
  const env = { GOPROXY: 'https://joe:hunter2@goproxy.example.com' }
  const text = encodeReport({
    ...OWN_CAP,
    survey: { ...OWN_CAP.survey, go: value({ version: 'go1.26.8', minor: 26, mainModule: null, env }) },
    attempts: [{ ...attempt, diagnoses: [diagnosis] }],
    diagnoses: [diagnosis]
  })
  expect(text).not.toContain('hunter2')
  expect(text).toContain('"main.go"')
})
