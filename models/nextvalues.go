package models

import (
	"fmt"
	"math"
	"slices"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
)

// NextValues reads vectors of numbers, step after step, and forecasts a few
// numbers from all of them: their means and, if asked for, quantiles.
//
//	y_t, s_t = RNN(x_t, s_{t-1})
//	means | quantile 0 | quantile 1 .. = y·W + b      [B, (1+Q)·Values]
//
// y is what remains of the last step (many to one). With EveryStep it is each
// y_t in turn while training, so that one sequence is a forecast after each of its
// steps (many to many); the answer is the last one's all the same.
//
// Parameters: those of RNN below rnn, out/W [H, (1+Q)·Values], out/b [(1+Q)·Values].
type NextValues struct {
	In        int // D, the numbers of a step
	RNN       cells.Layer
	Values    int       // how many numbers are forecast
	Quantiles []float64 // Q of them, each in (0, 1)
	EveryStep bool
	Dropout   float64 // of the elements of y, while training
}

// columns is the width of the answer.
func (m NextValues) columns() int { return (1 + len(m.Quantiles)) * m.Values }

// Bind declares the parameters on g and returns the map from xs [T, B, In] and
// lengths [B] to the answers of the last step [B, (1+Q)·Values], or, if every
// is set, of all steps [T, B, (1+Q)·Values].
func (m NextValues) Bind(g *graph.Builder) func(xs, lens *graph.Node, every bool) *graph.Node {
	m.RNN = layer(g, "NextValues.RNN", m.RNN)
	rnn := m.RNN.Bind(g.Scope("rnn"))
	out := cells.Dense{In: m.RNN.Out(), Out: m.columns()}.Bind(g.Scope("out"))
	return func(xs, lens *graph.Node, every bool) *graph.Node {
		ys, final := rnn(xs, cells.Seq{Init: m.RNN.Zero(g), Lens: lens})
		if !every {
			ys = cells.Last(g, m.RNN, final)
		}
		return out(g.Dropout(ys, m.Dropout))
	}
}

// read binds the model to its inputs.
func (m NextValues) read(g *graph.Builder, every bool) *graph.Node {
	return m.Bind(g)(g.Input("xs", g.T, g.B, m.In), g.IDs("lens", g.B), every)
}

// Answer is the formula of the forecast: inputs xs [T, B, In] and lens [B],
// output values [B, (1+Q)·Values].
func (m NextValues) Answer(g *graph.Builder) { g.Output("values", m.read(g, false)) }

// Train is the formula of training: inputs xs [T, B, In], lens [B], target
// [B, Values] and weight [B, 1], with EveryStep [T, B, Values] and [T, B, 1];
// output loss, the weighted mean over the forecasts of Loss.
func (m NextValues) Train(g *graph.Builder) {
	rows := []int{g.B}
	if m.EveryStep {
		rows = []int{g.T, g.B}
	}
	target := g.Input("target", append(rows, m.Values)...)
	weight := g.Input("weight", append(rows, 1)...)
	loss := m.Loss(g, m.read(g, m.EveryStep), target)
	g.Minimise("loss", weightedMean(g, loss, weight))
}

// Loss is, for each row of answers and of targets y [.., Values], the mean over
// the values of the squared error of the mean p and of the quantile losses of the
// quantiles p_q (Koenker and Bassett 1978):
//
//	(y-p)² + Σ_q max(q·(y-p_q), (q-1)·(y-p_q))      [.., 1]
func (m NextValues) Loss(g *graph.Builder, answers, y *graph.Node) *graph.Node {
	parts := g.Chunk(answers, 1+len(m.Quantiles)) // [.., Values] each
	loss := g.Square(g.Sub(y, parts[0]))
	for i, q := range m.Quantiles {
		d := g.Sub(y, parts[1+i])
		loss = g.Add(loss, g.Add(g.Scale(d, q), g.ReLU(g.Neg(d)))) // q·d, and -d more where d < 0
	}
	return g.Scale(g.SumCols(loss), 1/float64(m.Values))
}

// Task is training on batches of examples whose X are [Steps·In] and whose Y are
// [Values], with EveryStep [Steps·Values], NaN where a value is not known: that
// forecast has weight 0. A batch in which nothing is known is an error.
func (m NextValues) Task(params *graph.Params, batches *datasets.Batches[datasets.Numeric]) (*BatchTask[datasets.Numeric], error) {
	return NewBatchTask(params, batches, m.Train, m.feedTargets)
}

// feed sets the inputs of a program that answers.
func (m NextValues) feed(p *graph.Program, b datasets.Batch[datasets.Numeric]) error {
	rows := make([][]float64, len(b.Rows))
	for i, e := range b.Rows {
		if len(e.X) != e.Steps*m.In {
			return fmt.Errorf("models: example %d: %d numbers wanted for %d steps of %d, got %d", i, e.Steps*m.In, e.Steps, m.In, len(e.X))
		}
		rows[i] = e.X
	}
	if err := p.SetFloat64s("xs", datasets.PadVectors(rows, b.T, b.Size, m.In, 0)); err != nil {
		return err
	}
	return p.SetIDs("lens", b.Lens(datasets.Numeric.Len))
}

// feedTargets sets the inputs of a program that is trained.
func (m NextValues) feedTargets(p *graph.Program, b datasets.Batch[datasets.Numeric]) error {
	if err := m.feed(p, b); err != nil {
		return err
	}
	T := 1
	if m.EveryStep {
		T = b.T
	}
	rows := make([][]float64, len(b.Rows))
	for i, e := range b.Rows {
		want := m.Values
		if m.EveryStep {
			want *= e.Steps
		}
		if len(e.Y) != want {
			return fmt.Errorf("models: example %d: %d targets wanted, got %d", i, want, len(e.Y))
		}
		rows[i] = e.Y
	}
	y := datasets.PadVectors(rows, T, b.Size, m.Values, math.NaN())
	weight := make([]float64, T*b.Size)
	for i := range weight {
		if step := y[i*m.Values : (i+1)*m.Values]; slices.ContainsFunc(step, math.IsNaN) {
			clear(step) // nothing is known, or nothing is there
		} else {
			weight[i] = 1
		}
	}
	if !slices.Contains(weight, 1) {
		return fmt.Errorf("models: a batch of %d examples without a target that is known: the mean of no losses is no number", len(b.Rows))
	}
	if err := p.SetFloat64s("target", y); err != nil {
		return err
	}
	return p.SetFloat64s("weight", weight)
}
