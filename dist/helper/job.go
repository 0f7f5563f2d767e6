package main

import (
	"os"
	"strings"
)

// job is one run of the compiler or the linker, with what tells how much memory it will take.
type job struct {
	kind string
	pkg  string
	argv []string
	// What is compiled, and the list of what it imports: sizes of files.
	sourceBytes, configBytes int64
	// What is linked.
	archiveBytes int64
	config       string
}

// A byte of the list of imports stands for as much memory as this many bytes of source.
const configWeight = 16

func describe(kind string, argv []string) job {
	j := job{kind: kind, argv: argv, pkg: os.Getenv("TOOLEXEC_IMPORTPATH")}
	for i, arg := range argv {
		switch {
		case arg == "-importcfg" && i+1 < len(argv):
			j.config = argv[i+1]
		case arg == "-p" && j.pkg == "" && i+1 < len(argv):
			j.pkg = argv[i+1]
		case strings.HasSuffix(arg, ".go"):
			j.sourceBytes += sizeOf(arg)
		}
	}
	if kind == "link" {
		j.archiveBytes = archivesIn(j.config)
	} else {
		j.configBytes = sizeOf(j.config)
	}
	return j
}

// weight compares compiles with each other; a link always asks.
func (j job) weight() int64 {
	return j.sourceBytes + configWeight*j.configBytes
}

// archivesIn adds up the files of an importcfg: packagefile fmt=/tmp/go-build1/b003/_pkg_.a
func archivesIn(config string) int64 {
	text, err := os.ReadFile(config)
	if err != nil {
		return 0
	}
	var total int64
	for _, line := range strings.Split(string(text), "\n") {
		if at := strings.IndexByte(line, '='); at > 0 && strings.HasPrefix(line, "packagefile ") {
			total += sizeOf(line[at+1:])
		}
	}
	return total
}

func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
