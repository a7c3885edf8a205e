// Package arrows holds the tests of what the compiler does not check about the module as a whole: which package may
// import which, that libraries have no init functions and no state of their own, and what go.mod has to say so that
// those who import the module can run it. It has no other code.
//
// The arrows are the table arrows in rules_test.go, one line for each package:
//
//	{pkg: "cells", uses: []string{"graph"}, outside: numeric, tests: []string{"graph/gradcheck", "cells/celltest"}},
//
// A new package needs a line there; a new arrow is a change of the design and says why where the line changes.
//
// Invariants: files are read with go/parser whatever their build tags, so an arrow of another system counts too;
// folders with a go.mod of their own are other modules and are not looked at.
package arrows
