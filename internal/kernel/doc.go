// Package kernel holds the loops under the graph: matrix product, elementwise functions, softmax, layer norm, gather,
// sums, optimiser steps and counter-based randomness, over float32 and float64. Plain Go is the definition. On amd64 the
// float32 product, exp, sigmoid, tanh, ReLU, their gradients (of products too), softmax, sums, optimiser steps and arithmetic
// are assembly, for AVX-512 or for AVX2 with FMA as the machine has them (see Path). The product fuses its terms; all
// else has the bits of plain Go.
// -tags purego leaves the assembly out. It is written (zz_*) by the module in asm:
//
//	go generate ./internal/kernel
//
// A Mat is a row-major view with a stride, so that a gate's columns or a step's rows are matrices too. The result
// always comes first:
//
//	gates := kernel.NewMat[float32](B, 4*H)
//	kernel.MatMul(gates, x, Wx, false, false, false)       // gates = x·Wx
//	kernel.MatMul(gates, h, Wh, false, false, true)        // gates += h·Wh
//	kernel.Add(gates, gates, b)                            // b [1, 4H] is repeated
//	f := gates.Slice(0, B, H, 2*H)                         // [B, H], columns H..2H-1
//	kernel.Sigmoid(f, f)
//
// Invariants: no kernel allocates, starts a goroutine or keeps state; the order of every sum is fixed by the sizes
// alone, so equal arguments give equal bits; elements outside the views are neither read nor written; where
// arguments may overlap, they are the same view. Sizes are checked by the caller: one that cannot be is a panic
// that begins with "internal error".
package kernel

//go:generate go run -C asm . ..
