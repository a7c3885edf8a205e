package graph

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Products row by row of a batch count as products, forward and backward, and a
// memory that all steps read has its gradient from one product of each kind.
func TestBatchedProductsAreCounted(t *testing.T) {
	const T, S, B, K = 5, 7, 3, 4
	build := func(opts ...Option) *Program {
		p, err := Build(NewParams64(1), Key{B: B, T: T, Train: true}, func(g *Builder) {
			memory := g.Param("memory", Normal(1), S, B, K)
			h := g.Param("h", Normal(1), B, K)
			for t := range T {
				g.InStep(t, func() { h = g.BatchMatMul(g.BatchMatMulT(h, memory), memory) })
			}
			g.Minimise("loss", g.Mean(h))
		}, opts...)
		require.NoError(t, err)
		return p
	}
	p := build()
	assert.Equal(t, 4*T+1, p.Plan().ByName["BatchMatMul"], "2 forward, 2 backward in each step, 1 for the memory")
	assert.Equal(t, 4*T+1, p.Plan().Products)
	assert.Equal(t, float64(2*S*B*K*6*T), p.Plan().Flops)
	assert.Equal(t, 2*T, p.Plan().Rules["products of a gradient made as one of stacked rows"])
	assert.Contains(t, p.Explain(), "BatchMatMul")
	plain := build(Plain)
	assert.Equal(t, 6*T, plain.Plan().Products)

	require.NoError(t, p.Run())
	require.NoError(t, plain.Run())
	for _, q := range p.params.All() {
		assert.LessOrEqual(t, distance(q.Grads(), plain.params.Get(q.path).Grads()), 1e-12, q.path)
	}
}

// A shape without rows, steps or columns is an error and nothing else.
func TestAttentionOfNothing(t *testing.T) {
	for _, shape := range [][]int{{0, 2, 3}, {4, 0, 3}, {4, 2, 0}} {
		_, err := Build(NewParams(1), Key{}, func(g *Builder) {
			memory := g.Input("memory", shape...)
			q := g.Input("query", shape[1], shape[2])
			e := g.MaskedSoftmax(g.BatchMatMulT(q, memory), g.IDs("lens", shape[1]))
			e = g.Add(e, g.AdditiveScores(q, memory, g.Input("v", shape[2])))
			g.Output("y", g.SwapAxes(g.Stack(g.BatchMatMul(e, memory))))
		})
		assert.Error(t, err, "%v", shape)
	}
}

// Lengths below 0 are 0, lengths above the memory all of it, and NaN past the
// length does not come near the weights.
func TestMaskedSoftmaxOfAnyLength(t *testing.T) {
	for _, ps := range []*Params{NewParams(1), NewParams64(1)} {
		p, err := Build(ps, Key{}, func(g *Builder) {
			x := g.Input("x", 2, 4, 3)
			g.Output("y", g.MaskedSoftmax(x, g.IDs("lens", 4)))
			g.Output("dx", g.Grad([]*Node{g.MaskedSoftmax(x, g.IDs("lens again", 4))}, nil, []*Node{x})[0])
		})
		require.NoError(t, err)
		x := make([]float64, 24)
		for _, i := range []int{2, 5, 14, 17} { // past the length of rows 0 and 1
			x[i] = math.NaN()
		}
		require.NoError(t, p.SetFloat64s("x", x))
		for _, name := range []string{"lens", "lens again"} {
			require.NoError(t, p.SetIDs(name, []int{2, 1, -1 << 60, 1 << 60}))
		}
		require.NoError(t, p.Run())
		y, _ := p.Float64s("y")
		row := []float64{0.5, 0.5, 0, 1, 0, 0, 0, 0, 0, 1. / 3, 1. / 3, 1. / 3}
		assert.InDeltaSlice(t, append(row, row...), y, 1e-7)
		dx, _ := p.Float64s("dx")
		assert.InDeltaSlice(t, make([]float64, 24), dx, 1e-7)
	}
}
