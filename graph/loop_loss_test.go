package graph

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// A cross entropy and its gradient are one loop over the logits where the
// gradient does not depend on the loss, and have the bits of both, for any number
// of workers; elsewhere they stay apart.
func TestLossWithItsGradient(t *testing.T) {
	defer goleak.VerifyNone(t)
	const V = 5
	for _, tt := range []struct {
		name string
		f    func(g *Builder, logits, target *Node) *Node
		both int
	}{
		{"mean", func(g *Builder, x, y *Node) *Node { return g.CrossEntropy(x, y) }, 1},
		{"weights", func(g *Builder, x, y *Node) *Node {
			return g.WeightedCrossEntropy(x, y, g.Input("w", g.T, g.B))
		}, 1},
		{"scaled", func(g *Builder, x, y *Node) *Node { return g.Scale(g.SumAll(g.CrossEntropies(x, y)), 0.1) }, 1},
		{"logits in use", func(g *Builder, x, y *Node) *Node {
			return g.Add(g.CrossEntropy(x, y), g.Mean(g.Square(x)))
		}, 1},
		{"square of the loss", func(g *Builder, x, y *Node) *Node { return g.Square(g.CrossEntropy(x, y)) }, 0},
		{"weights from the logits", func(g *Builder, x, y *Node) *Node {
			return g.Mean(g.Mul(g.CrossEntropies(x, y), g.Sigmoid(g.SumCols(x))))
		}, 1},
		{"targets from the logits", func(g *Builder, x, y *Node) *Node {
			return g.Add(g.CrossEntropy(x, y), g.CrossEntropy(x, g.ArgMax(x)))
		}, 0},
	} {
		f := func(g *Builder) {
			logits := g.MatMul(g.Input("x", g.T, g.B, 3), g.Param("W", Normal(1), 3, V))
			g.Minimise("loss", tt.f(g, logits, g.IDs("target", g.T, g.B)))
		}
		for _, workers := range []int{1, 2, 7} {
			withProcessors(workers, func() {
				p, err := Build(NewParams64(1), Key{B: 3, T: 4, Train: true}, f)
				require.NoError(t, err)
				enlarge(p)
				fillInputs(p, 1)
				for range 2 {
					require.NoError(t, runAgainst(p), "%s, %d workers", tt.name, workers)
				}
				assert.Equal(t, tt.both, p.Plan().ByName["CrossEntropyBoth"], tt.name)
				require.NoError(t, p.SetIDs("target", []int{0, 1, 2, 3, 4, 0, 1, 9, 3, 4, 0, 1}))
				assert.EqualError(t, p.Run(), "graph: CrossEntropy: id 9 at position [2 1] is outside [0, 5)", tt.name)
			})
		}
	}
}
