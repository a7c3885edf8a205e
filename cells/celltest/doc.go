// Package celltest holds the laws of every cell, for cells written elsewhere
// too. One line in a test checks them all:
//
//	func TestPeephole(t *testing.T) {
//		celltest.Run(t, Peephole{In: 3, Hidden: 4})
//	}
//
// [Run] knows a cell by its methods alone. It finds the width of the input by
// trying, so the sizes should be small: inputs of at most 64 columns. The cell
// must take floats [B, D], and be smooth nearly everywhere: the gradients that
// it gives are compared with differences.
//
// [RunAttention] does the same for attention.
//
// Each law is a subtest, and one that is broken prints the sentence that says
// what it asks for. Values are compared relative to the norm of a tensor; what
// a law calls the same bits is compared exactly.
package celltest
