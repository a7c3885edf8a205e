package cells_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// attentionCase is a case of testdata/attention.json; testdata/attention.py
// makes it and describes it.
type attentionCase struct {
	goldenCase // its name, sizes, shapes and the formula that fills tensors
	S          int
	F64, F32   struct{ Out, Grad map[string][]float64 }
}

func readAttention(t *testing.T) []attentionCase {
	t.Helper()
	text, err := os.ReadFile("testdata/attention.json")
	require.NoError(t, err)
	var all struct {
		Numbers map[string]int
		Cases   []attentionCase
	}
	require.NoError(t, json.Unmarshal(text, &all))
	require.Len(t, all.Cases, 3)
	for i := range all.Cases {
		all.Cases[i].number = all.Numbers
	}
	return all.Cases
}

// TestGoldenAttention compares attention that feeds its context back with
// PyTorch: contexts, weights and the gradient of every input and parameter.
func TestGoldenAttention(t *testing.T) {
	worst := worsts{}
	for _, c := range readAttention(t) {
		for _, p := range precisions {
			for mode, opts := range modes {
				t.Run(c.Name+"/"+p.name+"/"+mode, func(t *testing.T) { c.compare(t, p, worst, opts) })
			}
		}
	}
	worst.log(t)
}

func (c attentionCase) attention() cells.Attention {
	Q, M := c.Shapes["P"][0], c.Shapes["P"][1]
	if c.Name == "bahdanau" {
		return cells.Bahdanau{Query: Q, Memory: M, Width: c.Shapes["b"][0]}
	}
	return cells.Luong{Query: Q, Memory: M, General: c.Name == "general"}
}

// formula is the case in our terms. The inputs are parameters, so that their
// gradients are computed too.
func (c attentionCase) formula(g *graph.Builder) {
	param := func(name string) *graph.Node { return g.Param(name, graph.Zeros, c.Shapes[name]...) }
	P := g.Param("P", graph.Zeros, c.Shapes["P"][1], c.Shapes["P"][0])
	read := c.attention().Bind(g.Scope("attention")).To(param("memory"), g.IDs("lens", g.B))
	var contexts, weights []*graph.Node
	for t, q := range g.Unstack(param("x")) {
		g.InStep(t, func() {
			if t > 0 {
				q = g.Add(q, g.MatMul(contexts[t-1], P))
			}
			context, alpha := read(q)
			contexts, weights = append(contexts, context), append(weights, alpha)
		})
	}
	context, alpha := g.Stack(contexts...), g.Stack(weights...)
	g.Output("context", context)
	g.Output("weights", alpha)
	weighed := func(x *graph.Node, by string) *graph.Node {
		return g.SumAll(g.Mul(x, g.Input(by, c.Shapes[by]...)))
	}
	g.Minimise("loss", g.Add(weighed(context, "wc"), weighed(alpha, "ww")))
}

func (c attentionCase) compare(t *testing.T, p precision, worst worsts, opts []graph.Option) {
	params := p.params(1)
	prog, err := graph.Build(params, graph.Key{B: c.B, T: c.T, N: c.S, Train: true}, c.formula, opts...)
	require.NoError(t, err)
	ours := func(name string) (path string, matrix bool) {
		if name == "x" || name == "memory" {
			return name, false
		}
		if name == "P" {
			return name, true
		}
		return "attention/" + name, len(c.Shapes[name]) == 2 && name != "v"
	}
	want := c.F64
	if p.name == "float32" {
		want = c.F32
	}
	for name := range want.Grad {
		path, matrix := ours(name)
		x := c.fill(name)
		if matrix {
			x = transposed(x, c.Shapes[name])
		}
		require.NoError(t, params.Set(path, x))
	}
	require.NoError(t, prog.SetIDs("lens", c.Lens))
	for _, name := range []string{"wc", "ww"} {
		require.NoError(t, prog.SetFloat64s(name, c.fill(name)))
	}
	require.NoError(t, prog.Run())

	for name, x := range want.Out {
		worst.near(t, p, name, output(t, prog, name), x)
	}
	assert.Len(t, params.All(), len(want.Grad))
	for name, x := range want.Grad {
		path, matrix := ours(name)
		q := params.Get(path)
		got := q.Grads()
		if matrix {
			got = transposed(got, q.Shape())
		}
		worst.near(t, p, "gradient of "+name, got, x)
	}
}
