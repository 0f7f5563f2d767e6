package main

import "testing"

func TestGreeting(t *testing.T) {
	if got := greeting(); got != "hello" {
		t.Errorf("greeting() = %q", got)
	}
}
