// Package benchmarks measures unroll, and what else a Go program could use,
// on the same work in the same process:
//
//	go test -bench=. ./benchmarks
//
// A training step is everything: embedding, recurrent layer, projection, loss,
// backward, clipping and Adam. The stream of tokens is learnable: the next one
// is (5·cur + 7) mod V nine times out of ten.
package benchmarks
