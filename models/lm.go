package models

import (
	"fmt"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// LM is a language model: the probability of each next token given all before
// it (many to many, aligned).
//
//	x_t = E[id_t], or the one-hot row of id_t
//	y_t, s_t = RNN(x_t, s_{t-1})
//	logits_t = y_t·W + b, or y_t·E' + b when tied       [T, B, V]
//
// Parameters: embed/E [V, Embed] unless one-hot, those of RNN below rnn, out/W
// [H, V] unless tied, out/b [V].
type LM struct {
	Vocab   int
	Embed   int         // width of the embedding; 0: one-hot input
	RNN     cells.Layer // not bidirectional
	Dropout float64     // of the embedded inputs and of the outputs, while training
	Tied    bool        // the output weights are the embedding table; Embed = RNN.Out()
}

// Bind declares the parameters on g and returns the map from ids [T, B] and a
// state to logits [T, B, V] and the next state.
func (m LM) Bind(g *graph.Builder) func(ids *graph.Node, s cells.State) (*graph.Node, cells.State) {
	m.RNN = layer(g, "LM.RNN", m.RNN)
	if ahead(m.RNN) {
		g.Fail(fmt.Errorf("LM: a language model cannot read its future; its RNN must not be bidirectional"))
	}
	look := func(ids *graph.Node) *graph.Node { return g.OneHot(ids, m.Vocab) }
	var E *graph.Node
	if m.Embed > 0 {
		E = cells.Embedding{Rows: m.Vocab, Width: m.Embed}.Table(g.Scope("embed"))
		look = func(ids *graph.Node) *graph.Node { return g.Gather(E, ids) }
	}
	rnn := m.RNN.Bind(g.Scope("rnn"))
	out := m.output(g.Scope("out"), E)
	return func(ids *graph.Node, s cells.State) (*graph.Node, cells.State) {
		ys, next := rnn(g.Dropout(look(ids), m.Dropout), cells.Seq{Init: s})
		return out(g.Dropout(ys, m.Dropout)), next
	}
}

// output is the map from the state to logits.
func (m LM) output(g *graph.Builder, E *graph.Node) func(y *graph.Node) *graph.Node {
	if !m.Tied {
		return cells.Dense{In: m.RNN.Out(), Out: m.Vocab}.Bind(g)
	}
	if E == nil {
		g.Fail(fmt.Errorf("tied weights need an embedding"))
		return func(y *graph.Node) *graph.Node { return y }
	}
	b := g.Param("b", graph.Zeros, m.Vocab)
	return func(y *graph.Node) *graph.Node { return g.Add(g.MatMulT(y, E), b) }
}

// unrolled binds the model to the inputs ids [T, B] and a carried state.
func (m LM) unrolled(g *graph.Builder) *graph.Node {
	m.RNN = layer(g, "LM.RNN", m.RNN)
	s := g.Carry("state", m.RNN.Zero(g))
	logits, next := m.Bind(g)(g.IDs("ids", g.T, g.B), s)
	g.Next("state", next)
	return logits
}

// Train is the formula of training by truncated back-propagation through time
// (Williams and Peng 1990): inputs ids and target [T, B], output loss, the mean
// cross entropy in nats; the state is carried from window to window.
func (m LM) Train(g *graph.Builder) {
	g.Minimise("loss", g.CrossEntropy(m.unrolled(g), g.IDs("target", g.T, g.B)))
}

// Score is the formula of evaluation: inputs ids and target [T, B] and weight
// [T, B, 1], output nats, the weighted sum of the cross entropies.
func (m LM) Score(g *graph.Builder) {
	nats := g.CrossEntropies(m.unrolled(g), g.IDs("target", g.T, g.B))
	g.Output("nats", g.SumAll(g.Mul(nats, g.Input("weight", g.T, g.B, 1))))
}

// Generate is the formula of generation, for T = 1: input ids [1, B], output
// logits [1, B, V]; the state is carried from token to token.
func (m LM) Generate(g *graph.Builder) { g.Output("logits", m.unrolled(g)) }
