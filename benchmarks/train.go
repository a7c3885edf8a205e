package benchmarks

import (
	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/train"
)

// Clip is the greatest length of a gradient.
const Clip = 5

// Rate is the learning rate of a task unless another one is asked for.
func (c Config) Rate() float64 {
	if c.Opt == "sgd" {
		return 1
	}
	return 2e-3
}

// Trainer is a training step of unroll.
type Trainer struct {
	prog *graph.Program
	opt  train.Optimiser
}

// NewTrainer builds the training step. A rate of 0 stands for that of Rate.
func (c Config) NewTrainer(rate float64) (*Trainer, error) {
	if rate == 0 {
		rate = c.Rate()
	}
	lm, err := c.lm(c.Vocab)
	if err != nil {
		return nil, err
	}
	formula := lm.Train
	if c.Classes > 0 {
		formula = func(g *graph.Builder) { c.classify(g, lm.RNN) }
	}
	prog, err := graph.Build(graph.NewParams(1), graph.Key{B: c.Batch, T: c.Seq, Train: true}, formula)
	if c.Opt == "sgd" {
		return &Trainer{prog, &train.SGD{Rate: rate}}, err
	}
	return &Trainer{prog, &train.Adam{Rate: rate, Dense: c.Dense}}, err
}

// classify is the formula of a classifier by the last output: inputs ids [T, B]
// and target [B], output loss.
func (c Config) classify(g *graph.Builder, rnn cells.Layer) {
	look := cells.Embedding{Rows: c.Vocab, Width: c.Emb}.Bind(g.Scope("embed"))
	run := rnn.Bind(g.Scope("rnn"))
	out := cells.Dense{In: rnn.Out(), Out: c.Classes}.Bind(g.Scope("out"))

	ys, _ := run(look(g.IDs("ids", g.T, g.B)), cells.Seq{Init: rnn.Zero(g)}) // [T, B, H]
	logits := out(g.At(ys, g.T-1))                                           // [B, Classes]
	g.Minimise("loss", g.CrossEntropy(logits, g.IDs("target", g.B)))
}

// Step takes one update on a window and returns its loss.
func (t *Trainer) Step(w Window) (float64, error) {
	if err := t.prog.SetIDs("ids", w.X); err != nil {
		return 0, err
	}
	if err := t.prog.SetIDs("target", w.Y); err != nil {
		return 0, err
	}
	if err := t.prog.Run(); err != nil {
		return 0, err
	}
	norm := t.prog.Params().GradNorm()
	if err := t.opt.Step(t.prog.Params(), 1, min(1, Clip/(norm+1e-6))); err != nil {
		return 0, err
	}
	return t.prog.Scalar("loss")
}
