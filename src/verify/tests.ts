import { code, figure, prose } from '../model/prose.ts'
import type { SilentDefinition } from './definition.ts'
import type { GreenRun } from './green-run.ts'

const LINKS = ['https://pkg.go.dev/cmd/go#hdr-Test_packages', 'https://pkg.go.dev/cmd/go#hdr-Testing_flags']

/** A pattern matched nothing. */
export const noPackages: SilentDefinition = {
  id: 'silent.no-packages',
  title: 'A pattern matched no packages',
  why: 'Go says so in a warning alone, and ends well: nothing was built or tested for that pattern.',
  meaning:
    '`go build` and `go list` end with status 0 where a pattern like `./cmd/...` finds no package: the directory has another name, a go.mod of its own takes it out of the module, or build constraints leave no file.',
  judge: ({ output }) =>
    [...new Set(output.emptyPatterns)].map((pattern) => ({
      found: prose`${code(pattern)} matched no packages.`,
      remedy: {
        text: prose`look at what it finds, and correct it:`,
        snippet: { language: 'sh', lines: ['go list ./...', 'find . -name go.mod'] }
      }
    })),
  catches: [{ command: 'go build ./cmd/...', prints: 'go: warning: "./cmd/..." matched no packages\n' }],
  ignores: [{ command: 'go build ./...', prints: 'go: downloading example.com/x v1.2.3\n' }],
  links: ['https://pkg.go.dev/cmd/go#hdr-Package_lists_and_patterns']
}

/** Nobody wrote a test. */
export const noTests: SilentDefinition = {
  id: 'silent.no-tests',
  title: 'No package has tests',
  why: 'A test step that has nothing to test is as green as one that passed.',
  meaning:
    '`go test` ends with status 0 for a package without `_test.go` files and says `[no test files]`. Where it says so of every package, no test ran: the files have another name, a build tag leaves all of them out, or the pattern names the wrong directory.',
  judge: ({ output: { withoutTests, withoutMatch, skipped, hasRun } }) =>
    hasRun || skipped > 0 || withoutMatch > 0 || withoutTests === 0
      ? []
      : [
          {
            found: prose`${figure(withoutTests)} ${figure(withoutTests === 1 ? 'package' : 'packages')}, and none has test files.`,
            remedy: {
              text: prose`look for the files, and for the tags that leave them out:`,
              snippet: {
                language: 'sh',
                lines: ["find . -name '*_test.go'", "grep -rl '^//go:build' --include='*_test.go' ."]
              }
            }
          }
        ],
  catches: [
    {
      command: 'go test ./...',
      prints: '?   \texample.com/a\t[no test files]\n?   \texample.com/b\t[no test files]\n'
    },
    { command: 'go test -cover ./...', prints: '\texample.com/a\t\tcoverage: 0.0% of statements\n' },
    {
      command: 'go test -json ./...',
      prints: '{"Action":"start","Package":"example.com/a"}\n{"Action":"skip","Package":"example.com/a","Elapsed":0}\n'
    }
  ],
  ignores: [
    { command: 'go test ./...', prints: '?   \texample.com/a\t[no test files]\nok  \texample.com/b\t0.002s\n' },
    { command: 'go build ./...', prints: '' }
  ],
  links: LINKS
}

/** -run that is there to run none: compile the tests only. */
const NOTHING = /^\^?(?:\$|[-_x]+\$?|none\$?|nothing\$?|\$\^|no_?tests?\$?)?$/i

/** Tests are there, and not one was asked for. */
export const noTestsRun: SilentDefinition = {
  id: 'silent.no-tests-run',
  title: 'No test matched',
  why: 'A pattern with a slip in it is as green as tests that passed.',
  meaning:
    '`go test` says `[no tests to run]` of a package whose test files hold no test that matches `-run`, or none at all. Where it says so of every package with test files, no test ran. Patterns that are there to run nothing (`^$`, `none`, `XXX`) are left alone, and so are benchmarks.',
  judge: ({ output: { withoutMatch, skipped, hasRun }, testCalls }) => {
    const isMeant =
      testCalls === null ||
      testCalls.some(({ run, hasBenchmarks }) => hasBenchmarks || (run !== null && NOTHING.test(run)))
    if (hasRun || skipped > 0 || withoutMatch === 0 || isMeant) return []
    const pattern = testCalls.find(({ run }) => run !== null)?.run ?? null
    const because = pattern === null ? '' : prose` that matches ${code(`-run ${pattern}`)}`
    return [
      {
        found: `${prose`${figure(withoutMatch)} ${figure(withoutMatch === 1 ? 'package' : 'packages')} with test files, and no test`}${because}.`,
        remedy: { text: prose`list what there is:`, snippet: { language: 'sh', lines: ["go test -list '.*' ./..."] } }
      }
    ]
  },
  catches: [
    {
      command: "go test -run 'TestSotre' ./...",
      prints: 'ok  \texample.com/a\t0.002s [no tests to run]\n?   \texample.com/b\t[no test files]\n'
    },
    {
      command: 'go test -json -run TestSotre ./...',
      prints:
        '{"Action":"output","Package":"example.com/a","Output":"ok  \\texample.com/a\\t0.002s [no tests to run]\\n"}\n{"Action":"pass","Package":"example.com/a","Elapsed":0.002}\n'
    }
  ],
  ignores: [
    {
      command: 'go test -run TestStore ./...',
      prints: 'ok  \texample.com/a\t0.002s [no tests to run]\nok  \texample.com/b\t0.004s\n'
    },
    { command: "go test -run '^$' ./...", prints: 'ok  \texample.com/a\t0.002s [no tests to run]\n' },
    { command: 'make test', prints: 'ok  \texample.com/a\t0.002s [no tests to run]\n' }
  ],
  links: LINKS
}

/** All of them said no. */
export const testsSkipped: SilentDefinition = {
  id: 'silent.tests-skipped',
  title: 'Every test was skipped',
  why: 'A skipped test is green, and has shown nothing.',
  meaning:
    'A test that calls `t.Skip` counts as passed. Where every test of a run does so, something that all of them need is missing: a variable, a service, a tool. It shows only with `-v` or `-json`; without these `go test` does not tell.',
  judge: ({ output: { skipped, hasRun } }: GreenRun) =>
    hasRun || skipped === 0
      ? []
      : [
          {
            found: prose`${figure(skipped)} ${figure(skipped === 1 ? 'test was' : 'tests were')} skipped, and none ran.`,
            remedy: {
              text: prose`read the reason below each ${code('--- SKIP')}:`,
              snippet: { language: 'sh', lines: ["go test -v ./... | grep -A1 -e '--- SKIP'"] }
            }
          }
        ],
  catches: [
    {
      command: 'go test -v ./...',
      prints:
        '=== RUN   TestA\n    a_test.go:5: no database\n--- SKIP: TestA (0.00s)\nPASS\nok  \texample.com/a\t0.002s\n'
    },
    {
      command: 'go test -json ./...',
      prints:
        '{"Action":"run","Package":"p","Test":"TestA"}\n{"Action":"skip","Package":"p","Test":"TestA","Elapsed":0}\n{"Action":"pass","Package":"p","Elapsed":0.1}\n'
    }
  ],
  ignores: [
    {
      command: 'go test -v ./...',
      prints:
        '=== RUN   TestA\n--- SKIP: TestA (0.00s)\n=== RUN   TestB\n--- PASS: TestB (0.00s)\nPASS\nok  \texample.com/a\t0.002s\n'
    },
    { command: 'go test ./...', prints: 'ok  \texample.com/a\t0.002s\n' }
  ],
  links: ['https://pkg.go.dev/testing#hdr-Skipping']
}
