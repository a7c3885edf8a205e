package cells_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/graph/gradcheck"
)

// attentions are all of them, for queries of 3 and memories of 4 or, of dot, 3.
var attentions = map[string]struct {
	cells.Attention
	memory int
}{
	"bahdanau": {cells.Bahdanau{Query: 3, Memory: 4, Width: 5}, 4},
	"general":  {cells.Luong{Query: 3, Memory: 4, General: true}, 4},
	"dot":      {cells.Luong{Query: 3, Memory: 3}, 3},
}

// attended is a program for queries [T, B, 3] and memories [N, B, M], read one
// after the other or all at once.
func attended(t *testing.T, a cells.Attention, memory int, key graph.Key, atOnce bool) *graph.Program {
	t.Helper()
	prog, err := graph.Build(graph.NewParams64(1), key, func(g *graph.Builder) {
		read := a.Bind(g.Scope("attention")).To(g.Input("memory", g.N, g.B, memory), g.IDs("lens", g.B))
		queries := g.Input("queries", g.T, g.B, 3)
		if atOnce {
			context, weights := read(queries)
			g.Output("context", context)
			g.Output("weights", weights)
			return
		}
		for s, q := range g.Unstack(queries) {
			g.InStep(s, func() {
				context, weights := read(q)
				g.Tap("context", context)
				g.Tap("weights", weights)
			})
		}
	})
	require.NoError(t, err)
	return prog
}

// waves are numbers that differ from each other.
func waves(n int, from float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.Cos(from + float64(7*i)*0.37)
	}
	return x
}

// Weights are positive, sum to 1 and are 0 past the length; the context is the
// mean of the memory by them; a row of length 0 has 0 in both. Many queries at
// once are what they are one after the other.
func TestAttentionWeighs(t *testing.T) {
	const T, B, S = 3, 4, 5
	lens := []int{2, 0, 5, 9}
	for name, a := range attentions {
		t.Run(name, func(t *testing.T) {
			memory := waves(S*B*a.memory, 1)
			var contexts [2][]float64
			for i, atOnce := range []bool{false, true} {
				p := attended(t, a.Attention, a.memory, graph.Key{B: B, T: T, N: S}, atOnce)
				require.NoError(t, p.SetFloat64s("memory", memory))
				require.NoError(t, p.SetFloat64s("queries", waves(T*B*3, 2)))
				require.NoError(t, p.SetIDs("lens", lens))
				require.NoError(t, p.Run())
				w, err := p.Float64s("weights")
				require.NoError(t, err)
				contexts[i], err = p.Float64s("context")
				require.NoError(t, err)
				for k := range T * B {
					row, sum := w[k*S:(k+1)*S], 0.0
					want := make([]float64, a.memory)
					for s, x := range row {
						sum += x
						assert.Equal(t, s < lens[k%B], x > 0, "step %d of a row of %d has weight %v", s, lens[k%B], x)
						for j := range want {
							want[j] += x * memory[(s*B+k%B)*a.memory+j]
						}
					}
					assert.InDelta(t, min(1, float64(lens[k%B])), sum, 1e-12)
					assert.InDeltaSlice(t, want, contexts[i][k*a.memory:(k+1)*a.memory], 1e-12)
				}
			}
			assert.InDeltaSlice(t, contexts[0], contexts[1], 1e-12)
		})
	}
}

// The gradients of queries, memory and parameters are the derivatives, step by
// step and at once.
func TestAttentionGradients(t *testing.T) {
	for name, a := range attentions {
		for _, atOnce := range []bool{false, true} {
			err := gradcheck.Check(graph.NewParams64(1), graph.Key{B: 2, T: 3, N: 4}, func(g *graph.Builder) {
				read := a.Bind(g.Scope("attention")).To(g.Param("memory", graph.Normal(1), g.N, g.B, a.memory), g.IDs("lens", g.B))
				queries := g.Param("queries", graph.Normal(1), g.T, g.B, 3)
				weigh := g.Input("direction", g.T, g.B, a.memory)
				if atOnce {
					context, _ := read(queries)
					g.Minimise("loss", g.SumAll(g.Mul(context, weigh)))
					return
				}
				var ys []*graph.Node
				h := g.Zeros(g.B, 3)
				for s, q := range g.Unstack(queries) {
					g.InStep(s, func() {
						h = g.Tanh(g.Add(h, q))
						context, _ := read(h)
						ys = append(ys, context)
					})
				}
				g.Minimise("loss", g.SumAll(g.Mul(g.Stack(ys...), weigh)))
			}, gradcheck.Options{Set: func(p *graph.Program) error {
				if err := p.SetIDs("lens", []int{4, 2}); err != nil {
					return err
				}
				return p.SetFloat64s("direction", waves(3*2*a.memory, 3))
			}})
			assert.NoError(t, err, "%s, at once %v", name, atOnce)
		}
	}
}

// What does not fit is an error that names the path and both shapes.
func TestAttentionErrors(t *testing.T) {
	for _, tt := range []struct {
		a             cells.Attention
		query, memory int
		want          string
	}{
		{cells.Luong{Query: 3, Memory: 4}, 3, 4, "graph: attention: Luong: the dot of a query of 3 and a memory of 4 does not exist"},
		{cells.Luong{Query: 3, Memory: 4, General: true}, 2, 4, "BatchMatMul: shapes [2 2] and [5 2 3] do not agree: 2 != 3"},
		{cells.Luong{Query: 3, Memory: 3}, 3, 2, "BatchMatMul: shapes [2 3] and [5 2 2] do not agree: 3 != 2"},
		{cells.Bahdanau{Query: 3, Memory: 4, Width: 5}, 2, 4, "MatMul: shapes [2 2] and [3 5] do not agree: 2 != 3"},
		{cells.Bahdanau{Query: 3, Memory: 4, Width: 5}, 3, 2, "MatMul: shapes [5 2 2] and [4 5] do not agree: 2 != 4"},
	} {
		_, err := graph.Build(graph.NewParams(1), graph.Key{B: 2, N: 5}, func(g *graph.Builder) {
			context, _ := tt.a.Bind(g.Scope("attention")).To(g.Input("memory", g.N, g.B, tt.memory), nil)(g.Input("query", g.B, tt.query))
			g.Output("context", context)
		})
		require.Error(t, err)
		assert.True(t, strings.HasPrefix(err.Error(), "graph: attention: "), err.Error())
		assert.ErrorContains(t, err, tt.want)
	}
}
