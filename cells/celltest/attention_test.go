package celltest_test

import (
	"os"
	"testing"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/cells/celltest"
	"github.com/unroll-go/unroll/graph"
)

// looker is an attention that tests break in one place.
type looker struct {
	score func(g *graph.Builder, query, keys *graph.Node) *graph.Node
	after func(g *graph.Builder, context, weights *graph.Node) (*graph.Node, *graph.Node)
	deaf  bool // to lengths
	width int
}

func (l looker) KeyWidth() int { return 3 + l.width }

func (l looker) Bind(g *graph.Builder) cells.Attend {
	same := func(memory *graph.Node) *graph.Node { return memory }
	return cells.Attend{Keys: same, With: func(memory, keys, lens *graph.Node) cells.Read {
		return func(query *graph.Node) (context, weights *graph.Node) {
			scores := g.BatchMatMulT(query, keys)
			if l.score != nil {
				scores = l.score(g, query, keys)
			}
			weights = g.Softmax(scores)
			if lens != nil && !l.deaf {
				weights = g.MaskedSoftmax(scores, lens)
			}
			context = g.BatchMatMul(weights, memory)
			if l.after != nil {
				return l.after(g, context, weights)
			}
			return context, weights
		}
	}}
}

// brokenLookers each break laws, with the laws that must notice.
var brokenLookers = map[string]struct {
	attention looker
	laws      []string
}{
	"sound":           {looker{}, nil},
	"has wider keys":  {looker{width: 1}, []string{"shapes"}},
	"ignores lengths": {looker{deaf: true}, []string{"weights", "beyond"}},
	"likes the beginning": {looker{score: func(g *graph.Builder, q, keys *graph.Node) *graph.Node {
		e := g.BatchMatMulT(q, keys)
		return g.Add(e, g.Param("place", graph.Normal(1), g.N))
	}}, []string{"permuting"}},
	"mixes rows": {looker{score: func(g *graph.Builder, q, keys *graph.Node) *graph.Node {
		return g.BatchMatMulT(g.Add(q, g.SumRows(q)), keys)
	}}, []string{"batch"}},
	"is bolder at once": {looker{score: func(g *graph.Builder, q, keys *graph.Node) *graph.Node {
		return g.Scale(g.BatchMatMulT(q, keys), float64(len(g.Shape(q))))
	}}, []string{"at_once"}},
	"weighs twice": {looker{after: func(g *graph.Builder, c, w *graph.Node) (*graph.Node, *graph.Node) {
		return c, g.Scale(w, 2)
	}}, []string{"weights"}},
}

// TestAttentionLawsNoticeWhatIsBroken is TestLawsNoticeWhatIsBroken for attention.
func TestAttentionLawsNoticeWhatIsBroken(t *testing.T) {
	if name := os.Getenv("CELLTEST_BROKEN"); name != "" {
		celltest.RunAttention(t, brokenLookers[name].attention, 3, 3)
		return
	}
	for name, b := range brokenLookers {
		t.Run(name, func(t *testing.T) { notices(t, "TestAttentionLawsNoticeWhatIsBroken", name, b.laws) })
	}
}
