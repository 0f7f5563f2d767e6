package main

import (
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"unsafe"
)

var (
	procCreateIoCompletionPort    = kernel32.NewProc("CreateIoCompletionPort")
	procGetQueuedCompletionStatus = kernel32.NewProc("GetQueuedCompletionStatus")
)

// JOB_OBJECT_MSG_JOB_MEMORY_LIMIT: a process wanted to commit beyond the limit of its job.
const jobMemoryLimitReached = 10

// What is known of the job, in one line of JSON that is written over and over at the beginning of one file. `sequence`
// and `end` are the same number, so that a reader can tell a line that was half written.
type state struct {
	file      *os.File
	sequence  uint64
	width     int
	limitHits uint32
	commands  map[uint32]string
}

func openState(directory string) *state {
	file, err := os.Create(directory + `\state.json`)
	if err != nil {
		fail(exitRefused, "launcher: "+err.Error()+"\n")
	}
	return &state{file: file, commands: map[uint32]string{}}
}

func (s *state) write(kind, reason string, job syscall.Handle) {
	s.sequence++
	fields := []string{number("sequence", s.sequence), text("state", kind), text("reason", reason)}
	if job != 0 {
		fields = append(fields, s.look(job)...)
	}
	line := object(append(fields, number("end", s.sequence))...)
	if len(line) > s.width {
		s.width = len(line)
	}
	s.file.WriteAt([]byte(line+strings.Repeat(" ", s.width-len(line))+"\n"), 0)
}

func (s *state) look(job syscall.Handle) []string {
	fields := []string{number("limitHits", uint64(atomic.LoadUint32(&s.limitHits)))}
	if limits, err := limitsOf(job); err == nil {
		fields = append(fields, number("peakBytes", uint64(limits.PeakJobMemoryUsed)))
	}
	if status, err := memory(); err == nil {
		fields = append(fields, memoryFields(status)...)
	}
	alive := map[uint32]string{}
	processes := []string{}
	for _, pid := range processesOf(job) {
		if one, ok := s.process(pid, alive); ok {
			processes = append(processes, one)
		}
	}
	s.commands = alive
	return append(fields, `"processes":[`+strings.Join(processes, ",")+`]`)
}

// The command line of a process is asked for once.
func (s *state) process(pid uint32, alive map[uint32]string) (string, bool) {
	handle, err := syscall.OpenProcess(processQueryLimited, false, pid)
	if err != nil {
		return "", false
	}
	defer syscall.CloseHandle(handle)
	bytes, ok := committed(handle)
	if !ok {
		return "", false
	}
	line, isKnown := s.commands[pid]
	if !isKnown {
		line = commandLineOf(handle)
	}
	alive[pid] = line
	return object(number("pid", uint64(pid)), number("bytes", bytes), text("command", line)), true
}

// A port on which the system tells what happens in the job. To be asked for before anything is in it.
func notifications(job syscall.Handle) (syscall.Handle, error) {
	port, _, err := procCreateIoCompletionPort.Call(uintptr(syscall.InvalidHandle), 0, 0, 1)
	if port == 0 {
		return 0, err
	}
	association := struct{ key, port uintptr }{1, port}
	ok, _, err := procSetInformationJobObject.Call(
		uintptr(job), jobCompletionPort, uintptr(unsafe.Pointer(&association)), unsafe.Sizeof(association))
	if ok == 0 {
		return 0, err
	}
	return syscall.Handle(port), nil
}

func (s *state) count(port syscall.Handle) {
	for {
		var message uint32
		var key, overlapped uintptr
		ok, _, _ := procGetQueuedCompletionStatus.Call(uintptr(port), uintptr(unsafe.Pointer(&message)),
			uintptr(unsafe.Pointer(&key)), uintptr(unsafe.Pointer(&overlapped)), uintptr(syscall.INFINITE))
		if ok == 0 {
			return
		}
		if message == jobMemoryLimitReached {
			atomic.AddUint32(&s.limitHits, 1)
		}
	}
}

func object(fields ...string) string { return "{" + strings.Join(fields, ",") + "}" }

func number(name string, n uint64) string { return `"` + name + `":` + strconv.FormatUint(n, 10) }

func boolean(name string, is bool) string { return `"` + name + `":` + strconv.FormatBool(is) }

func text(name, of string) string { return `"` + name + `":` + quoted(of) }

// As JSON has it: strconv.Quote writes \x and \U, which JSON does not know.
func quoted(of string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, r := range of {
		switch {
		case r == '"' || r == '\\':
			out.WriteByte('\\')
			out.WriteRune(r)
		case r < 0x20 || r == 0x7f:
			out.WriteString(`\u00` + hex(byte(r)))
		default:
			out.WriteRune(r)
		}
	}
	out.WriteByte('"')
	return out.String()
}

func hex(b byte) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[b>>4], digits[b&15]})
}

func parseBytes(of string) (uint64, bool) {
	n, err := strconv.ParseUint(of, 10, 62)
	return n, err == nil
}
