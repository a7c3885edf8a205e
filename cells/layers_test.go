package cells_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/cells/celltest"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/graph/gradcheck"
)

// TestLSTMOfManyUnits keeps the laws where the kernels work in blocks.
func TestLSTMOfManyUnits(t *testing.T) {
	celltest.Run(t, cells.LSTM{In: 19, Hidden: 33})
}

// TestGradientsOfLayers compares the gradients of whole stacks with
// differences. The seed and the step stay, and so do the dropout masks.
func TestGradientsOfLayers(t *testing.T) {
	both := func(in int) cells.Layer {
		return cells.Bidirectional{Forward: cells.GRU{In: in, Hidden: 2}, Backward: cells.LSTM{In: in, Hidden: 3}}
	}
	lstms := cells.Of(cells.LSTM{In: 3, Hidden: 4}, cells.LSTM{In: 4, Hidden: 3}, cells.LSTM{In: 3, Hidden: 2})
	dropout, oneMask := lstms, lstms
	dropout.Dropout = 0.4
	oneMask.Dropout, oneMask.OneMask = 0.4, true
	twoWays := cells.Stack{Layers: []cells.Layer{both(3), both(5)}}
	twoWaysOneMask := twoWays
	twoWaysOneMask.Dropout, twoWaysOneMask.OneMask = 0.4, true

	for name, layer := range map[string]cells.Layer{
		"stack":                            lstms,
		"stack, dropout":                   dropout,
		"stack, one mask":                  oneMask,
		"bidirectional":                    both(3),
		"bidirectional, stacked":           twoWays,
		"bidirectional, stacked, one mask": twoWaysOneMask,
		"bidirectional, mixed with others": cells.Stack{Layers: []cells.Layer{both(3), dropoutOf(5)}},
	} {
		for _, masked := range []bool{false, true} {
			for mode, opts := range modes {
				t.Run(name+map[bool]string{true: ", lengths"}[masked]+"/"+mode, func(t *testing.T) {
					checkLayer(t, layer, masked, opts)
				})
			}
		}
	}
}

// dropoutOf is a stack for use within a stack.
func dropoutOf(in int) cells.Stack {
	s := cells.Of(cells.RNN{In: in, Hidden: 3}, cells.GRU{In: 3, Hidden: 2, ResetBefore: true})
	s.Dropout = 0.5
	return s
}

// checkLayer checks a layer whose loss sees all outputs and final states, and
// whose input and initial state are parameters.
func checkLayer(t *testing.T, layer cells.Layer, masked bool, opts []graph.Option) {
	squares := func(g *graph.Builder, x *graph.Node) *graph.Node {
		return g.SumAll(g.Square(g.AddConst(x, 0.3)))
	}
	formula := func(g *graph.Builder) {
		seq := cells.Seq{Init: layer.Zero(g)}
		for i, z := range seq.Init {
			seq.Init[i] = g.Param("init"+string(rune('0'+i)), graph.Normal(0.7), g.Shape(z)...)
		}
		if masked {
			seq.Lens = g.IDs("lens", g.B)
		}
		ys, final := layer.Bind(g.Scope("rnn"))(g.Param("x", graph.Normal(1), g.T, g.B, 3), seq)
		loss := squares(g, ys)
		for _, f := range final {
			loss = g.Add(loss, squares(g, f))
		}
		assert.Equal(t, []int{g.T, g.B, layer.Out()}, g.Shape(ys))
		assert.Len(t, final, len(seq.Init))
		g.Minimise("loss", loss)
	}
	o := gradcheck.Options{Build: opts}
	if masked {
		o.Set = func(p *graph.Program) error { return p.SetIDs("lens", []int{3, 1, 5, 0}) }
	}
	assert.NoError(t, gradcheck.Check(graph.NewParams64(3), graph.Key{B: 4, T: 5}, formula, o))
}

// echo is a layer that gives what it gets.
type echo struct{ width int }

func (e echo) Bind(*graph.Builder) cells.Run {
	return func(xs *graph.Node, seq cells.Seq) (*graph.Node, cells.State) { return xs, seq.Init }
}
func (e echo) Zero(g *graph.Builder) cells.State { return cells.State{g.Zeros(g.B, 1)} }
func (e echo) Out() int                          { return e.width }

// TestDropout looks at what a second layer gets: while training, zeros and
// scaled values, with OneMask at the same places in every step.
func TestDropout(t *testing.T) {
	const T, B, H = 6, 3, 8
	between := func(train, oneMask bool, step uint64) []float64 {
		s := cells.Stack{
			Layers:  []cells.Layer{cells.Recurrent{Cell: cells.LSTM{In: 2, Hidden: H}}, echo{H}},
			Dropout: 0.25, OneMask: oneMask,
		}
		prog, err := graph.Build(graph.NewParams64(1), graph.Key{B: B, T: T, Train: train}, func(g *graph.Builder) {
			ys, _ := s.Bind(g.Scope("rnn"))(g.Const(0.5, g.T, g.B, 2), cells.Seq{Init: s.Zero(g)})
			g.Output("y", ys)
		})
		require.NoError(t, err)
		prog.SetStep(step)
		require.NoError(t, prog.Run())
		return output(t, prog, "y")
	}
	kept := between(false, false, 0)
	assert.NotContains(t, kept, 0.0, "an evaluation drops nothing")

	for _, oneMask := range []bool{false, true} {
		assert.Equal(t, kept, between(false, oneMask, 0))
		dropped := between(true, oneMask, 0)
		zeros, sameEachStep := 0, true
		for i, y := range dropped {
			if y == 0 {
				zeros++
			} else {
				assert.InDelta(t, kept[i]/0.75, y, 1e-12)
			}
			sameEachStep = sameEachStep && (y == 0) == (dropped[i%(B*H)] == 0)
		}
		assert.InDelta(t, 0.25, float64(zeros)/(T*B*H), 0.15)
		assert.Equal(t, oneMask, sameEachStep)
		assert.Equal(t, dropped, between(true, oneMask, 0), "the same step has the same mask")
		assert.NotEqual(t, dropped, between(true, oneMask, 1), "another step has another mask")
	}
}

// TestBidirectionalJoins: the joined outputs are those of a forward and of a
// reversed layer over the same parameters.
func TestBidirectionalJoins(t *testing.T) {
	b := cells.Bidirectional{Forward: cells.GRU{In: 2, Hidden: 3}, Backward: cells.LSTM{In: 2, Hidden: 2}}
	params := graph.NewParams64(1)
	get := func(f func(g *graph.Builder, x *graph.Node, lens *graph.Node) *graph.Node) []float64 {
		prog, err := graph.Build(params, graph.Key{B: 2, T: 4}, func(g *graph.Builder) {
			g.Output("y", f(g, g.Input("x", g.T, g.B, 2), g.IDs("lens", g.B)))
		})
		require.NoError(t, err)
		x := make([]float64, 16)
		for i := range x {
			x[i] = math.Sin(float64(i))
		}
		require.NoError(t, prog.SetFloat64s("x", x))
		require.NoError(t, prog.SetIDs("lens", []int{4, 2}))
		require.NoError(t, prog.Run())
		return output(t, prog, "y")
	}
	got := get(func(g *graph.Builder, x, lens *graph.Node) *graph.Node {
		ys, _ := b.Bind(g.Scope("both"))(x, cells.Seq{Init: b.Zero(g), Lens: lens})
		return ys
	})
	forward := get(func(g *graph.Builder, x, lens *graph.Node) *graph.Node {
		l := cells.Recurrent{Cell: b.Forward}
		ys, _ := l.Bind(g.Scope("both/forward"))(x, cells.Seq{Init: l.Zero(g), Lens: lens})
		return ys
	})
	backward := get(func(g *graph.Builder, x, lens *graph.Node) *graph.Node {
		l := cells.Recurrent{Cell: b.Backward}
		ys, _ := l.Bind(g.Scope("both/backward"))(x, cells.Seq{Init: l.Zero(g), Lens: lens, Reverse: true})
		return ys
	})
	var want []float64
	for i := range 8 {
		want = append(append(want, forward[3*i:3*i+3]...), backward[2*i:2*i+2]...)
	}
	assert.InDeltaSlice(t, want, got, 1e-14)
}
