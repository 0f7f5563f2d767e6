//go:build unix

package main

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

// gate is the connection to the guard; nil where nobody listens. Lines of words, separated by blanks:
//
//	ask compile 4242 PACKAGE SOURCE CONFIG ARCHIVES IMPORTCFG   and, where it ran unasked, its end as below
//	started PID
//	ended SIGNAL PEAK-BYTES CPU-MS
//
// The guard answers an ask, and an end by SIGKILL, with "run NAME=VALUE..." or "end".
type gate struct {
	descriptor int
	unread     string
}

func dial(path string) *gate {
	descriptor, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		return nil
	}
	syscall.CloseOnExec(descriptor)
	if err := syscall.Connect(descriptor, &syscall.SockaddrUnix{Name: path}); err != nil {
		syscall.Close(descriptor)
		return nil
	}
	return &gate{descriptor: descriptor}
}

func (g *gate) introduce(j job, last *ending) {
	words := []string{"ask", j.kind, strconv.Itoa(os.Getppid()), encode(j.pkg)}
	for _, bytes := range []int64{j.sourceBytes, j.configBytes, j.archiveBytes} {
		words = append(words, strconv.FormatInt(bytes, 10))
	}
	words = append(words, encode(j.config))
	if last != nil {
		words = append(words, last.words()...)
	}
	g.say(words)
}

func (g *gate) started(pid int) {
	g.say([]string{"started", strconv.Itoa(pid)})
}

func (g *gate) ended(e *ending) {
	g.say(append([]string{"ended"}, e.words()...))
}

// order waits for what to do; false where it is over, or the guard has gone.
func (g *gate) order() (settings []string, mayRun bool) {
	line, ok := g.line()
	words := strings.Fields(line)
	if !ok || len(words) == 0 || words[0] != "run" {
		return nil, false
	}
	return words[1:], true
}

func (g *gate) line() (string, bool) {
	if g == nil {
		return "", false
	}
	buffer := make([]byte, 1024)
	for !strings.Contains(g.unread, "\n") {
		count, err := syscall.Read(g.descriptor, buffer)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || count <= 0 {
			return "", false
		}
		g.unread += string(buffer[:count])
	}
	at := strings.IndexByte(g.unread, '\n')
	line := g.unread[:at]
	g.unread = g.unread[at+1:]
	return line, true
}

// say is for a listener who may have gone; then there is nothing to be done about it.
func (g *gate) say(words []string) {
	if g == nil {
		return
	}
	rest := []byte(strings.Join(words, " ") + "\n")
	for len(rest) > 0 {
		count, err := syscall.Write(g.descriptor, rest)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return
		}
		rest = rest[count:]
	}
}

const hexDigits = "0123456789ABCDEF"

// encode makes one word of any text: percent signs, blanks and control characters as %XX; nothing as "-".
func encode(text string) string {
	if text == "" {
		return "-"
	}
	var word strings.Builder
	for i := 0; i < len(text); i++ {
		if c := text[i]; c <= ' ' || c == '%' || c == 0x7f || text == "-" {
			word.WriteString("%" + string(hexDigits[c>>4]) + string(hexDigits[c&15]))
		} else {
			word.WriteByte(c)
		}
	}
	return word.String()
}
