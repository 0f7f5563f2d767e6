//go:build unix

package main

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// So much of what a tool prints is kept until it has ended; then it can be run again without being heard twice.
const mostKept = 1 << 20

// ending is how a run of the tool came to its end.
type ending struct {
	status syscall.WaitStatus
	usage  syscall.Rusage
	// What it printed and nobody has seen yet.
	output []byte
	// It printed more than is kept, so it was handed on as it came.
	isHeard bool
}

// become replaces us by the tool.
func become(argv []string) {
	path := lookPath(argv[0])
	fail(path, syscall.Exec(path, argv, os.Environ()))
}

// run starts the tool with these settings in its environment, and waits for it and for all who hold its output: what a
// killed linker leaves running (gcc, ld) must have ended before the next one writes the same files.
func run(j job, settings []string, started func(pid int)) *ending {
	e := &ending{}
	reader, writer, ownOutput := outputs()
	files := []uintptr{0, 1, 2}
	if ownOutput {
		files = []uintptr{0, writer.Fd(), writer.Fd()}
	}
	path := lookPath(j.argv[0])
	pid, err := syscall.ForkExec(path, j.argv, &syscall.ProcAttr{
		Env:   withSettings(os.Environ(), settings),
		Files: files,
		Sys:   diesWithUs(),
	})
	if ownOutput {
		writer.Close()
	}
	if err != nil {
		fail(path, err)
	}
	if started != nil {
		started(pid)
	}
	if ownOutput {
		e.keep(reader)
	}
	for {
		if _, err := syscall.Wait4(pid, &e.status, 0, &e.usage); err != syscall.EINTR {
			return e
		}
	}
}

// outputs makes one pipe for both streams where ours are one, as they are below the go command.
func outputs() (reader, writer *os.File, ok bool) {
	var one, two syscall.Stat_t
	if syscall.Fstat(1, &one) != nil || syscall.Fstat(2, &two) != nil || one.Dev != two.Dev || one.Ino != two.Ino {
		return nil, nil, false
	}
	reader, writer, err := os.Pipe()
	return reader, writer, err == nil
}

func (e *ending) keep(reader *os.File) {
	defer reader.Close()
	buffer := make([]byte, 32*1024)
	for {
		count, err := reader.Read(buffer)
		e.output = append(e.output, buffer[:count]...)
		if e.isHeard || len(e.output) > mostKept {
			e.isHeard = true
			e.hand()
		}
		if err != nil {
			return
		}
	}
}

func (e *ending) hand() {
	os.Stdout.Write(e.output)
	e.output = nil
}

// isKilled tells whether it makes sense to ask what to do next.
func (e *ending) isKilled() bool {
	return e.status.Signaled() && e.status.Signal() == syscall.SIGKILL && !e.isHeard
}

func (e *ending) words() []string {
	signal := 0
	if e.status.Signaled() {
		signal = int(e.status.Signal())
	}
	peakBytes := int64(e.usage.Maxrss)
	if runtime.GOOS == "linux" { // elsewhere in bytes (getrusage(2))
		peakBytes *= 1024
	}
	cpuMs := (e.usage.Utime.Nano() + e.usage.Stime.Nano()) / 1e6
	return []string{strconv.Itoa(signal), strconv.FormatInt(peakBytes, 10), strconv.FormatInt(cpuMs, 10)}
}

// leave ends as the tool ended. The go command would name us where it names what was killed, so that is said in its words.
func (e *ending) leave(j job) {
	if !e.status.Signaled() {
		e.hand()
		os.Exit(e.status.ExitStatus())
	}
	signal := e.status.Signal()
	if signal == syscall.SIGKILL && len(e.output) == 0 && !e.isHeard {
		e.output = []byte(j.argv[0] + ": signal: killed\n")
	}
	e.hand()
	switch signal {
	case syscall.SIGKILL, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP:
		syscall.Kill(os.Getpid(), signal)
	default:
		// The runtime would print our own stack for these.
		syscall.Exec("/bin/sh", []string{"sh", "-c", "ulimit -c 0; kill -" + strconv.Itoa(int(signal)) + " $$"}, nil)
	}
	select {} // until the signal arrives
}

// withSettings puts NAME=VALUE in place of what the environment has under that name.
func withSettings(environment, settings []string) []string {
	kept := make([]string, 0, len(environment)+len(settings))
	for _, entry := range environment {
		if !isNamedIn(settings, entry[:strings.IndexByte(entry, '=')+1]) {
			kept = append(kept, entry)
		}
	}
	return append(kept, settings...)
}

func isNamedIn(settings []string, name string) bool {
	for _, setting := range settings {
		if name != "" && strings.HasPrefix(setting, name) {
			return true
		}
	}
	return false
}
