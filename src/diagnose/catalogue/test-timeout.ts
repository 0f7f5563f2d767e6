import { code, prose } from '../../model/prose.ts'
import { advice, commands, type Definition, decidedByWording } from '../definition.ts'
import { group } from '../log-hits.ts'

/** The limit of `go test` itself. */
export const testTimeout: Definition = decidedByWording({
  id: 'test.timeout',
  title: 'Tests ran out of time',
  meaning:
    '`go test` gives each test binary ten minutes, or what `-timeout` says, for all of its tests together. Then the binary panics and prints every goroutine; if it does not even do that, `go` sends SIGQUIT and kills it. The tests that were running are named, with how long they ran; one that ran as long as the limit hangs, many short ones mean that the limit is too low.',
  patterns: [
    {
      // panic: test timed out after 10m0s   (testing/testing.go)
      name: 'panic',
      anchor: 'test timed out after ',
      regex: /(?:^|\s)panic: test timed out after (?<limit>[\dhms.µn]{2,20})/,
      unless: /_test\.go:\d{1,7}: /
    },
    {
      // *** Test killed with quit: ran too long (11m0s).   (cmd/go/internal/test)
      name: 'killed',
      anchor: '*** Test ',
      regex: /\*\*\* Test (?:killed|running)[^:]{0,60}: ran too long(?: \((?<limit>[\dhms.]{2,20})\))?/,
      unless: /_test\.go:\d{1,7}: /
    },
    {
      // SIGQUIT: quit
      // PC=0x27438c m=0 sigcode=0
      name: 'quit',
      anchor: 'SIGQUIT: quit',
      regex: /^\s{0,8}SIGQUIT: quit/,
      next: /^\s*PC=0x/
    }
  ],
  basis: 'stated',
  onlyOutsideTests: true,
  // Before it ends a build that stands still, the guard sends SIGQUIT itself.
  unless: ({ evidence: { stop } }) => stop?.kind === 'stall' || stop?.kind === 'timeout',
  endedBy: 'itself',
  says: (line) => {
    const limit = group(line, 'limit')
    return limit === null
      ? prose`A test binary ran too long, and ${code('go test')} ended it.`
      : prose`A test binary ran longer than the ${code(limit)} that it had, and ${code('go test')} ended it.`
  },
  fix: (line) => [
    advice(
      prose`look at the tests below ${code('running tests:')} and at their goroutines: one that waits (${code('chan receive')}, ${code('select')}, ${code('IO wait')}) for nearly all that time hangs.`
    ),
    commands(prose`if they only need longer, give them more:`, [
      `go test -timeout ${doubled(group(line, 'limit'))} ./...`
    ])
  ],
  catches: [
    {
      log: '=== RUN   TestA\npanic: test timed out after 10m0s\nrunning tests:\n\tTestA (10m0s)\n\ngoroutine 17 [running]:\n',
      exitCode: 1
    },
    {
      log: 'SIGQUIT: quit\nPC=0x27438c m=0 sigcode=0\n\ngoroutine 226 [syscall]:\n*** Test killed with quit: ran too long (11m0s).\n',
      exitCode: 1
    },
    { log: '*** Test killed: ran too long (10m0s).\nsignal: killed\nFAIL\texample.com/app\t660.012s\n', exitCode: 1 }
  ],
  ignores: [
    { log: '--- FAIL: TestWait (1.00s)\n    Timed out after 1.001s.\nFAIL\n', exitCode: 1 },
    { log: 'timeout: sending signal TERM to command ‘go’\n', exitCode: 124 }
  ],
  links: [
    'https://pkg.go.dev/cmd/go#hdr-Testing_flags',
    'https://github.com/golang/go/blob/master/src/testing/testing.go'
  ]
})

/** Twice a duration as Go prints it, in whole minutes, or 20m where it is not known. */
function doubled(limit: string | null): string {
  const [, hours = '0', minutes = '0', seconds = '0'] = /^(?:(\d+)h)?(?:(\d+)m)?(?:([\d.]+)s)?$/.exec(limit ?? '') ?? []
  const total = 2 * (Number(hours) * 60 + Number(minutes) + Number(seconds) / 60)
  return total === 0 ? '20m' : total < 1 ? '1m' : `${Math.ceil(total)}m`
}
