import { describe, expect, test } from '@jest/globals'
import { goCalls } from '../../src/plan/go-calls.ts'

const callsOf = (script: string) => goCalls({ kind: 'script', script, shell: '' }, '/work/app', 'linux')

describe('calls of go in a script', () => {
  test('with flags, operands and place', () => {
    expect(callsOf('cd cmd && go build -race -o bin/app -tags=a,b ./... ./x')).toEqual([
      {
        verb: 'build',
        flags: { race: 'true', o: 'bin/app', tags: 'a,b' },
        operands: ['./...', './x'],
        environment: {},
        unexported: {},
        directory: '/work/app/cmd'
      }
    ])
  })

  test('with the variables that the script gives, and those that it only seems to give', () => {
    const calls = callsOf('GOOS=windows\nexport CGO_ENABLED=0\nGOARCH=arm64 go build .\nexport GOOS\ngo vet .')
    expect(calls?.map(({ environment, unexported }) => ({ environment, unexported }))).toEqual([
      { environment: { CGO_ENABLED: '0', GOARCH: 'arm64' }, unexported: { GOOS: 'windows' } },
      { environment: { CGO_ENABLED: '0', GOOS: 'windows' }, unexported: { GOOS: 'windows' } }
    ])
  })

  test.each([
    ['go -C sub build .', 'build', '/work/app/sub'],
    ['go build -C=sub .', 'build', '/work/app/sub'],
    ['go test -C /other ./...', 'test', '/other']
  ])('%s', (script, verb, directory) => {
    expect(callsOf(script)).toMatchObject([{ verb, directory }])
  })

  test('what stands behind -args is of the test program', () => {
    expect(callsOf('go test ./... -run X -args -o y')).toMatchObject([{ flags: { run: 'X' }, operands: ['./...'] }])
  })

  test.each([
    'cd "$DIR" && go build .',
    'source env.sh\ngo build .',
    'eval x; go build .',
    'for x in a; do go build; done',
    'set -a\nGOOS=x\ngo build',
    'export PATH=$PATH:/x\ngo build .',
    'go build | tee log',
    '$GO build .',
    'go -C "$X" build .'
  ])('nothing is told of: %s', (script) => {
    expect(callsOf(script)).toBeNull()
  })

  test('none in a command without go', () => {
    expect(callsOf('make build')).toEqual([])
    expect(goCalls({ kind: 'vector', argv: ['go', 'build', './...'] }, '/w', 'linux')).toMatchObject([
      { verb: 'build' }
    ])
  })
})
