// Command unsummed needs a module of which go.sum says nothing.
package main

import "example.com/dependency"

func main() {
	dependency.Do()
}
