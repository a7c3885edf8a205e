// Package benchmarks measures unroll, and what else a Go program could use, on
// the same work:
//
//	go test -bench=. ./benchmarks
//	go run ./benchmarks/speed --task T1
//	go run ./benchmarks/speed --product 32,512,128
//	go run ./benchmarks/compare --task T1 -- python3 benchmarks/peers/pytorch.py --task T1
//	go run ./benchmarks/grow --only hidden
//	go run ./benchmarks/roofline docs/roofline.tsv >docs/roofline.svg
//
// A Config is a task with its sizes; Preset has those of T1 to T7 (training) and
// I1 to I3 (inference). A training step is everything: embedding, recurrent
// layers, projection, loss, backward, clipping and the optimiser. The stream of
// tokens is learnable: the next one is (5·cur + 7) mod V nine times out of ten.
// A run whose loss does not fall is marked by a warning: its speed means nothing.
// A Product is a bare matrix product, beside the tasks.
package benchmarks
