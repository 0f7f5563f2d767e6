// The launcher of go-build-guard on Windows: it puts a command into a Job Object before the command executes anything,
// tells what the job uses, and ends all of it when it is told to, or when the process that started it is gone.
// Compiled at run time with the user's own Go. Only the standard library, and little of that.
package main

import (
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

const usage = `launcher memory                               memory of the machine, as JSON
launcher probe                                whether a job's memory limit is enforced here, as JSON
launcher run DIRECTORY LIMIT -- COMMAND...    COMMAND in a job of LIMIT bytes (0: none); state in DIRECTORY
`

// The exit code of everything that is in a job when it is ended from outside: nobody else uses it (customer bit set).
const endedByGuard = 0xE0A55001

// As a shell has them.
const (
	exitNotExecutable = 126
	exitNotFound      = 127
	exitRefused       = 125
)

func main() {
	args := os.Args[1:]
	switch {
	case len(args) == 1 && args[0] == "memory":
		os.Stdout.WriteString(memoryJSON() + "\n")
	case len(args) == 1 && args[0] == "probe":
		os.Stdout.WriteString(probe() + "\n")
	case len(args) > 4 && args[0] == "run" && args[3] == "--":
		limit, isNumber := parseBytes(args[2])
		if !isNumber {
			fail(2, usage)
		}
		run(args[1], limit, args[4:])
	default:
		fail(2, usage)
	}
}

func fail(code int, text string) {
	os.Stderr.WriteString(text)
	os.Exit(code)
}

// Every 50 ms an order to end the job is looked for, every 100 ms the job is looked at.
const tick = 50 * time.Millisecond

func run(directory string, limit uint64, command []string) {
	// The console hands Ctrl-C and Ctrl-Break to the build and to us alike; we stay until the build has ended.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	state := openState(directory)
	guard, err := openParent()
	if err != nil {
		refuse(state, "the process that started the launcher: "+err.Error())
	}
	job, err := newJob(limit, killOnJobClose)
	if err != nil {
		refuse(state, err.Error())
	}
	port, err := notifications(job)
	if err != nil {
		refuse(state, err.Error())
	}
	child, thread, err := startSuspended(command)
	if err != nil {
		state.write("ended", err.Error(), job)
		os.Stderr.WriteString(command[0] + ": " + err.Error() + "\n")
		os.Exit(exitOfStart(err))
	}
	if err := assign(job, child); err != nil {
		terminateProcess(child)
		refuse(state, err.Error())
	}
	go state.count(port)
	state.write("running", "", job)
	if err := resume(thread); err != nil {
		terminateJob(job)
		refuse(state, err.Error())
	}
	code := follow(state, job, child, guard, directory)
	state.write("ended", "", job)
	// The job's last handle goes with us, and with it whatever the command has left behind.
	os.Exit(int(code))
}

func refuse(state *state, reason string) {
	state.write("refused", reason, 0)
	fail(exitRefused, "launcher: "+reason+"\n")
}

// Until the command has ended, by itself or with its job.
func follow(state *state, job, child, guard syscall.Handle, directory string) uint32 {
	order := directory + `\kill`
	for looks := 0; ; looks++ {
		if hasEnded(child, tick) {
			return exitCode(child)
		}
		if hasEnded(guard, 0) || exists(order) {
			terminateJob(job)
			if hasEnded(child, 5*time.Second) {
				return exitCode(child)
			}
			return endedByGuard
		}
		if looks%2 == 0 {
			state.write("running", "", job)
		}
	}
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func exitOfStart(err error) int {
	if err == syscall.ERROR_FILE_NOT_FOUND || err == syscall.ERROR_PATH_NOT_FOUND {
		return exitNotFound
	}
	return exitNotExecutable
}

// Quoted as the C runtime of Microsoft reads it.
func commandLine(command []string) string {
	words := make([]string, len(command))
	for i, word := range command {
		words[i] = syscall.EscapeArg(word)
	}
	return strings.Join(words, " ")
}
