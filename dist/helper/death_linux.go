package main

import "syscall"

// diesWithUs has the kernel end the tool when we are ended (prctl(2), PR_SET_PDEATHSIG).
func diesWithUs() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
