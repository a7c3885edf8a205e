package graph

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// The tests named TestSound show what of Gorgonia works, and works with ours.

// straight is the loss mean((x·w + b - y)²), with x = 0..3 and y = 2x + 1.
func straight(t *testing.T, ps *Params, opts ...Option) *Program {
	t.Helper()
	p, err := Build(ps, Key{Train: true}, func(g *Builder) {
		fit := g.Affine(g.Param("b", Zeros, 1), g.Input("x", 4, 1), g.Param("w", Zeros, 1, 1))
		g.Minimise("loss", g.Mean(g.Square(g.Sub(fit, g.Input("y", 4, 1)))))
	}, opts...)
	require.NoError(t, err)
	require.NoError(t, p.SetFloat64s("x", []float64{0, 1, 2, 3}))
	require.NoError(t, p.SetFloat64s("y", []float64{1, 3, 5, 7}))
	return p
}

// Each solver of Gorgonia steps our parameters; it zeroes the gradients, and the
// version rises so that programs see the new values.
func TestSoundSolvers(t *testing.T) {
	rate := gorgonia.WithLearnRate
	for name, make := range map[string]func() gorgonia.Solver{
		"Vanilla":  func() gorgonia.Solver { return gorgonia.NewVanillaSolver(rate(0.1)) },
		"Momentum": func() gorgonia.Solver { return gorgonia.NewMomentum(rate(0.02)) },
		"RMSProp":  func() gorgonia.Solver { return gorgonia.NewRMSPropSolver(rate(0.02)) },
		"Adam":     func() gorgonia.Solver { return gorgonia.NewAdamSolver(rate(0.1)) },
	} {
		for _, ps := range []*Params{NewParams(1), NewParams64(1)} {
			p, solver := straight(t, ps), make()
			for range 400 {
				require.NoError(t, p.Run(), name)
				before := ps.Version()
				require.NoError(t, ps.StepWith(solver), name)
				assert.Greater(t, ps.Version(), before)
			}
			assert.Equal(t, []float64{0}, ps.Get("w").Grads(), "%s: the gradient is gone", name)
			require.NoError(t, p.Run())
			loss, err := p.Scalar("loss")
			require.NoError(t, err)
			assert.Less(t, loss, 0.01, name)
			assert.InDelta(t, 2, ps.Get("w").Values()[0], 0.1, name)
			assert.InDelta(t, 1, ps.Get("b").Values()[0], 0.2, name)
		}
	}
}

// After a run node.Value() is an output's, an input's or a parameter's value, and
// node.Grad() a parameter's gradient, as on a machine of Gorgonia; a program is a
// gorgonia.VM, so that loops written for Gorgonia run it.
func TestSoundNodeValues(t *testing.T) {
	var w, loss *Node
	ps := NewParams64(1)
	p, err := Build(ps, Key{Train: true}, func(g *Builder) {
		w = g.Param("w", Constant(3), 2, 1)
		loss = g.SumAll(g.MatMul(g.Input("x", 1, 2), w))
		g.Minimise("loss", loss)
	})
	require.NoError(t, err)
	require.NoError(t, p.SetFloat64s("x", []float64{5, 7}))
	var vm gorgonia.VM = p
	for range 2 {
		require.NoError(t, vm.RunAll())
		assert.Equal(t, []float64{36}, stockFloats(loss.Value()))
		assert.Equal(t, []float64{3, 3}, stockFloats(w.Value()))
		grad, err := w.Grad()
		require.NoError(t, err)
		assert.Equal(t, []float64{5, 7}, stockFloats(grad))
		vm.Reset()
	}
	require.NoError(t, p.SetFloat64s("x", []float64{1, 2}))
	require.NoError(t, vm.RunAll())
	grad, err := w.Grad()
	require.NoError(t, err)
	assert.Equal(t, []float64{1, 2}, stockFloats(grad), "the node sees the next run")
	assert.NoError(t, vm.Close())
}

// A formula of ours runs on Gorgonia's tape machine and differentiates with
// gorgonia.Grad, with the same numbers: that makes them oracles for tests. One
// gorgonia.Grad in a fresh graph, for reasons given in TestFaultSecondGrad.
func TestSoundOracle(t *testing.T) {
	formula := func(g *Builder) (w, loss *Node) {
		w = g.Param("w", Normal(1), 3, 8)
		a, b, c, d := g.Chunk4(g.MatMul(g.Input("x", 5, 3), w))
		y := g.Add(g.Mul(g.Sigmoid(a), g.Tanh(b)), g.Mul(g.Sigmoid(c), d))
		return w, g.SumAll(g.Square(g.Rows(y, 1, 4)))
	}
	ps := NewParams64(1)
	g := newBuilder(ps, Key{}, []Option{wired, Plain})
	w, loss := formula(g)
	require.NoError(t, g.Err())
	x := tensor.New(tensor.WithShape(5, 3), tensor.WithBacking(counting(15)))
	require.NoError(t, gorgonia.Let(g.named["x"].node, x))
	require.NoError(t, gorgonia.Let(w, ps.Get("w").Value()))
	d, err := gorgonia.Grad(loss, w)
	require.NoError(t, err)
	for _, v := range g.values {
		if k, ok := v.kind.(constant); ok {
			require.NoError(t, gorgonia.UnsafeLet(v.node, constantOf(k, v.shape)))
		}
	}
	stockRun(t, g.expr)

	p, err := Build(ps, Key{Train: true}, func(g *Builder) { _, l := formula(g); g.Minimise("loss", l) })
	require.NoError(t, err)
	require.NoError(t, p.SetFloat64s("x", counting(15)))
	require.NoError(t, p.Run())
	got, err := p.Scalar("loss")
	require.NoError(t, err)
	assert.InEpsilon(t, stockFloats(loss.Value())[0], got, 1e-12)
	assert.InDeltaSlice(t, stockFloats(d[0].Value()), ps.Get("w").Grads(), 1e-9)
}

// The graph of a formula with edges draws as DOT.
func TestSoundDOT(t *testing.T) {
	g := newBuilder(NewParams64(1), Key{B: 2, T: 3, Train: true}, []Option{wired})
	faultFormula(g)
	require.NoError(t, g.Err())
	dot := g.expr.ToDot()
	for _, name := range []string{"digraph", "MatMul", "Sigmoid", "CrossEntropy"} {
		assert.Contains(t, dot, name)
	}
}
