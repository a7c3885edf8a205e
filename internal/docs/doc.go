// Package docs holds no code: its test keeps the pages in step with the code.
// A code block below a comment such as
//
//	<!-- example: train Example -->          the body of a tested Example
//	<!-- output: train Example -->           what the Example prints
//	<!-- source: cells/lstm.go LSTM.Bind --> a declaration as it stands
//
// must be that text; "go test ./internal/docs -update" writes it. Links to files
// must lead somewhere.
package docs
