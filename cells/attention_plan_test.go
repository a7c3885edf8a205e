package cells_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// planOfDecoder is the plan of T steps of a GRU that looks at S steps of a
// memory before each of its own, on B rows.
func planOfDecoder(t *testing.T, a cells.Attention, key graph.Key) graph.Plan {
	t.Helper()
	const D, H = 5, 8
	p, err := graph.Build(graph.NewParams(1), key, func(g *graph.Builder) {
		memory := g.Tanh(g.MatMul(g.Input("source", g.N, g.B, D), g.Param("encoder", graph.Glorot, D, H)))
		attend := a.Bind(g.Scope("attention"))
		read := attend.To(memory, g.IDs("lens", g.B))
		gru := cells.GRU{In: D + H, Hidden: H}
		step := gru.Bind(g.Scope("decoder"))
		ys, _ := cells.Unroll(g, func(x *graph.Node, s cells.State) (*graph.Node, cells.State) {
			context, _ := read(s[0])
			return step(g.Concat(x, context), s)
		}, g.Input("target", g.T, g.B, D), cells.Seq{Init: cells.State{g.Input("h", g.B, H)}})
		g.Minimise("loss", g.Mean(g.Square(ys)))
	})
	require.NoError(t, err)
	return p.Plan()
}

// Keys are made once for all steps, the derivative of the memory is one product
// of each kind, and a context beside the input does not hide that the input's
// products can be made at once. Nothing grows with the length of the memory, and
// segments do not grow with the steps.
func TestPlanOfADecoderWithAttention(t *testing.T) {
	for _, tt := range []struct {
		a        cells.Attention
		products int // for each step: forward and backward
		all      int // operations for each step
		once     int // products made once
	}{
		{cells.Luong{Query: 8, Memory: 8}, 8, 13, 5},
		{cells.Luong{Query: 8, Memory: 8, General: true}, 8, 13, 9},
		{cells.Bahdanau{Query: 8, Memory: 8, Width: 8}, 8, 15, 9},
	} {
		name := fmt.Sprintf("%+v", tt.a)
		key := graph.Key{B: 4, T: 10, N: 7, Train: true}
		short := planOfDecoder(t, tt.a, key)
		key.T = 20
		long := planOfDecoder(t, tt.a, key)
		key.N = 14
		wide := planOfDecoder(t, tt.a, key)

		products := (long.Products - short.Products) / 10
		assert.Equal(t, tt.products, products, "%s: products of a step", name)
		assert.Equal(t, tt.once, short.Products-10*products, "%s: products made once", name)
		assert.Equal(t, 10*tt.all, long.Operations-short.Operations, name)
		assert.Equal(t, short.Segments, long.Segments, name)
		assert.Equal(t, long.Operations, wide.Operations, name)
		assert.Equal(t, 20, long.Rules["products with joined columns parted"], name)
		assert.Equal(t, 20, long.Rules["products of a step made with those of all steps"], name)
	}
}
