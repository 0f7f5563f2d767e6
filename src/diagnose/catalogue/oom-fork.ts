import type { LogLine } from '../../model/evidence.ts'
import { code, type Prose, prose } from '../../model/prose.ts'
import { ASSERTED } from '../assertion.ts'
import { advice, commands, type Definition, decidedByWording } from '../definition.ts'
import { group } from '../log-hits.ts'

/** A process could not be started for want of memory. */
export const oomFork: Definition = decidedByWording({
  id: 'oom.fork',
  title: 'No memory to start a process',
  meaning:
    'A process of the build wanted to start another one, such as the linker its C compiler, and the kernel refused with ENOMEM. To start a process, the kernel has to promise a copy of the memory of the one that starts it: a linker that holds a gigabyte asks for a second one for a moment. Strict overcommit (`vm.overcommit_memory=2`), a machine without swap and a small virtual machine refuse that although the new program itself would be small.',
  patterns: [
    {
      // link: running gcc failed: fork/exec /usr/bin/gcc: cannot allocate memory · vet: fork/exec /go/vet: cannot allocate memory   (os/exec)
      name: 'exec',
      anchor: [': cannot allocate memory', ': Cannot allocate memory', ': not enough space', 'Out of memory'],
      // `not enough space` is ENOMEM on illumos and Solaris.
      regex:
        /fork\/exec (?<program>[^:]{1,300}): (?:[Cc]annot allocate memory|not enough space)|running (?<started>\S{1,200}) failed: .{0,300}[Cc]annot allocate memory|\b(?:v?fork|posix_spawn|clone3?|execvp?e?|can't fork|[Cc]annot fork(?:\(\))?(?: for [^:]{1,100})?)(?:: retry)?: (?:[Cc]annot allocate memory|Out of memory)|unable to (?:fork|create thread): Cannot allocate memory/,
      unless: ASSERTED
    },
    {
      // make: go: Cannot allocate memory   (job.c, child_execute_job: the program is named, the call is not)
      name: 'make',
      anchor: ': Cannot allocate memory',
      regex: /^g?make(?:\[\d{1,3}\])?: (?<program>[^\s:]{1,300}): Cannot allocate memory$/
    },
    { name: 'node', anchor: 'spawn', regex: /\bspawn(?:Sync)? (?:\S{1,300} )?ENOMEM\b/, unless: ASSERTED }
  ],
  basis: 'refusal',
  endedBy: 'itself',
  says: forkSays,
  fix: () => [
    commands(prose`see how much the kernel still promises, and to whom:`, [
      'grep -E "Commit|Swap" /proc/meminfo; cat /proc/sys/vm/overcommit_memory'
    ]),
    commands(prose`start fewer processes at once, or give the machine swap:`, [
      'go build -p 1 ./...',
      'sudo sh -c "fallocate -l 4G /swapfile && chmod 600 /swapfile && mkswap /swapfile && swapon /swapfile"'
    ]),
    advice(
      prose`if the linker starts the C compiler and the program needs no cgo, ${code('CGO_ENABLED=0')} avoids that process.`
    )
  ],
  catches: [
    {
      log: '# example.com/app\n/usr/local/go/pkg/tool/linux_amd64/link: running gcc failed: fork/exec /usr/bin/gcc: cannot allocate memory\n',
      exitCode: 1
    },
    {
      log: 'go: error obtaining buildID for go tool compile: fork/exec /go/compile: cannot allocate memory\n',
      exitCode: 1
    },
    { log: './build.sh: fork: Cannot allocate memory\n', exitCode: 254 },
    { log: 'make: vfork: Cannot allocate memory\n', exitCode: 2 },
    { log: 'make: go: Cannot allocate memory\nmake: *** [Makefile:5: b] Error 127\n', exitCode: 2 },
    {
      log: '--- FAIL: TestRun (0.10s)\n    run_test.go:9: fork/exec /bin/true: cannot allocate memory\nFAIL\n',
      exitCode: 1
    }
  ],
  ignores: [
    { log: 'fork/exec /usr/bin/gcc: resource temporarily unavailable\n', exitCode: 1 },
    {
      log: '--- FAIL: TestErr (0.00s)\n    e_test.go:4: got exit 1, want fork/exec /x: cannot allocate memory\nFAIL\n',
      exitCode: 1
    },
    { log: './main.go:3:1: undefined: fork\n', exitCode: 1 }
  ],
  links: ['https://man7.org/linux/man-pages/man2/fork.2.html', 'https://docs.kernel.org/mm/overcommit-accounting.html']
})

function forkSays(line: LogLine): Prose {
  const program = group(line, 'program') ?? group(line, 'started')
  return program === null
    ? prose`A process could not be started: the kernel had no memory for it (ENOMEM).`
    : prose`${code(program)} could not be started: the kernel had no memory for it (ENOMEM).`
}
