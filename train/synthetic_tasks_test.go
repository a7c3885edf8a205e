package train_test

import (
	"errors"
	"slices"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models"
)

// adding is the adding problem: numbers in, one number out.
func adding(s synthetic, cell string, seed uint64, steps int) (learner, error) {
	network := models.NextValues{In: 2, RNN: s.rnn(cell, 2), Values: 1}
	return exercise[datasets.Numeric]{
		draw: datasets.Adding{Steps: steps}.Examples, fit: network.Train, answer: network.Answer,
		feed: func(p *graph.Program, b datasets.Batch[datasets.Numeric]) error {
			rows := make([][]float64, len(b.Rows))
			for i, e := range b.Rows {
				rows[i] = e.X
			}
			return errors.Join(
				p.SetFloat64s("xs", datasets.PadVectors(rows, b.T, b.Size, 2, 0)), p.SetIDs("lens", b.Lens(datasets.Numeric.Len)),
			)
		},
		targets: func(p *graph.Program, b datasets.Batch[datasets.Numeric]) error {
			sums := datasets.Each(b, func(e datasets.Numeric) float64 { return e.Y[0] })
			return errors.Join(p.SetFloat64s("target", sums), p.SetFloat64s("weight", b.Weights()))
		},
		measureOfBatch: func(p *graph.Program, b datasets.Batch[datasets.Numeric]) (float64, error) {
			said, err := p.Float64s("values")
			mse := 0.0
			for i, e := range b.Rows {
				mse += (said[i] - e.Y[0]) * (said[i] - e.Y[0]) / float64(len(b.Rows))
			}
			return mse, err
		},
	}.learner(s, seed)
}

// temporalOrder is the temporal order problem: letters in, one class out.
func temporalOrder(s synthetic, cell string, seed uint64, steps int) (learner, error) {
	of := datasets.TemporalOrder{Steps: steps}
	rnn := s.rnn(cell, of.Inputs())
	network := models.ManyToOne{Vocab: of.Inputs(), RNN: rnn, Pool: cells.LastState{Layer: rnn}, Classes: of.Classes()}
	return exercise[datasets.Labelled]{
		draw: of.Examples, fit: network.Train, answer: network.Answer,
		feed: func(p *graph.Program, b datasets.Batch[datasets.Labelled]) error {
			rows := make([][]int, len(b.Rows))
			for i, e := range b.Rows {
				rows[i] = e.IDs
			}
			return errors.Join(p.SetIDs("ids", datasets.Pad(rows, b.T, b.Size, 0)), p.SetIDs("lens", b.Lens(datasets.Labelled.Len)))
		},
		targets: func(p *graph.Program, b datasets.Batch[datasets.Labelled]) error {
			classes := datasets.Each(b, func(e datasets.Labelled) int { return e.Label })
			return errors.Join(p.SetIDs("target", classes), p.SetFloat64s("weight", b.Weights()))
		},
		measureOfBatch: func(p *graph.Program, b datasets.Batch[datasets.Labelled]) (float64, error) {
			logits, err := p.Float64s("logits")
			if err != nil {
				return 0, err
			}
			right := 0
			for i, e := range b.Rows {
				if row := logits[i*of.Classes() : (i+1)*of.Classes()]; row[e.Label] == slices.Max(row) {
					right++
				}
			}
			return float64(right) / float64(len(b.Rows)), nil
		},
	}.learner(s, seed)
}

// copyMemory is the copying problem: symbols in, a class at each step out.
func copyMemory(s synthetic, cell string, seed uint64, wait int) (learner, error) {
	of := datasets.CopyMemory{Wait: wait}
	rnn := s.rnn(cell, of.Inputs())
	nats := func(g *graph.Builder) *graph.Node {
		ys, _ := rnn.Bind(g.Scope("rnn"))(g.OneHot(g.IDs("ids", g.T, g.B), of.Inputs()), cells.Seq{Init: rnn.Zero(g)})
		logits := cells.Dense{In: rnn.Out(), Out: of.Classes()}.Bind(g.Scope("out"))(ys) // [T, B, classes]
		return g.CrossEntropy(logits, g.IDs("target", g.T, g.B))
	}
	padded := func(b datasets.Batch[datasets.Tagged], of func(datasets.Tagged) []int) []int {
		rows := make([][]int, b.Size) // a row that fills up the batch is all blanks: one of them at most in an epoch
		for i, e := range b.Rows {
			rows[i] = of(e)
		}
		return datasets.Pad(rows, b.T, b.Size, 0)
	}
	ids := func(p *graph.Program, b datasets.Batch[datasets.Tagged]) error {
		return p.SetIDs("ids", padded(b, func(e datasets.Tagged) []int { return e.IDs }))
	}
	labels := func(p *graph.Program, b datasets.Batch[datasets.Tagged]) error {
		return p.SetIDs("target", padded(b, func(e datasets.Tagged) []int { return e.Labels }))
	}
	return exercise[datasets.Tagged]{
		draw: of.Examples,
		fit:  func(g *graph.Builder) { g.Minimise("loss", nats(g)) }, answer: func(g *graph.Builder) { g.Output("nats", nats(g)) },
		feed: func(p *graph.Program, b datasets.Batch[datasets.Tagged]) error {
			return errors.Join(ids(p, b), labels(p, b))
		},
		targets: func(*graph.Program, datasets.Batch[datasets.Tagged]) error { return nil },
		measureOfBatch: func(p *graph.Program, _ datasets.Batch[datasets.Tagged]) (float64, error) {
			return p.Scalar("nats")
		},
	}.learner(s, seed)
}
