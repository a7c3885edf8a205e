package benchmarks_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/benchmarks"
	"github.com/unroll-go/unroll/benchmarks/peephole"
	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// withPeephole is a task with the cell of one's own.
func withPeephole(task string) benchmarks.Config {
	c, _ := benchmarks.Preset(task)
	c.Cell = "peephole"
	return c
}

// A user's cell gets what the built-in ones get: as many products, each where it
// has to be, and beside them nothing for a step but what its formula says.
func TestPlanOfAPeephole(t *testing.T) {
	plan := func(cell cells.Cell, T int) graph.Plan {
		p, err := graph.Build(graph.NewParams(1), graph.Key{B: 4, T: T, Train: true}, func(g *graph.Builder) {
			ys, _ := cells.Unroll(g, cell.Bind(g), g.Input("x", g.T, g.B, 6), cells.Seq{Init: cell.Zero(g)})
			g.Minimise("loss", g.Mean(g.Square(ys)))
		})
		require.NoError(t, err)
		return p.Plan()
	}
	mine, own := plan(peephole.LSTM{In: 6, Hidden: 8}, 20), plan(cells.LSTM{In: 6, Hidden: 8}, 20)
	assert.Equal(t, own.Products, mine.Products)
	assert.LessOrEqual(t, mine.Segments, own.Segments+3, "sums over rows for pi, pf and po")
	assert.Equal(t, own.ByName["Loop"], mine.ByName["Loop"], "one loop a step forward, one backward")
	assert.LessOrEqual(t, mine.Operations-own.Operations, 3, "sums over rows for pi, pf and po")
}

// A step with it takes less than twice the time of one with the built-in LSTM.
// The two take turns, the best of each counts, and there are more turns where
// something else runs too.
func TestPeepholeIsFast(t *testing.T) {
	best := func(work benchmarks.Work) time.Duration {
		start := time.Now()
		_, err := work()
		require.NoError(t, err)
		return time.Since(start)
	}
	for _, task := range []string{"T1", "T2"} {
		c, err := benchmarks.Preset(task)
		require.NoError(t, err)
		own, err := c.Work(0)
		require.NoError(t, err)
		mine, err := withPeephole(task).Work(0)
		require.NoError(t, err)
		a, b := best(own), best(mine)
		for i := 0; i < 10 || (b >= 2*a && i < 200); i++ {
			a, b = min(a, best(own)), min(b, best(mine))
		}
		t.Logf("%s: %v, %v, ratio %.2f", task, a, b, float64(b)/float64(a))
		assert.Less(t, b, 2*a, task)
	}
}
