// Program helper stands between the go command and its tools (go build -toolexec=helper). Before the compiler or the
// linker runs it asks the guard for leave, sets the collector for that one process, tells what it took, and runs it again
// where it was killed for memory. Every other tool runs as if the helper were not there, and so does everything where no
// guard listens.
package main

import (
	"os"
	"runtime"
	"strings"
)

// banner is what it prints without arguments: whoever built it can tell that it runs.
const banner = "go-build-guard helper 1\n"

// The child is to die with us, and Linux takes the end of the thread that forked it for ours: the first one lives longest.
func init() {
	runtime.LockOSThread()
}

func main() {
	argv := os.Args[1:]
	if len(argv) == 0 {
		os.Stdout.WriteString(banner)
		return
	}
	if kind := heavyTool(argv); kind != "" {
		steer(kind, argv)
	}
	become(argv)
}

// heavyTool names the two tools that take much memory. Asked for its version a tool must answer untouched: the go command
// makes cache keys of it.
func heavyTool(argv []string) string {
	name := strings.TrimSuffix(argv[0][strings.LastIndexAny(argv[0], `/\`)+1:], ".exe")
	if name != "compile" && name != "link" {
		return ""
	}
	for _, arg := range argv[1:] {
		if strings.HasPrefix(arg, "-V") || strings.HasPrefix(arg, "--V") {
			return ""
		}
	}
	return name
}

// lookPath finds the program as execvp would: gcc comes by its name alone.
func lookPath(name string) string {
	if strings.ContainsAny(name, `/\`) {
		return name
	}
	for _, directory := range strings.Split(os.Getenv("PATH"), string(os.PathListSeparator)) {
		if directory == "" {
			directory = "."
		}
		path := directory + string(os.PathSeparator) + name
		if info, err := os.Stat(path); err == nil && !info.IsDir() && info.Mode()&0o111 != 0 {
			return path
		}
	}
	return name
}

// fail says why a tool could not be run, as the go command would.
func fail(path string, err error) {
	os.Stderr.WriteString(path + ": " + err.Error() + "\n")
	os.Exit(127)
}
