package models

import (
	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// Aligned reads a sequence of ids and gives one answer among a few classes at
// every step (many to many, aligned).
//
//	x_t = E[id_t], or the one-hot row of id_t
//	y_t, s_t = RNN(x_t, s_{t-1})
//	logits_t = y_t·W + b      [B, Classes] for each t
//
// With both directions y_t knows what comes before step t and what comes after.
//
// Parameters: embed/E [Vocab, Embed] unless one-hot, those of RNN below rnn,
// out/W [H, Classes], out/b [Classes].
type Aligned struct {
	Vocab   int
	Embed   int // width of the embedding; 0: one-hot input
	RNN     cells.Layer
	Classes int
	Dropout float64 // while training: of the elements of inputs and outputs of the RNN
}

// Bind declares the parameters on g and returns the map from ids [T, B] and
// lengths [B] to logits [T, B, Classes]; those past a row's end mean nothing.
func (a Aligned) Bind(g *graph.Builder) func(ids, lens *graph.Node) *graph.Node {
	a.RNN = layer(g, "Aligned.RNN", a.RNN)
	look := func(ids *graph.Node) *graph.Node { return g.OneHot(ids, a.Vocab) }
	if a.Embed > 0 {
		look = cells.Embedding{Rows: a.Vocab, Width: a.Embed}.Bind(g.Scope("embed"))
	}
	rnn := a.RNN.Bind(g.Scope("rnn"))
	out := cells.Dense{In: a.RNN.Out(), Out: a.Classes}.Bind(g.Scope("out"))
	return func(ids, lens *graph.Node) *graph.Node {
		xs := g.Dropout(look(ids), a.Dropout) // [T, B, D]
		ys, _ := rnn(xs, cells.Seq{Init: a.RNN.Zero(g), Lens: lens})
		return out(g.Dropout(ys, a.Dropout)) // [T, B, Classes]
	}
}

// read binds the model to its inputs.
func (a Aligned) read(g *graph.Builder) *graph.Node {
	return a.Bind(g)(g.IDs("ids", g.T, g.B), g.IDs("lens", g.B))
}

// Train is the formula of training: inputs ids and target [T, B], lens [B] and
// weight [T, B], output loss in nats, the weighted mean of -log p[target] over all
// steps. The weight is 0 past a row's end (datasets.StepWeights).
func (a Aligned) Train(g *graph.Builder) {
	logits := a.read(g)
	g.Minimise("loss", g.WeightedCrossEntropy(logits, g.IDs("target", g.T, g.B), g.Input("weight", g.T, g.B)))
}

// Answer is the formula of prediction: inputs ids [T, B] and lens [B], output
// logits [T, B, Classes].
func (a Aligned) Answer(g *graph.Builder) { g.Output("logits", a.read(g)) }
