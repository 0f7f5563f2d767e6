//go:build !unix

package main

import "os"

// steer leaves every tool alone where there is no gate.
func steer(kind string, argv []string) {}

// become runs the tool and ends as it ended: there is no exec here.
func become(argv []string) {
	path := lookPath(argv[0])
	process, err := os.StartProcess(path, argv, &os.ProcAttr{Files: []*os.File{os.Stdin, os.Stdout, os.Stderr}})
	if err != nil {
		fail(path, err)
	}
	state, err := process.Wait()
	if err != nil {
		fail(path, err)
	}
	os.Exit(state.ExitCode())
}
