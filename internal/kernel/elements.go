package kernel

// elements is what a vector function works on, row by row. Its functions know where the fields are.
type elements struct {
	at         [5]*float32 // the first elements of the result and up to four operands
	step       [5]int      // bytes from each row to the next
	rows, cols int         // at least one row
	s          *[8]float32 // sums
	k          float32     // a scalar
}
