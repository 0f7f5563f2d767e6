import { code, prose } from '../../model/prose.ts'
import { ASSERTED } from '../assertion.ts'
import { advice, commands, type Definition, decidedByWording } from '../definition.ts'

/** EAGAIN for a new process or thread. */
export const limitNproc: Definition = decidedByWording({
  id: 'limit.nproc',
  title: 'Limit of processes or threads reached',
  meaning:
    'The kernel refused to start a process or a thread with EAGAIN, because a limit of their number was reached: `ulimit -u` of the user, which counts all of that user’s processes on the machine, or `pids.max` of the container. A Go build starts a process for each package, and each has a thread for each CPU and more. It is no shortage of memory.',
  patterns: [
    {
      // fork/exec /go/pkg/tool/compile: resource temporarily unavailable · bash: fork: retry: Resource temporarily unavailable
      name: 'process',
      anchor: ['esource temporarily unavailable', 'No child processes'],
      regex:
        /fork\/exec .{1,500}: resource temporarily unavailable|\b(?:v?fork|posix_spawn(?: failed)?|clone3?|[Cc]annot fork(?:\(\))?(?: for [^:]{1,100})?|unable to fork)(?:: retry)?: (?:Resource temporarily unavailable|No child processes)/,
      unless: ASSERTED
    },
    {
      // runtime: failed to create new OS thread (have 5 already; errno=11)   (runtime/os_linux.go; 35 is EAGAIN of macOS and BSD)
      name: 'thread',
      anchor: ['failed to create new OS thread', 'may need to increase max user processes'],
      regex:
        /failed to create new OS thread \(have \d{1,9} already; errno=(?:11|35)\)|may need to increase max user processes/
    },
    {
      // runtime/cgo: pthread_create failed: Resource temporarily unavailable · fatal: unable to create thread: Resource temporarily unavailable
      name: 'c-thread',
      anchor: ['esource temporarily unavailable', 'pthread_create'],
      regex:
        /pthread_create(?:\(\) is| failed with error) 11\b|(?:pthread_create|[Tt]hread creation|create (?:a )?(?:new )?(?:\w{1,30} )?thread|start (?:a )?(?:new )?thread|std::system_error)\b.{0,100}: (?:11: )?Resource temporarily unavailable|what\(\): {1,3}Resource temporarily unavailable/,
      unless: ASSERTED
    },
    {
      name: 'shell',
      anchor: ['Cannot fork', 'spawn', "can't fork", "can't start new thread", 'unable to create native thread'],
      regex:
        /^(?:\S{0,200}sh): (?:\d{1,6}: )?(?:Cannot fork|can't fork)\s*$|\bspawn (?:\S{1,300} )?EAGAIN\b|can't start new thread|unable to create (?:new )?native thread/,
      unless: ASSERTED
    },
    {
      name: 'kernel',
      anchor: 'fork rejected by pids controller',
      regex: /cgroup: fork rejected by pids controller in /
    }
  ],
  basis: 'refusal',
  endedBy: 'itself',
  says: (line) =>
    prose`The kernel refused a new process or thread, because a limit of their number was reached: ${code(line.text.trim().slice(0, 200))}.`,
  fix: () => [
    commands(prose`see the limits, and how many threads there are:`, [
      'ulimit -u; cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids.current 2>/dev/null; ps -eLf | wc -l'
    ]),
    commands(prose`raise the limit of the container, or need fewer of both:`, [
      'docker run --pids-limit=-1 --ulimit nproc=65535 IMAGE',
      'GOMAXPROCS=2 go build -p 2 ./...'
    ])
  ],
  catches: [
    {
      log: 'go: error obtaining buildID for go tool compile: fork/exec /go/compile: resource temporarily unavailable\nerror obtaining VCS status: exit status 128\n',
      exitCode: 1
    },
    {
      log: 'runtime: failed to create new OS thread (have 12 already; errno=11)\nruntime: may need to increase max user processes (ulimit -u)\nfatal error: newosproc\n',
      exitCode: 2
    },
    { log: 'runtime/cgo: pthread_create failed: Resource temporarily unavailable\nSIGABRT: abort\n', exitCode: 2 },
    { log: './all.sh: fork: retry: Resource temporarily unavailable\n', exitCode: 254 }
  ],
  ignores: [
    { log: 'dial unix /run/app.sock: connect: resource temporarily unavailable\n', exitCode: 1 },
    {
      log: 'runtime: failed to create new OS thread (have 2 already; errno=22)\nfatal error: newosproc\n',
      exitCode: 2
    },
    { log: 'runtime/cgo: pthread_create failed: Operation not permitted\nSIGABRT: abort\n', exitCode: 2 }
  ],
  links: [
    'https://man7.org/linux/man-pages/man2/getrlimit.2.html',
    'https://docs.kernel.org/admin-guide/cgroup-v2.html#pid',
    'https://github.com/golang/go/blob/master/src/runtime/os_linux.go'
  ]
})

/** EMFILE and ENFILE. */
export const limitNofile: Definition = decidedByWording({
  id: 'limit.nofile',
  title: 'Limit of open files reached',
  meaning:
    'A process had as many files, pipes and sockets open as it may (`ulimit -n`), or the whole system had. Files that a build opens at once grow with the number of build actions; 256, the default of macOS, and 1024 are low for a large module. On Linux the number of inotify watchers of a user has the same message.',
  patterns: [
    {
      name: 'emfile',
      anchor: ['oo many open files', 'EMFILE', 'ENFILE', 'ile table overflow'],
      regex: /[Tt]oo many open files|\bEMFILE\b|\bENFILE\b|[Ff]ile table overflow/,
      unless: ASSERTED
    },
    {
      // runtime: eventfd failed with 24   (runtime/netpoll_epoll.go prints the bare errno: EMFILE is 24, ENFILE 23)
      name: 'netpoll',
      anchor: 'failed with 2',
      regex: /^runtime: (?:epollcreate|eventfd|pipe|kqueue) failed with 2[34]$/
    }
  ],
  basis: 'refusal',
  endedBy: 'itself',
  says: (line) => prose`No further file could be opened: ${code(line.text.trim().slice(0, 200))}.`,
  fix: () => [
    commands(prose`raise the limit in the step, before the build:`, ['ulimit -n "$(ulimit -Hn)"']),
    commands(prose`in a container the limit comes from its start:`, ['docker run --ulimit nofile=65535:65535 IMAGE']),
    advice(prose`or run fewer build actions at once: ${code('go build -p 2')}.`)
  ],
  catches: [
    { log: 'go: error obtaining buildID for go tool compile: pipe2: too many open files\n', exitCode: 1 },
    { log: '# example.com/app\nsrc/a.go:0:0: open src/a.go: too many open files\n', exitCode: 1 },
    { log: 'go: example.com/a@v1.0.0: Get "<goproxy>/a.zip": dial tcp: socket: too many open files\n', exitCode: 1 },
    { log: '/usr/bin/ld: cannot open output file a.out: Too many open files\n', exitCode: 1 },
    { log: 'runtime: eventfd failed with 24\nfatal error: runtime: eventfd failed\n', exitCode: 2 }
  ],
  ignores: [
    { log: '--- FAIL: TestLimit (0.00s)\n    l_test.go:5: got nil, want too many open files\nFAIL\n', exitCode: 1 },
    { log: './main.go:4:2: too many errors\n', exitCode: 1 }
  ],
  links: [
    'https://man7.org/linux/man-pages/man2/getrlimit.2.html',
    'https://man7.org/linux/man-pages/man7/inotify.7.html'
  ]
})

/** EFBIG and SIGXFSZ. */
export const limitFsize: Definition = decidedByWording({
  id: 'limit.fsize',
  title: 'Limit of file size reached',
  meaning:
    'A file would have become larger than the process may write (`ulimit -f`) or than the file system can hold (4 GiB on FAT). The disk itself may have room. A limit of a few blocks often comes from a typing error such as `ulimit 0002` for `umask 0002`.',
  patterns: [
    {
      // compile: writing output: write $WORK/b001/_pkg_.a: file too large   (EFBIG)
      name: 'efbig',
      anchor: 'ile too large',
      regex: /: [Ff]ile too large(?:\s*$|["')\],;])/,
      unless: new RegExp(`(?:zip|go\\.mod|LICENSE|archive) file too large|${ASSERTED.source}`, 'i')
    },
    {
      name: 'signal',
      anchor: ['ile size limit exceeded', 'SIGXFSZ'],
      regex: /(?:^|[\s:])(?:signal: )?[Ff]ile size limit exceeded(?=[\s:(]|$)|\bSIGXFSZ\b/,
      unless: ASSERTED
    }
  ],
  basis: 'refusal',
  endedBy: 'itself',
  says: (line) => prose`A file would have become larger than allowed: ${code(line.text.trim().slice(0, 200))}.`,
  fix: () => [
    commands(prose`see the limit, and lift it before the build:`, ['ulimit -f', 'ulimit -f unlimited']),
    advice(
      prose`a limit that cannot be raised was set further out: by the container, the service or ${code('limits.conf')}.`
    )
  ],
  catches: [
    { log: '# runtime\ncompile: writing output: write $WORK/runtime.a: file too large\n', exitCode: 1 },
    { log: 'example.com/app: /go/pkg/tool/linux_amd64/link: signal: file size limit exceeded\n', exitCode: 1 },
    { log: '/usr/bin/ld: final link failed: File too large\ncollect2: error: ld returned 1 exit status\n', exitCode: 1 }
  ],
  ignores: [
    { log: 'go: example.com/a@v1.0.0: downloaded zip file too large\n', exitCode: 1 },
    { log: 'link: mapping output file failed: no space left on device\n', exitCode: 1 },
    { log: '--- FAIL: TestUpload (0.00s)\n    u_test.go:4: got 200, want 413: file too large\nFAIL\n', exitCode: 1 }
  ],
  links: [
    'https://man7.org/linux/man-pages/man2/getrlimit.2.html',
    'https://man7.org/linux/man-pages/man7/signal.7.html'
  ]
})
