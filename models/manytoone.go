package models

import (
	"fmt"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// ManyToOne reads a sequence of ids and gives one answer among a few classes.
//
//	x_t = E[id_t] (+ G[hash(id_{t-1}, id_t)] and so on), or the one-hot row of id_t
//	y_t, s_t = RNN(x_t, s_{t-1})
//	logits = pool(y_1 .. y_T, s_T)·W + b      [B, Classes]
//
// Parameters: embed/E [Vocab, Embed] unless one-hot, grams/E [Buckets, Embed]
// with grams, those of RNN below rnn and of Pool below pool, out/W [H, Classes],
// out/b [Classes].
type ManyToOne struct {
	Vocab   int
	Embed   int // width of the embedding; 0: one-hot input
	Grams       // with an embedding only
	RNN     cells.Layer
	Pool    cells.Pooling
	Classes int

	// While training.
	Dropout     float64 // of the elements of inputs and of the pooled vector
	WordDropout float64 // of whole inputs: a token that is dropped is a row of zeros
	Smoothing   float64 // part of the target that is spread over all classes
}

// Bind declares the parameters on g and returns the map from ids [T, B], rows of
// the grams [T, B] (for each length from 2) and lengths [B] to logits [B, Classes].
func (m ManyToOne) Bind(g *graph.Builder) func(ids *graph.Node, grams []*graph.Node, lens *graph.Node) *graph.Node {
	m.RNN = layer(g, "ManyToOne.RNN", m.RNN)
	if m.Pool == nil {
		g.Fail(fmt.Errorf("ManyToOne.Pool is nil; a pooling is needed"))
		m.Pool = cells.MeanPool{}
	}
	look := m.look(g)
	rnn := m.RNN.Bind(g.Scope("rnn"))
	pool := m.Pool.Bind(g.Scope("pool"))
	out := cells.Dense{In: m.RNN.Out(), Out: m.Classes}.Bind(g.Scope("out"))
	return func(ids *graph.Node, grams []*graph.Node, lens *graph.Node) *graph.Node {
		xs := g.Dropout(look(ids, grams), m.Dropout)
		ys, final := rnn(xs, cells.Seq{Init: m.RNN.Zero(g), Lens: lens})
		return out(g.Dropout(pool(ys, final, lens), m.Dropout))
	}
}

// look is the map from ids and grams to inputs [T, B, D].
func (m ManyToOne) look(g *graph.Builder) func(ids *graph.Node, grams []*graph.Node) *graph.Node {
	if m.Embed == 0 {
		return func(ids *graph.Node, _ []*graph.Node) *graph.Node { return m.dropWords(g, g.OneHot(ids, m.Vocab)) }
	}
	embed := cells.Embedding{Rows: m.Vocab, Width: m.Embed}.Bind(g.Scope("embed"))
	beside := embed
	if m.tables() > 0 {
		beside = cells.Embedding{Rows: m.Buckets, Width: m.Embed}.Bind(g.Scope("grams"))
	}
	return func(ids *graph.Node, grams []*graph.Node) *graph.Node {
		xs := m.dropWords(g, embed(ids))
		for _, rows := range grams {
			xs = g.Add(xs, m.dropWords(g, beside(rows)))
		}
		return xs
	}
}

// dropWords drops whole tokens of xs [T, B, D] (Iyyer et al. 2015), and scales
// the others as dropout does.
func (m ManyToOne) dropWords(g *graph.Builder, xs *graph.Node) *graph.Node {
	return g.MaskWith(xs, g.DropMask(m.WordDropout, g.T, g.B, 1))
}

// read binds the model to its inputs.
func (m ManyToOne) read(g *graph.Builder) *graph.Node {
	ids, lens := g.IDs("ids", g.T, g.B), g.IDs("lens", g.B)
	var grams []*graph.Node
	for n := 2; n <= m.Grams.Upto; n++ {
		grams = append(grams, g.IDs(gramsInput(n), g.T, g.B))
	}
	return m.Bind(g)(ids, grams, lens)
}

// gramsInput names the input of the grams of n tokens.
func gramsInput(n int) string { return fmt.Sprintf("grams%d", n) }

// Train is the formula of training: inputs ids [T, B], grams2 and so on [T,
// B], lens and target [B] and weight [B, 1], output loss in nats, the weighted mean of
//
//	(1-Smoothing)·-log p[target] + Smoothing·mean over the classes of -log p
//
// (Szegedy et al. 2016).
func (m ManyToOne) Train(g *graph.Builder) {
	logits := m.read(g)
	nats := g.SmoothCrossEntropies(logits, g.IDs("target", g.B), m.Smoothing) // [B, 1]
	weight := g.Input("weight", g.B, 1)
	g.Minimise("loss", weightedMean(g, nats, weight))
}

// Answer is the formula of prediction: inputs ids [T, B], grams2 and so on
// [T, B] and lens [B], output logits [B, Classes].
func (m ManyToOne) Answer(g *graph.Builder) { g.Output("logits", m.read(g)) }
