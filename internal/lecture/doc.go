// Package lecture is the code of docs/lecture, one function for each chapter:
// the pages show it, its Examples test what it prints, and "demo lecture" runs
// it.
//
//	err := lecture.Run(7, os.Stdout)
//
// What trains here does so in float64, whose loops are the same on every
// processor, so that the printed numbers are.
package lecture
