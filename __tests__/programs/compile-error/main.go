// Command broken does not compile: an argument too many, and a name that is not there.
package main

import "example.com/broken/store"

func main() {
	store.Open("a", 1)
	undefinedName()
}
