package cells_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// pooled runs a pool over ys [3, 2, 2] with lengths 2 and 0, or none.
func pooled(t *testing.T, p cells.Pooling, params *graph.Params, ys []float64, lens bool) []float64 {
	t.Helper()
	prog, err := graph.Build(params, graph.Key{B: 2, T: 3}, func(g *graph.Builder) {
		var n *graph.Node
		if lens {
			n = g.IDs("lens", g.B)
		}
		g.Output("y", p.Bind(g)(g.Input("ys", g.T, g.B, 2), nil, n))
	})
	require.NoError(t, err)
	require.NoError(t, prog.SetFloat64s("ys", ys))
	if lens {
		require.NoError(t, prog.SetIDs("lens", []int{2, 0}))
	}
	require.NoError(t, prog.Run())
	y, err := prog.Float64s("y")
	require.NoError(t, err)
	return y
}

// outputs are three steps of two rows of two; the third step is past the end.
var outputs = []float64{1, 2, 3, 4, 5, 6, 7, 8, 100, math.NaN(), 200, math.NaN()}

// The mean is over a row's own steps, whatever stands past its end; that of no
// steps is 0.
func TestMeanPool(t *testing.T) {
	ps := graph.NewParams64(1)
	assert.Equal(t, []float64{3, 4, 0, 0}, pooled(t, cells.MeanPool{}, ps, outputs, true))
	full := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	assert.Equal(t, []float64{5, 6, 7, 8}, pooled(t, cells.MeanPool{}, ps, full, false))
}

// With a query of zeros all steps weigh the same; else the softmax of u·v says.
func TestAttentionPool(t *testing.T) {
	ps := graph.NewParams64(1)
	a := cells.AttentionPool{In: 2, Width: 1}
	finite := append([]float64(nil), outputs...)
	finite[9], finite[11] = 300, 400
	pooled(t, a, ps, finite, true) // declares the parameters
	require.NoError(t, ps.Set("query/W", []float64{0}))
	assert.InDeltaSlice(t, []float64{3, 4, 0, 0}, pooled(t, a, ps, finite, true), 1e-12)

	require.NoError(t, ps.Set("proj/W", []float64{1, 0}))
	require.NoError(t, ps.Set("query/W", []float64{2}))
	w := math.Exp(2*math.Tanh(1)) / (math.Exp(2*math.Tanh(1)) + math.Exp(2*math.Tanh(5)))
	assert.InDeltaSlice(t, []float64{w + 5*(1-w), 2*w + 6*(1-w)}, pooled(t, a, ps, finite, true)[:2], 1e-12)
}

// Last is the hidden state of the topmost layer, of both directions joined.
func TestLast(t *testing.T) {
	lstm := func(in int) cells.Cell { return cells.LSTM{In: in, Hidden: 2} }
	both := func(in int) cells.Layer { return cells.Bidirectional{Forward: lstm(in), Backward: lstm(in)} }
	stack := cells.Stack{Layers: []cells.Layer{both(3), both(4)}}
	prog, err := graph.Build(graph.NewParams64(1), graph.Key{B: 1, T: 3}, func(g *graph.Builder) {
		ys, final := stack.Bind(g)(g.Input("xs", g.T, g.B, 3), cells.Seq{Init: stack.Zero(g)})
		g.Output("ys", ys)
		g.Output("last", cells.LastState{Layer: stack}.Bind(g)(ys, final, nil))
	})
	require.NoError(t, err)
	require.NoError(t, prog.SetFloat64s("xs", []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}))
	require.NoError(t, prog.Run())
	ys, err := prog.Float64s("ys")
	require.NoError(t, err)
	last, err := prog.Float64s("last")
	require.NoError(t, err)
	assert.Equal(t, []float64{ys[8], ys[9], ys[2], ys[3]}, last, "forward at the last step, backward at the first")

	_, err = graph.Build(graph.NewParams(1), graph.Key{B: 1, T: 1}, func(g *graph.Builder) {
		g.Output("y", cells.Last(g, stack, nil))
	})
	assert.ErrorContains(t, err, "a state of 0 tensors has no part for layer 1")
}
