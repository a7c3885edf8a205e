// Package docs holds no code: its test keeps the pages in step with the code.
// A code block below a comment such as
//
//	<!-- example: train Example -->          the body of a tested Example
//	<!-- output: train Example -->           what the Example prints
//	<!-- source: cells/lstm.go LSTM.Bind --> a declaration as it stands
//	<!-- file: benchmarks/peephole/peephole.go --> a whole file
//
// must be that text; commands below <!-- run --> are run, in an empty directory
// beside the clone, after the files that the page shows before them are written
// there; "go test ./internal/docs -update" writes
// the blocks. Links to files
// must lead somewhere.
package docs
