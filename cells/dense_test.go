package cells_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/graph/gradcheck"
)

// TestOneHotIsLookUp: a one-hot row times the table is the row of the table,
// and so are the gradients, also below a layer that the engine moves past the
// look-up. The table is shorter than the ids once, and longer once.
func TestOneHotIsLookUp(t *testing.T) {
	const T, B = 3, 2
	for _, V := range []int{4, 9} {
		for _, train := range []bool{true, false} {
			for mode, opts := range modes {
				t.Run(fmt.Sprintf("%d rows/train %t/%s", V, train, mode), func(t *testing.T) {
					e, d := cells.Embedding{Rows: V, Width: 3}, cells.Dense{In: 3, Out: 2}
					get := func(look func(g *graph.Builder, ids *graph.Node) *graph.Node) [][]float64 {
						params := graph.NewParams64(1)
						prog, err := graph.Build(params, graph.Key{B: B, T: T, Train: train}, func(g *graph.Builder) {
							rows := look(g, g.IDs("ids", g.T, g.B))
							y := d.Bind(g.Scope("out"))(rows)
							g.Output("rows", rows)
							g.Output("y", y)
							g.Minimise("loss", g.SumAll(g.Square(g.AddConst(y, 1))))
						}, opts...)
						require.NoError(t, err)
						require.NoError(t, prog.SetIDs("ids", []int{1, 3, 3, 0, 1, 1}))
						require.NoError(t, prog.Run())
						out := [][]float64{output(t, prog, "rows"), output(t, prog, "y"), output(t, prog, "loss")}
						for _, p := range params.All() {
							out = append(out, p.Grads())
						}
						return out
					}
					looked := get(func(g *graph.Builder, ids *graph.Node) *graph.Node {
						return e.Bind(g.Scope("embed"))(ids)
					})
					multiplied := get(func(g *graph.Builder, ids *graph.Node) *graph.Node {
						return g.MatMul(g.OneHot(ids, V), e.Table(g.Scope("embed")))
					})
					require.Len(t, looked, 6)
					for i := range looked {
						if looked[i] == nil {
							assert.False(t, train)
							continue
						}
						assert.LessOrEqual(t, distance(looked[i], multiplied[i]), 1e-14, "%d", i)
					}
				})
			}
		}
	}
}

// TestEmbeddingRejectsIDs: an id outside of the table is an error of the run.
func TestEmbeddingRejectsIDs(t *testing.T) {
	for mode, opts := range modes {
		t.Run(mode, func(t *testing.T) {
			prog, err := graph.Build(graph.NewParams(1), graph.Key{B: 2, T: 3}, func(g *graph.Builder) {
				rnn := cells.Recurrent{Cell: cells.RNN{In: 2, Hidden: 2}}
				xs := cells.Embedding{Rows: 4, Width: 2}.Bind(g.Scope("embed"))(g.IDs("ids", g.T, g.B))
				ys, _ := rnn.Bind(g.Scope("rnn"))(xs, cells.Seq{Init: rnn.Zero(g)})
				g.Output("y", ys)
			}, opts...)
			require.NoError(t, err)
			for _, id := range []int{4, -1} {
				require.NoError(t, prog.SetIDs("ids", []int{0, 1, 2, id, 0, 0}))
				assert.ErrorContains(t, prog.Run(), fmt.Sprintf("id %d at position [1 1] is outside [0, 4)", id))
			}
		})
	}
}

// TestDense: y = x·W + b on any number of leading axes, with the gradients of
// differences.
func TestDense(t *testing.T) {
	for _, noBias := range []bool{false, true} {
		for _, shape := range [][]int{{5, 3}, {2, 4, 3}, {1, 3}} {
			for mode, opts := range modes {
				t.Run(fmt.Sprintf("%v/no bias %t/%s", shape, noBias, mode), func(t *testing.T) {
					d := cells.Dense{In: 3, Out: 2, NoBias: noBias}
					params := graph.NewParams64(1)
					formula := func(g *graph.Builder) {
						x := g.Param("x", graph.Normal(1), shape...)
						y := d.Bind(g.Scope("out"))(x)
						g.Output("y", y)
						g.Minimise("loss", g.SumAll(g.Square(g.AddConst(y, 0.5))))
					}
					require.NoError(t, gradcheck.Check(params, graph.Key{}, formula, gradcheck.Options{Build: opts}))

					b := []float64{0, 0}
					if !noBias {
						b = []float64{1, -2}
						require.NoError(t, params.Set("out/b", b))
					}
					prog, err := graph.Build(params, graph.Key{}, formula, opts...)
					require.NoError(t, err)
					require.NoError(t, prog.Run())
					x, W := params.Get("x").Values(), params.Get("out/W").Values()
					var want []float64
					for i := 0; i < len(x); i += 3 {
						for k := range 2 {
							want = append(want, b[k]+x[i]*W[k]+x[i+1]*W[2+k]+x[i+2]*W[4+k])
						}
					}
					assert.InDeltaSlice(t, want, output(t, prog, "y"), 1e-14)
					assert.Equal(t, append(append([]int{}, shape[:len(shape)-1]...), 2), prog.Shape("y"))
					assert.Equal(t, noBias, params.Get("out/b") == nil)
				})
			}
		}
	}
}
