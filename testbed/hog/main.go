// Command hog takes memory as a build does: in small pieces, at a steady rate.
//
//	hog MEBIBYTES MEBIBYTES_PER_SECOND HOLD_SECONDS [FILE]
//
// It says "full" when it has all, holds it for so long, or until the file is there, and ends with 0.
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

const mebibyte = 1 << 20

func main() {
	total, rate, hold := number(1), number(2), number(3)
	begun := time.Now()
	pieces := make([][]byte, 0, total)
	for len(pieces) < total {
		piece := make([]byte, mebibyte)
		for at := 0; at < len(piece); at += os.Getpagesize() {
			piece[at] = 1
		}
		pieces = append(pieces, piece)
		due := time.Duration(len(pieces)) * time.Second / time.Duration(rate)
		time.Sleep(due - time.Since(begun))
	}
	fmt.Println("full")
	for end := time.Now().Add(time.Duration(hold) * time.Second); time.Now().Before(end) && !isThere(4); {
		time.Sleep(20 * time.Millisecond)
	}
	os.Exit(int(pieces[0][0]) - 1)
}

func isThere(argument int) bool {
	if len(os.Args) <= argument {
		return false
	}
	_, err := os.Stat(os.Args[argument])
	return err == nil
}

func number(argument int) int {
	n, err := strconv.Atoi(os.Args[argument])
	if err != nil || n < 0 {
		fmt.Fprintln(os.Stderr, "hog: not a number:", os.Args[argument])
		os.Exit(2)
	}
	return n
}
