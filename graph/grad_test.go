package graph

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// values runs a formula once in float64 and gives its outputs.
func values(t *testing.T, f func(g *Builder), opts ...Option) map[string][]float64 {
	t.Helper()
	p, err := Build(NewParams64(1), Key{Train: true}, f, opts...)
	require.NoError(t, err)
	fillInputs(p, 1)
	require.NoError(t, p.Run())
	out := map[string][]float64{}
	for _, o := range p.graph.outputs {
		out[o.name], _ = p.Float64s(o.name)
	}
	return out
}

// Grad of several outputs is the sum over them, each with its seed; a nil seed
// is ones; what has no influence has gradient 0; a node may be asked for twice,
// and be an output itself.
func TestGradOfSeveralOutputs(t *testing.T) {
	for _, opts := range [][]Option{nil, {Plain}} {
		v := values(t, func(g *Builder) {
			x, y, z := g.Const(2, 2), g.Const(3, 2), g.Const(5, 2, 2)
			u := g.Mul(x, y)
			w := g.Mul(u, x)
			s := g.Const(10, 2)
			d := g.Grad([]*Node{u, w, u}, []*Node{s, nil, nil}, []*Node{x, y, z, u, w, x})
			for i, n := range d {
				g.Output(fmt.Sprint(i), n)
			}
			for i, n := range g.Grad([]*Node{u, w}, nil, []*Node{y}) {
				g.Output(fmt.Sprint("again", i), n)
			}
			g.Output("short", g.Grad([]*Node{u, w}, []*Node{s}, []*Node{u})[0])
			g.Output("scalar", g.Grad([]*Node{g.SumAll(x)}, nil, []*Node{g.Const(1)})[0])
		}, opts...)
		// u = xy, w = x²y; 11·u + w
		assert.Equal(t, []float64{11*3 + 12, 45}, v["0"])
		assert.Equal(t, []float64{11*2 + 4, 26}, v["1"])
		assert.Equal(t, []float64{0, 0, 0, 0}, v["2"])
		assert.Equal(t, []float64{11 + 2, 13}, v["3"])
		assert.Equal(t, []float64{1, 1}, v["4"])
		assert.Equal(t, v["0"], v["5"])
		assert.Equal(t, []float64{6, 6}, v["again0"])
		assert.Equal(t, []float64{12, 12}, v["short"])
		assert.Equal(t, []float64{0}, v["scalar"])
	}
}

// The gradient of a gradient, three times over: d³(x⁴)/dx³ = 24x.
func TestRepeatedGrad(t *testing.T) {
	for _, opts := range [][]Option{nil, {Plain}} {
		v := values(t, func(g *Builder) {
			x := g.Const(2, 3)
			y := g.Square(g.Square(x))
			for range 3 {
				y = g.Grad([]*Node{y}, nil, []*Node{x})[0]
			}
			g.Output("y", y)
		}, opts...)
		assert.Equal(t, []float64{48, 48, 48}, v["y"])
	}
}

// The gradients of the aliases of a parameter, one for each step, sum to the
// parameter's: the paths of back-propagation through time, taken apart.
func TestAliasesTakeTheirPartOfTheGradient(t *testing.T) {
	const T = 4
	for _, opts := range [][]Option{nil, {Plain}} {
		v := values(t, func(g *Builder) {
			W := g.Param("W", Normal(0.5), 3, 3)
			h := g.Input("h0", 2, 3)
			var aliases []*Node
			for range T {
				a := g.Alias(W)
				aliases = append(aliases, a)
				h = g.Tanh(g.MatMul(h, a))
			}
			d := g.Grad([]*Node{g.Mean(g.Square(h))}, nil, append(aliases, W))
			for i, n := range d {
				g.Output(fmt.Sprint(i), n)
			}
		}, opts...)
		sum := make([]float64, 9)
		for i := range T {
			for j, x := range v[fmt.Sprint(i)] {
				sum[j] += x
			}
			for j := range i {
				assert.NotEqual(t, v[fmt.Sprint(i)], v[fmt.Sprint(j)], "aliases are not merged")
			}
		}
		assert.InDeltaSlice(t, v[fmt.Sprint(T)], sum, 1e-15)
	}
}

// A parameter without influence gets the gradient 0, also after another program
// has given it one.
func TestParameterWithoutInfluence(t *testing.T) {
	ps := NewParams64(1)
	formula := func(both bool) func(g *Builder) {
		return func(g *Builder) {
			a, b := g.Param("a", Constant(2), 2), g.Param("b", Constant(3), 2)
			loss := g.SumAll(g.Square(a))
			if both {
				loss = g.Add(loss, g.SumAll(g.Square(b)))
			}
			g.Minimise("loss", loss)
		}
	}
	one, err := Build(ps, Key{Train: true}, formula(false))
	require.NoError(t, err)
	both, err := Build(ps, Key{Train: true}, formula(true))
	require.NoError(t, err)
	require.NoError(t, both.Run())
	assert.Equal(t, []float64{6, 6}, ps.Get("b").Grads())
	require.NoError(t, one.Run())
	assert.Equal(t, []float64{4, 4}, ps.Get("a").Grads())
	assert.Equal(t, []float64{0, 0}, ps.Get("b").Grads())
}

// Two parameters with one gradient node each get their own copy; a gradient
// may also be an output, or a parameter itself.
func TestSharedGradientNodes(t *testing.T) {
	p, err := Build(NewParams64(1), Key{Train: true}, func(g *Builder) {
		a, b, c := g.Param("a", Constant(1), 2), g.Param("b", Constant(2), 2), g.Param("c", Constant(3), 2)
		y := g.Add(g.Add(a, b), g.Mul(c, c))
		loss := g.SumAll(g.Square(y))
		g.Output("da", g.Grad([]*Node{loss}, nil, []*Node{a})[0])
		g.Minimise("loss", loss)
	})
	require.NoError(t, err)
	for range 2 {
		require.NoError(t, p.Run())
		for path, want := range map[string]float64{"a": 24, "b": 24, "c": 144} {
			assert.Equal(t, []float64{want, want}, p.Params().Get(path).Grads(), path)
		}
		da, _ := p.Float64s("da")
		assert.Equal(t, []float64{24, 24}, da)
	}
}
