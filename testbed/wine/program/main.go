// What a build can do to whoever watches it, on Windows: end with any code, hold memory, leave somebody behind.
package main

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"
)

func main() {
	number := func(i int) int {
		n, err := strconv.ParseUint(os.Args[i], 0, 33)
		if err != nil {
			panic(err)
		}
		return int(n)
	}
	switch os.Args[1] {
	case "exit": // CODE
		syscall.ExitProcess(uint32(number(2)))
	case "hold": // MIB MILLISECONDS
		held := make([]byte, number(2)<<20)
		for i := 0; i < len(held); i += 4096 {
			held[i] = 1
		}
		os.Stdout.WriteString("held\n")
		time.Sleep(time.Duration(number(3)) * time.Millisecond)
	case "leave": // a child that outlives us, its pid is printed
		child := exec.Command(os.Args[0], "hold", "1", "120000")
		if err := child.Start(); err != nil {
			panic(err)
		}
		os.Stdout.WriteString(strconv.Itoa(child.Process.Pid) + "\n")
		if len(os.Args) > 2 {
			time.Sleep(time.Duration(number(2)) * time.Millisecond)
		}
	case "say": // its arguments, one a line
		for _, arg := range os.Args[2:] {
			os.Stdout.WriteString(arg + "\n")
		}
	}
}
