import { describe, expect, test } from '@jest/globals'
import type { Command } from '../../src/model/settings.ts'
import { explicitParallelism, isRepeatable, runsTests } from '../../src/plan/go-commands.ts'

const script = (text: string): Command => ({ kind: 'script', script: text, shell: '' })

describe('a command is run again unasked', () => {
  test.each([
    'go build ./...',
    'cd app && go build -o bin/ ./cmd/...',
    'set -e\nexport CGO_ENABLED=0\nmkdir -p bin\necho building\ngo mod download\ngo vet ./...\ngo install ./cmd/x',
    'go test -c -o x.test ./x',
    'go list -deps ./...',
    'GOOS=linux go build',
    '/usr/local/go/bin/go build',
    'go1.26.8 build',
    'go build -ldflags "-X main.version=$VERSION"'
  ])('if it only builds: %s', (text) => {
    expect(isRepeatable(script(text))).toBe(true)
  })

  test.each([
    '',
    'X=1 # nothing',
    'make',
    'go build && ./deploy',
    'go test ./...',
    'go test -c=false ./x',
    'go test ./x -args -c',
    'go run ./gen',
    'go generate ./...',
    'go mod tidy',
    'go clean -cache',
    'mkdir bin && go build',
    'git commit -am x; go build',
    'go build | tee log',
    'sudo go build',
    '$GO build',
    'go $VERB',
    './go build',
    'go',
    'source env.sh && go build'
  ])('and not else: %s', (text) => {
    expect(isRepeatable(script(text))).toBe(false)
  })

  test('as an argument vector too', () => {
    expect(isRepeatable({ kind: 'vector', argv: ['go', 'build', '-o', 'a b'] })).toBe(true)
    expect(isRepeatable({ kind: 'vector', argv: ['bash', '-c', 'go build'] })).toBe(false)
  })
})

test.each([
  ['go test ./...', true],
  ['go vet ./... && go test -race -count=1 ./...', true],
  ['gotestsum -- ./...', true],
  ['/home/me/go/bin/ginkgo -r', true],
  ['go run gotest.tools/gotestsum@v1.12.0', true],
  ['go run gotest.tools/gotestsum@latest ./...', true],
  ['go tool gotestsum', true],
  ['go test -c ./x', false],
  ['go build ./...', false],
  ['go test ./... | tee log', false],
  ['echo go test', false]
])('runs tests: %s: %s', (text, expected) => {
  expect(runsTests(script(text))).toBe(expected)
})

test.each([
  ['go build -p 3 ./...', 3],
  ['go build -p=3', 3],
  ['go test --p=12 ./... -args -p 7', 12],
  ['go build -p 2 && go test -p 5', 5],
  ['echo x; go build -p 2', 2],
  ['go build', null],
  ['go build -p 2 && go vet ./...', null],
  ['go test ./... -args -p 7', null],
  ['go build -p $N', null],
  ['go build -p', null],
  ['go build -p 0', null],
  ['go build -pgo=off', null],
  ['make -p 2', null],
  ['go build -p 2 | tee log', null]
])('-p on the command line: %s: %s', (text, expected) => {
  expect(explicitParallelism(script(text))).toBe(expected)
})
