// Package docs holds no code: its test keeps the pages in step with the code.
// A code block below a comment such as
//
//	<!-- example: train Example -->          the body of a tested Example
//	<!-- output: train Example -->           what the Example prints
//	<!-- source: cells/lstm.go LSTM.Bind --> a declaration as it stands
//	<!-- file: benchmarks/peephole/peephole.go --> a whole file
//
// must be that text; "go test ./internal/docs -update" writes it. Pages that begin
// in an empty directory are followed word for word: commands below <!-- run -->
// are run and files written in the order of the page, and what stands below
// <!-- prints --> must be printed.
//
// Every block of Go is one of these, links to files lead somewhere, every exported
// constructor has an Example, and every chapter of docs/lecture is in two
// languages, with the same code, outputs and pictures.
package docs
