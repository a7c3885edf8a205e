package graph_test

import (
	"hash"
	"testing"

	"github.com/chewxy/hm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/unroll-go/unroll/graph"
)

// statement is an operation that returns nothing, like Gorgonia's Read.
type statement struct{ cubeOp }

func (statement) ReturnsNothing() bool { return true }
func (statement) String() string       { return "Read" }

// undifferentiable has no symbolic derivative.
type undifferentiable struct{ gorgonia.Op }

// broken panics where it runs.
type broken struct{ cubeOp }

func (broken) Do(...gorgonia.Value) (gorgonia.Value, error) { panic("out of luck") }
func (broken) String() string                               { return "Broken" }

// mistyped has no place for one operand.
type mistyped struct{ cubeOp }

func (mistyped) Type() hm.Type {
	a := hm.TypeVariable('a')
	return hm.NewFnType(a, a, a)
}
func (mistyped) Arity() int { return 2 }
func (mistyped) WriteHash(h hash.Hash) {
	h.Write([]byte("mistyped"))
}

// sigmoidOf finds Gorgonia's own operation.
func sigmoidOf(t *testing.T) gorgonia.Op {
	g := gorgonia.NewGraph()
	x := gorgonia.NewVector(g, tensor.Float64, gorgonia.WithShape(2), gorgonia.WithName("x"))
	return gorgonia.Must(gorgonia.Sigmoid(x)).Op()
}

// An operation of Gorgonia's, and one of a user's that writes over its operand,
// give in a formula what ours give, forward and backward; the operand stays.
func TestApply(t *testing.T) {
	stock := sigmoidOf(t)
	ps := graph.NewParams64(1)
	run := func(sigmoid, cube func(g *graph.Builder, x node) node) ([]float64, []float64) {
		p, err := graph.Build(ps, graph.Key{Train: true}, func(g *graph.Builder) {
			x := g.Param("x", graph.Normal(1), 2, 3)
			y := g.Mul(sigmoid(g, x), cube(g, g.Tanh(x)))
			g.Output("y", y)
			g.Output("x", x)
			g.Minimise("loss", g.Mean(g.Add(y, g.Tanh(x))))
		})
		require.NoError(t, err)
		require.NoError(t, p.Run())
		y, _ := p.Float64s("y")
		x, _ := p.Float64s("x")
		assert.Equal(t, ps.Get("x").Values(), x)
		return y, ps.Get("x").Grads()
	}
	wantY, wantD := run((*graph.Builder).Sigmoid, func(g *graph.Builder, x node) node { return g.Mul(g.Mul(x, x), x) })
	gotY, gotD := run(
		func(g *graph.Builder, x node) node { return g.Apply(stock, x) },
		func(g *graph.Builder, x node) node { return g.Apply(cubeOp{}, x) })
	assert.InDeltaSlice(t, wantY, gotY, 1e-14)
	assert.InDeltaSlice(t, wantD, gotD, 1e-14)
}

// Statements, foreign nodes and operations that do not fit are refused.
func TestApplyRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		f    func(g *graph.Builder, x node) node
		want string
	}{
		"statement":  {func(g *graph.Builder, x node) node { return g.Apply(statement{}, x) }, "graph: Apply: Read is a statement; only operations that return a value"},
		"nil":        {func(g *graph.Builder, x node) node { return g.Apply(nil, x) }, "graph: Apply: <nil> is a statement"},
		"nil node":   {func(g *graph.Builder, x node) node { return g.Apply(cubeOp{}, nil) }, "graph: Apply: Cube: operand 0 is not a node of this builder"},
		"no operand": {func(g *graph.Builder, x node) node { return g.Apply(cubeOp{}) }, "graph: Apply: Cube: "},
		"too few":    {func(g *graph.Builder, x node) node { return g.Apply(mistyped{}, x) }, "graph: Apply: Cube: "},
		"no derivative": {func(g *graph.Builder, x node) node {
			return g.Grad([]node{g.Apply(undifferentiable{cubeOp{}}, x)}, nil, []node{x})[0]
		}, "graph: Grad: Cube has no symbolic derivative"},
		"ids": {func(g *graph.Builder, x node) node { return g.Apply(cubeOp{}, g.IDs("i", 2)) }, "is needed"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := graph.Build(graph.NewParams64(1), graph.Key{}, func(g *graph.Builder) {
				g.Output("y", c.f(g, g.Input("x", 2)))
			})
			assert.ErrorContains(t, err, c.want)
		})
	}
}

// What an applied operation does wrong is an error of the run.
func TestApplyThatFails(t *testing.T) {
	p, err := graph.Build(graph.NewParams64(1), graph.Key{}, func(g *graph.Builder) {
		g.Scope("layer0").Output("y", g.Apply(broken{}, g.Input("x", 2)))
	})
	require.NoError(t, err)
	assert.ErrorContains(t, p.Run(), "out of luck")
	assert.ErrorContains(t, p.Run(), "out of luck")
}
