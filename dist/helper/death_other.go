//go:build unix && !linux

package main

import "syscall"

// diesWithUs is for Linux alone.
func diesWithUs() *syscall.SysProcAttr {
	return nil
}
