// Package gradcheck compares the gradients that a program computes with
// central differences of its loss, in float64:
//
//	params := graph.NewParams64(1)
//	err := gradcheck.Check(params, graph.Key{B: 2, T: 3}, formula, gradcheck.Options{})
//
// The formula must call Minimise. Check moves each parameter along random
// directions and reports the worst disagreement with the parameter's path.
package gradcheck
