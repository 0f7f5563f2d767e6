//go:build unix

package main

import (
	"os"
	"strconv"
	"strings"
)

// steer runs the tool as the guard wants it and does not return, except where there is no guard.
func steer(kind string, argv []string) {
	directory := ownDirectory()
	if directory == "" {
		return
	}
	j := describe(kind, argv)
	var last *ending
	if kind == "compile" && j.weight() <= lane(directory+"/lane") {
		last = run(j, nil, nil)
	}
	guard := dial(directory + "/gate")
	if guard == nil && last == nil {
		return
	}
	guard.introduce(j, last)
	for {
		if last != nil && !last.isKilled() {
			last.leave(j)
		}
		settings, mayRun := guard.order()
		if !mayRun && last == nil {
			return
		}
		if !mayRun {
			last.leave(j)
		}
		last = run(j, settings, guard.started)
		guard.ended(last)
	}
}

// ownDirectory is where the guard built us, and where it listens.
func ownDirectory() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	return path[:strings.LastIndexByte(path, '/')+1]
}

// lane is the weight up to which nobody has to ask now; the guard keeps it in a file. -1: all have to.
func lane(path string) int64 {
	text, err := os.ReadFile(path)
	if err != nil {
		return -1
	}
	limit, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		return -1
	}
	return limit
}
