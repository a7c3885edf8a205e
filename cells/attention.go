package cells

import "github.com/unroll-go/unroll/graph"

// Attention looks at a memory, the outputs of an encoder or the places of an
// image: each query gets the mean of the memory by weights of its own.
//
//	e_s = score(query, memory_s)        [B, S]
//	α = softmax of e over a row's length, 0 past it
//	context = Σ_s α_s memory_s          [B, M]
//
// They differ in the score: [Bahdanau], [Luong].
type Attention interface {
	// Bind declares the parameters on g.
	Bind(g *graph.Builder) Attend

	// KeyWidth is the width of the keys that queries are compared with.
	KeyWidth() int
}

// Attend is an attention with its parameters.
type Attend struct {
	// Keys projects a memory [S, B, M] once to what queries are compared with,
	// [S, B, KeyWidth]. A program that only encodes puts them out beside the
	// memory, for programs that decode step by step.
	Keys func(memory *graph.Node) *graph.Node

	// With is the look at a memory [S, B, M] whose keys are there. lens are the
	// lengths of its rows, ids [B]; nil: all are full. A row of length 0 has the
	// context 0. What stands past a row's length must be finite, as Unroll
	// leaves it.
	With func(memory, keys, lens *graph.Node) Read
}

// Read is called at every step: a query [B, Q] gives the context [B, M] and the
// weights [B, S], many queries [T, B, Q] give [T, B, M] and [T, B, S].
type Read func(query *graph.Node) (context, weights *graph.Node)

// To is the look at a memory [S, B, M]: it projects the keys, once for all
// reads.
func (a Attend) To(memory, lens *graph.Node) Read {
	return a.With(memory, a.Keys(memory), lens)
}

// weighted is the mean of a memory [S, B, M] by the softmax of scores [B, S] or
// [T, B, S] over the rows' lengths, and the weights.
func weighted(g *graph.Builder, scores, memory, lens *graph.Node) (context, weights *graph.Node) {
	if lens == nil {
		weights = g.Softmax(scores)
	} else {
		weights = g.MaskedSoftmax(scores, lens)
	}
	return g.BatchMatMul(weights, memory), weights
}
