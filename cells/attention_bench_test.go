package cells_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// BenchmarkDecoder is a GRU of H units that looks at a memory of S steps before
// each of its own T: training steps and, with T 1, steps of generation, whose
// memory and keys are inputs. Without attention its products are the same.
func BenchmarkDecoder(b *testing.B) {
	for _, s := range []struct{ B, S, T, H int }{{32, 20, 20, 128}, {64, 30, 30, 512}, {1, 20, 1, 256}, {16, 30, 1, 512}} {
		for _, a := range []cells.Attention{
			nil, cells.Luong{Query: s.H, Memory: s.H, General: true}, cells.Bahdanau{Query: s.H, Memory: s.H, Width: s.H},
		} {
			b.Run(fmt.Sprintf("B%d_S%d_T%d_H%d/%T", s.B, s.S, s.T, s.H, a), func(b *testing.B) {
				p, err := graph.Build(graph.NewParams(1), graph.Key{B: s.B, T: s.T, N: s.S, Train: s.T > 1}, lookingGRU(a, s.H))
				require.NoError(b, err)
				if a != nil {
					lens := make([]int, s.B)
					for i := range lens {
						lens[i] = s.S
					}
					require.NoError(b, p.SetIDs("lens", lens))
				}
				b.ReportAllocs()
				for b.Loop() {
					if err := p.Run(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(p.Plan().Arena)/1e6, "MB")
			})
		}
	}
}

// lookingGRU is the decoder; without an attention it looks at the memory's
// first step.
func lookingGRU(a cells.Attention, H int) func(g *graph.Builder) {
	return func(g *graph.Builder) {
		memory, keys := g.Input("memory", g.N, g.B, H), g.Input("keys", g.N, g.B, H)
		if g.Train { // the gradient goes through the memory
			memory = g.MatMul(memory, g.Param("encoder", graph.Orthogonal, H, H))
		}
		read := func(*graph.Node) (context, _ *graph.Node) { return g.Tanh(g.At(memory, 0)), nil }
		switch {
		case a == nil:
		case g.Train:
			read = a.Bind(g.Scope("attention")).To(memory, g.IDs("lens", g.B))
		default:
			read = a.Bind(g.Scope("attention")).With(memory, keys, g.IDs("lens", g.B))
		}
		gru := cells.GRU{In: 2 * H, Hidden: H}
		step := gru.Bind(g.Scope("rnn"))
		s := g.Carry("state", gru.Zero(g))
		ys, next := cells.Unroll(g, func(x *graph.Node, s cells.State) (*graph.Node, cells.State) {
			context, _ := read(s[0])
			return step(g.Concat(x, g.Mul(context, s[0])), s)
		}, g.Input("x", g.T, g.B, H), cells.Seq{Init: s})
		g.Next("state", next)
		g.Minimise("loss", g.Mean(g.Square(ys)))
	}
}
