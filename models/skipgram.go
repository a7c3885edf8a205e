package models

import "github.com/unroll-go/unroll/graph"

// SkipGram is the network of Mikolov et al. (2013, https://arxiv.org/abs/1310.4546,
// equation 4): a word predicts its neighbours, told from noise. For a word w, a
// neighbour c and noise words n_1 .. n_K
//
//	loss = -log σ(in[w]·out[c]) - Σ_k log σ(-in[w]·out[n_k])
//
// in nats, the mean over the pairs of a batch. Parameters: in/E [Vocab, Width],
// the vectors that are wanted, and out/E [Vocab, Width], those of words as
// neighbours. Of both a batch looks up a few rows, so their gradients are
// row-sparse where the batch has fewer ids than the table has rows.
type SkipGram struct {
	Vocab, Width int
	Negatives    int // K
}

// Train is the formula of training: inputs center and context [B] and noise
// [K, B], output loss.
func (m SkipGram) Train(g *graph.Builder) {
	width := 0.5 / float64(m.Width)
	in := g.Scope("in").Param("E", graph.Uniform(-width, width), m.Vocab, m.Width)
	out := g.Scope("out").Param("E", graph.Zeros, m.Vocab, m.Width)

	w := g.Gather(in, g.IDs("center", g.B)) // [B, Width]
	score := func(ids *graph.Node) *graph.Node { return g.SumCols(g.Mul(w, g.Gather(out, ids))) }

	scores := []*graph.Node{g.Neg(score(g.IDs("context", g.B)))} // [B, 1] each
	noise := g.IDs("noise", m.Negatives, g.B)
	for k := range m.Negatives {
		scores = append(scores, score(g.At(noise, k)))
	}
	nats := softplus(g, g.Concat(scores...)) // [B, 1+K]
	g.Minimise("loss", g.Scale(g.SumAll(nats), 1/float64(g.B)))
}

// softplus is log(1 + exp(x)) = -log σ(-x) for each element, without overflow:
// (x + |x|)/2 + log(1 + exp(-|x|)). The derivative of |x| at 0 counts as 0, so
// that of softplus is 1/2 there, as it should be.
func softplus(g *graph.Builder, x *graph.Node) *graph.Node {
	abs := g.Abs(x)
	return g.Add(g.Scale(g.Add(x, abs), 0.5), g.Log(g.AddConst(g.Exp(g.Neg(abs)), 1)))
}
