package graph

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tied uses one table three times outside of steps and once in each step, and some of its columns,
// cut once for all steps.
func tied(g *Builder) {
	E := g.Param("E", Glorot, 3, 2)
	half := g.Cols(E, 0, 1)
	x := g.Gather(E, g.IDs("ids", g.T, g.B))
	var ys []*Node
	h := g.Pass([]*Node{g.Zeros(g.B, 2)})[0]
	for t, x := range g.Unstack(x) {
		g.InStep(t, func() {
			h = g.Tanh(g.Add(x, h))
			ys = append(ys, g.Concat(g.MatMulT(h, E), g.MatMulT(g.SumCols(h), half)))
			h = g.Pass([]*Node{h})[0]
		})
	}
	g.Output("E", g.Square(g.Stack(ys...)))
	g.Output("all", g.SumAll(g.Square(g.Stack(ys...))))
	g.Output("best", g.ArgMax(ys[0]))
}

// TestEveryUseIsFound: look-ups, products and what was made of the parameter before the steps.
func TestEveryUseIsFound(t *testing.T) {
	for _, params := range []*Params{NewParams64(1), NewParams(1)} {
		everyUse(t, params, map[Dtype]float64{Float64: 1e-14, Float32: 1e-6}[params.Dtype()])
	}
}

func everyUse(t *testing.T, params *Params, eps float64) {
	t.Helper()
	p, err := NewPaths(params, Key{B: 1, T: 2, Train: true}, tied, PathsOf{Loss: "E", All: true, Param: "E", Routes: true})
	require.NoError(t, err)
	require.NoError(t, p.SetIDs("ids", []int{0, 2}))
	r, err := p.Report()
	require.NoError(t, err)
	assert.Equal(t, []string{"E", "all", "best", "ids"}, p.Names(), "what the package keeps has no name")
	assert.Equal(t, []int{3, 2}, r.Shape)
	type id struct {
		step int
		op   string
	}
	for i, want := range [][]id{
		{{-1, "Gather"}, {0, "MatMul"}, {0, "MatMul"}},
		{{-1, "Gather"}, {1, "MatMul"}, {1, "MatMul"}},
	} {
		l := r.At(i)
		var got []id
		for _, u := range l.Uses {
			got = append(got, id{u.Step, u.Op})
			assert.Len(t, u.Matrix, 6)
		}
		assert.Equal(t, want, got)
		assert.LessOrEqual(t, l.Gap, eps)
		steps := l.BySteps()
		require.Len(t, steps, 2)
		assert.Equal(t, []int{-1, i}, []int{steps[0].Step, steps[1].Step})
		sum := append([]float64(nil), steps[0].Matrix...)
		plusTimes(sum, steps[1].Matrix, 1)
		assert.InDeltaSlice(t, l.Total, sum, eps)
		assert.InDelta(t, 1, steps[0].Share+steps[1].Share, eps)
	}
	routes := r.At(1).Uses[0].Routes // the look-up of both steps: the second direct, the first through the state
	require.Len(t, routes, 2)
	assert.Equal(t, []string{"direct", "only state0"}, []string{routes[0].Name, routes[1].Name})
	assert.Contains(t, r.String(), "from step 1")
	assert.Contains(t, r.String(), "|dE_t/d(state0)_k|")
}

// TestTwoSequencesInOneScope: an encoder and a decoder that are walked in one scope are two
// sequences, and what crosses from the one into the other is a crossing.
func TestTwoSequencesInOneScope(t *testing.T) {
	walk := func(g *Builder, x, h *Node, W *Node) *Node {
		s := g.Pass([]*Node{h})
		var last *Node
		for t, x := range g.Unstack(x) {
			g.InStep(t, func() {
				last = g.Tanh(g.Affine(nil, x, W, s[0], W))
				s = g.Pass([]*Node{last})
			})
		}
		return last
	}
	p, err := NewPaths(NewParams64(1), Key{B: 1, T: 2}, func(g *Builder) {
		W, x := g.Param("W", Orthogonal, 2, 2), g.Const(0.5, g.T, g.B, 2)
		net := g.Scope("net")
		h := walk(net, x, walk(net, x, g.Zeros(g.B, 2), W), W)
		g.Output("E", g.SumAll(h))
	}, PathsOf{Loss: "E", Param: "W", Routes: true})
	require.NoError(t, err)
	r, err := p.Report()
	require.NoError(t, err)
	assert.Equal(t, []StateRef{{Path: "net", Name: "state0"}, {Path: "net#2", Name: "state0"}}, r.States)
	uses := r.Losses[0].Uses
	require.Len(t, uses, 8)
	name := func(i int) string { return uses[i].Routes[len(uses[i].Routes)-1].Name }
	assert.Equal(t, "mixed", name(0), "through the states of both")
	assert.Equal(t, "only net#2 state0", name(2), "the last step of the first into the second")
	assert.Equal(t, "direct", name(6))
}

// TestPathsRefuse: what does not exist or costs too much is an error that says so.
func TestPathsRefuse(t *testing.T) {
	rnn := func(g *Builder) {
		W := g.Param("W", Orthogonal, 8, 8)
		h := g.Zeros(g.B, 8)
		var hs []*Node
		for t := range g.T {
			g.InStep(t, func() { h = g.Pass([]*Node{g.Tanh(g.MatMul(h, W))})[0] })
			hs = append(hs, h)
		}
		g.Output("h", g.Stack(hs...))
		g.Output("last", g.SumAll(h))
	}
	for name, c := range map[string]struct {
		T    int
		of   PathsOf
		want string
	}{
		"no such loss":            {3, PathsOf{Loss: "loss"}, `paths: the formula has no output "loss" of floats; it has ["h" "last"]`},
		"no such step":            {3, PathsOf{Loss: "h", At: []int{3}}, `paths: the loss "h" has no step 3; it has the steps 0 to 2`},
		"a step before the first": {3, PathsOf{Loss: "h", At: []int{-1}}, `has no step -1`},
		"a step of a scalar":      {3, PathsOf{Loss: "last", At: []int{1}}, `the loss "last" has no step 1; it has the steps 0 to 0`},
		"no such parameter":       {3, PathsOf{Loss: "h", Param: "Wh"}, `paths: the formula uses no parameter "Wh"; it has ["W"]`},
		"too many steps":          {100_000, PathsOf{Loss: "h"}, "graph: paths over 100000 steps: every step becomes operations of its own, forward and back; at most 10000 steps"},
		"too many losses":         {2_000, PathsOf{Loss: "h", All: true, Param: "W"}, "ask for fewer steps of the loss, a shorter T, or no parameter"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := NewPaths(NewParams(1), Key{B: 1, T: c.T}, rnn, c.of)
			assert.ErrorContains(t, err, c.want)
		})
	}
	for name, c := range map[string]struct {
		key   Key
		scope string
		want  string
	}{
		"rows":           {Key{B: 2, T: 3}, "", "graph: Jacobians need B = 1"},
		"too many steps": {Key{B: 1, T: 100_000}, "", "at most 10000 steps"},
		"too much work":  {Key{B: 1, T: 5_000}, "", "a state of 8 numbers over 5000 steps may take 3.5e+12 operations"},
		"no such scope":  {Key{B: 1, T: 3}, "rnn", `jacobians: no state is handed from step to step in the scope "rnn"; there are [""]`},
	} {
		t.Run("Jacobians, "+name, func(t *testing.T) {
			_, err := NewJacobians(NewParams(1), c.key, rnn, c.scope)
			assert.ErrorContains(t, err, c.want)
		})
	}
	_, err := NewPaths(NewParams(1), Key{B: 1, T: 3}, func(g *Builder) { g.Output("y", g.MatMul(g.Zeros(2), g.Zeros(3, 3))) }, PathsOf{Loss: "y"})
	assert.ErrorContains(t, err, "MatMul", "the formula's own error comes first")
}

// TestSpectral: matrices whose eigenvalues and singular values are known.
func TestSpectral(t *testing.T) {
	r, err := SpectralRadius([]float64{0, -2, 3, 0, 2, 0, 1, 4}, 2) // [0 -2; 2 0] and [3 0; 1 4] side by side
	require.NoError(t, err)
	assert.InDeltaSlice(t, []float64{2, 4}, r, 1e-14)
	const n = 40 // larger than what is decomposed exactly: a diagonal with a largest element
	w := make([]float64, n*n)
	for i := range n {
		w[i*n+(i+7)%n] = 1 / float64(i+1)
	}
	s, err := SpectralNorm(w, n, n)
	require.NoError(t, err)
	assert.InDelta(t, 1, s, 1e-6)
	s, err = SpectralNorm([]float64{3, 0, 0, 0, 4, 0}, 2, 3)
	require.NoError(t, err)
	assert.InDelta(t, 4, s, 1e-14)

	zero, huge := 0.0, 1e308
	nan, inf := zero/zero, huge*10
	for _, bad := range [][]float64{nil, {1, 2, 3}, {nan, 1, 1, 1}, {1, 1, 1, inf}} {
		_, err = SpectralRadius(bad, 2)
		assert.Error(t, err)
		_, err = SpectralNorm(bad, 2, 2)
		assert.Error(t, err)
	}
	_, err = SpectralRadius([]float64{1}, 0)
	assert.Error(t, err)
}

// TestExposed: what a step exposes becomes outputs in the order of the steps, and nothing when
// nobody asks.
func TestExposed(t *testing.T) {
	f := func(g *Builder) {
		s := g.Scope("cell")
		h := g.Input("h", g.B, 2)
		for t := g.T - 1; t >= 0; t-- { // backwards, as one direction of two
			g.InStep(t, func() {
				h = g.AddConst(h, 1)
				s.Expose("h twice", h, g.Scale(h, 2))
			})
		}
		g.Output("last", h)
	}
	p, err := Build(NewParams64(1), Key{B: 1, T: 3}, f, Exposed)
	require.NoError(t, err)
	assert.Equal(t, []string{"cell/h", "cell/twice", "h", "last"}, p.Names())
	require.NoError(t, p.Run())
	h, err := p.Float64s("cell/h")
	require.NoError(t, err)
	assert.Equal(t, []float64{3, 3, 2, 2, 1, 1}, h)
	plain, err := Build(NewParams64(1), Key{B: 1, T: 3}, f)
	require.NoError(t, err)
	assert.Equal(t, []string{"h", "last"}, plain.Names())

	for want, bad := range map[string]func(g *Builder){
		"Expose: 2 names (a b) for 1 nodes":       func(g *Builder) { g.Expose("a b", g.Zeros(2)) },
		"Expose: a is not a node of this builder": func(g *Builder) { g.Expose("a", nil) },
		`output "a" is named twice`:               func(g *Builder) { g.Expose("a", g.Zeros(2)); g.Output("a", g.Zeros(2)) },
		"Stack: shapes [2] and [3] do not agree":  func(g *Builder) { g.Expose("a", g.Zeros(2)); g.Expose("a", g.Zeros(3)) },
	} {
		_, err := Build(NewParams(1), Key{}, func(g *Builder) { bad(g); g.Output("y", g.Zeros(1)) }, Exposed)
		assert.ErrorContains(t, err, "graph:", want)
	}
}
