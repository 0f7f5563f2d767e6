// What a container's seccomp filter or a broken pid namespace refuses.
const FILTER = `#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(int argc, char **argv) {
  struct sock_filter rules[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, REFUSED, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, ANSWER),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = { 4, rules };
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
  execvp(argv[1], argv + 1);
  return 125;
}
`
const filtered = (call, answer) => ({
  files: { 'filter/filter.c': FILTER, 'main_test.go': PERSONALITY },
  setup: `gcc -DREFUSED=SYS_${call} -DANSWER='(${answer})' -o $TOP/filter filter/filter.c; rm -r filter`
})
const PERSONALITY = `package main

import (
	"syscall"
	"testing"
)

func TestCall(t *testing.T) {
	syscall.Syscall(syscall.SYS_PERSONALITY, 0xffffffff, 0, 0)
}
`
const SHELL = 'unshare --pid bash -c'

export default [
  { label: 'perm.seccomp', name: 'thread', ...filtered('clone', 'SECCOMP_RET_ERRNO | EPERM'), command: '$TOP/filter go build ./...', shows: 'errno=1)' },
  { label: 'perm.seccomp', name: 'bad-system-call', accept: ['test.panic'], ...filtered('personality', 'SECCOMP_RET_TRAP'), command: '$TOP/filter go test ./...', shows: 'SIGSYS: bad system call' },
  { label: 'perm.seccomp', name: 'killed-by-filter', accept: ['signal.crash'], ...filtered('personality', 'SECCOMP_RET_KILL_PROCESS'), command: '$TOP/filter go test ./...', shows: 'signal: bad system call' },
  { label: 'oom.fork', name: 'shell', command: `${SHELL} 'ls > /dev/null; go version; echo done; exit 254'`, shows: 'Cannot allocate memory' },
  { label: 'oom.fork', name: 'make', files: { Makefile: 'all: a b\na:\n\t@true;\nb:\n\tgo build ./...\n' }, command: `${SHELL} 'exec make'`, shows: 'annot allocate memory' },
  { label: 'unknown', name: 'thread-errno-22', command: `${SHELL} 'exec go build ./...'`, accept: ['perm.seccomp'], isMemory: false, shows: 'errno=22' }
]
