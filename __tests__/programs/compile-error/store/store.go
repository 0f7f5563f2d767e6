// Package store is well by itself.
package store

// Open takes one argument.
func Open(name string) {}
