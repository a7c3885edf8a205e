package celltest_test

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/cells/celltest"
	"github.com/unroll-go/unroll/graph"
)

// cell is a simple cell that tests break in one place.
type cell struct {
	bind func(g *graph.Builder) cells.Step
	zero func(g *graph.Builder) cells.State
}

func (c cell) Bind(g *graph.Builder) cells.Step { return c.bind(g) }
func (c cell) Out() int                         { return 2 }

func (c cell) Zero(g *graph.Builder) cells.State {
	if c.zero != nil {
		return c.zero(g)
	}
	return cells.State{g.Zeros(g.B, 2)}
}

// plain is tanh(x·Wx + h·Wh) with a hand on its result; init draws Wx.
func plain(init graph.Init, after func(g *graph.Builder, x, old, h *graph.Node) *graph.Node) func(g *graph.Builder) cells.Step {
	return func(g *graph.Builder) cells.Step {
		Wx := g.Param("Wx", init, 3, 2)
		Wh := g.Param("Wh", graph.Orthogonal, 2, 2)
		return func(x *graph.Node, s cells.State) (*graph.Node, cells.State) {
			h := after(g, x, s[0], g.Tanh(g.Affine(nil, x, Wx, s[0], Wh)))
			return h, cells.State{h}
		}
	}
}

// as is h unchanged.
func as(_ *graph.Builder, _, _, h *graph.Node) *graph.Node { return h }

// broken are cells that each break laws, with the laws that must notice.
var broken = map[string]struct {
	cell cells.Cell
	laws []string
}{
	"sound": {cell{bind: plain(graph.Glorot, as)}, nil},
	"mixes rows": {cell{bind: plain(graph.Glorot, func(g *graph.Builder, _, _, h *graph.Node) *graph.Node {
		return g.Add(h, g.SumRows(h))
	})}, []string{"rows", "lengths", "reverse"}},
	"counts steps": {cell{bind: func(g *graph.Builder) cells.Step {
		n := 0.0
		return plain(graph.Glorot, func(g *graph.Builder, _, _, h *graph.Node) *graph.Node {
			n++
			return g.Scale(h, 1/n)
		})(g)
	}}, []string{"stepping", "reverse"}},
	"begins at one": {
		cell{plain(graph.Glorot, as), func(g *graph.Builder) cells.State { return cells.State{g.Const(1, g.B, 2)} }},
		[]string{"zero_state"},
	},
	"has one row": {
		cell{plain(graph.Glorot, as), func(g *graph.Builder) cells.State { return cells.State{g.Zeros(2, 2)} }},
		[]string{"shapes", "rows"},
	},
	"draws anything": {
		cell{bind: plain(func(w []float64, _ []int, _ *rand.Rand) {
			for i := range w {
				w[i] = rand.Float64()
			}
		}, as)},
		[]string{"seeds"},
	},
	"draws one thing": {cell{bind: func(g *graph.Builder) cells.Step {
		Wx := g.Param("Wx", graph.Constant(0.1), 3, 2)
		return func(x *graph.Node, s cells.State) (*graph.Node, cells.State) {
			h := g.Tanh(g.Affine(s[0], x, Wx))
			return h, cells.State{h}
		}
	}}, []string{"seeds"}},
	"grows with the batch": {cell{bind: func(g *graph.Builder) cells.Step {
		b := g.Param("b", graph.Glorot, g.B, 2)
		return plain(graph.Glorot, func(g *graph.Builder, _, _, h *graph.Node) *graph.Node { return g.Add(h, b) })(g)
	}}, []string{"paths", "rows"}},
	"returns too much": {cell{bind: func(g *graph.Builder) cells.Step {
		step := plain(graph.Glorot, as)(g)
		return func(x *graph.Node, s cells.State) (*graph.Node, cells.State) {
			h, next := step(x, s)
			return h, append(next, h)
		}
	}}, []string{"shapes", "zero_state"}},
}

// TestLawsNoticeWhatIsBroken runs each broken cell in a process of its own, as
// its tests fail, and compares the laws that fail.
func TestLawsNoticeWhatIsBroken(t *testing.T) {
	if name := os.Getenv("CELLTEST_BROKEN"); name != "" {
		celltest.Run(t, broken[name].cell)
		return
	}
	for name, b := range broken {
		t.Run(name, func(t *testing.T) { notices(t, "TestLawsNoticeWhatIsBroken", name, b.laws) })
	}
}

// notices runs a test in a process of its own for what is broken, and asks that the laws fail.
func notices(t *testing.T, test, name string, laws []string) {
	t.Parallel()
	cmd := exec.Command(os.Args[0], "-test.run", "^"+test+"$", "-test.v")
	cmd.Env = append(os.Environ(), "CELLTEST_BROKEN="+name)
	out, err := cmd.CombinedOutput()
	text := string(out)
	require.NotContains(t, text, "panic:")
	if laws == nil {
		require.NoError(t, err, text)
		return
	}
	require.Error(t, err, text)
	var failed []string
	for _, m := range regexp.MustCompile(`(?m)^    --- FAIL: [^/]*/([^/ ]*) `).FindAllStringSubmatch(text, -1) {
		failed = append(failed, m[1])
	}
	for _, law := range laws {
		assert.True(t, slices.Contains(failed, law), "%s: only %v failed", law, failed)
		assert.True(t, strings.Contains(text, `the law of "`+strings.ReplaceAll(law, "_", " ")+`": `), "the sentence of %s", law)
	}
	t.Log(failed)
}
