import { code, figure, prose } from '../../model/prose.ts'
import { advice, type Definition, quoted } from '../definition.ts'
import { endInWords } from '../end-words.ts'
import { killedLine, killedWords, namesBuildProcess } from '../killed-words.ts'
import { nameOf } from '../victim.ts'

/** A build process ended by SIGKILL, and neither a counter nor a sender says more. */
export const oomKilled: Definition = {
  ...killedWords,
  title: 'A build process was killed, probably for memory',
  meaning:
    'A compiler, the linker, a test binary or `go` itself was ended by SIGKILL, and nothing names the sender. The package that is named was being compiled at that moment and need not be at fault. On a build machine the reason is most often that the memory of the machine or container ran out, but `kill -9`, `timeout -s KILL` and a platform look the same. The counters of the kernel decide; a stored log has none.',
  judge: (of) => {
    const { outOfMemory, endedBy, told } = of.attribution
    if (outOfMemory === 'false' || endedBy.startsWith('kernel-oom') || told !== null) return null
    const { log, exit } = of.evidence
    const line = killedLine(log)
    if (line === null) return null
    // A word alone is the trace of a kill, not of a killed build: the status has to agree.
    const agrees = exit === null || exit.code === 137 || exit.signal === 'SIGKILL'
    const confidence = agrees || namesBuildProcess(log) ? 'likely' : 'possible'
    return {
      basis: 'kill',
      confidence,
      summary: `${of.victim === null ? 'A process of the build' : `The process ${nameOf(of.victim)}`} was ended by SIGKILL${endInWords(of)}; the log does not say by whom.`,
      evidence: [quoted('Killed for memory', line, 'likely')],
      lineNumber: line.lineNumber,
      endedBy: 'unknown'
    }
  },
  rulesOut: ['stopped', 'disk'],
  remedies: () => [
    advice(
      prose`look whether memory ran out: ${code('journalctl -k')} or ${code('dmesg')} of the machine, the last state of the pod.`
    ),
    advice(prose`run the build with ${code('go build -p 1')}; if it passes then, memory is the cause.`),
    advice(
      prose`run it under this action where the counters of the kernel can be read: they tell memory from ${figure('other senders')}.`
    )
  ],
  catches: [
    { log: 'example.com/app: /usr/local/go/pkg/tool/linux_amd64/compile: signal: killed\n', exitCode: 1 },
    {
      log: '/usr/local/go/pkg/tool/linux_amd64/link: signal: killed\nmake: *** [Makefile:8: app] Error 1\n',
      exitCode: 2
    },
    { log: 'signal: killed\nFAIL\texample.com/app\t2.871s\nFAIL\n', exitCode: 1 },
    { log: 'make[1]: *** [obj.o] Killed\n', exitCode: 2 },
    { log: './all.bash: line 9:   971 Killed                  ./dist bootstrap\n', exitCode: 137 }
  ],
  ignores: [
    {
      log: '=== RUN   TestVM\nsignal: killed\n--- PASS: TestVM (3.05s)\n--- FAIL: TestOther (0.01s)\nFAIL\texample.com/a\t4s\n',
      exitCode: 1
    },
    { log: 'example.com/app: /usr/local/go/pkg/tool/linux_amd64/compile: signal: killed\n', exitCode: 0 },
    { log: '--- FAIL: TestRun (0.00s)\n    run_test.go:9: got signal: killed, want exit status 1\nFAIL\n', exitCode: 1 }
  ],
  links: [
    'https://github.com/golang/go/blob/master/src/cmd/go/internal/work/shell.go',
    'https://docs.kernel.org/admin-guide/cgroup-v2.html'
  ]
}
