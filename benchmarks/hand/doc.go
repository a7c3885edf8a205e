// Package hand is a training step of a language model with one LSTM layer
// written by hand over the engine's own kernels: back-propagation through time
// with every buffer, order and loop chosen by its author. What the engine takes
// beyond it is the price of formulas:
//
//	go build -o /tmp/speed ./benchmarks/speed
//	go run ./benchmarks/compare --task T1 -- /tmp/speed --task T1 --engine hand
package hand
