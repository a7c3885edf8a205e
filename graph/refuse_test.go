package graph

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBuildWithoutWhatItNeeds: nothing to build, or nothing to build over, is an error with a name.
func TestBuildWithoutWhatItNeeds(t *testing.T) {
	f := func(g *Builder) { g.Output("y", g.Const(1, 2)) }
	for _, ps := range []*Params{nil, {}} {
		_, err := Build(ps, Key{}, f)
		assert.EqualError(t, err, "graph: there are no parameters; NewParams makes them")
		_, err = NewJacobians(ps, Key{B: 1}, f, "")
		assert.EqualError(t, err, "graph: there are no parameters; NewParams makes them")
	}
	_, err := Build(NewParams(1), Key{}, nil)
	assert.EqualError(t, err, "graph: there is no formula, got nil")
	_, err = NewPaths(NewParams(1), Key{}, nil, PathsOf{Loss: "y"})
	assert.EqualError(t, err, "graph: there is no formula, got nil")
	_, err = NewCache(NewParams(1), 1, nil).Get(Key{})
	assert.EqualError(t, err, "graph: there is no formula, got nil")
}

// TestTooManyOperations: a number of steps that no memory holds is refused before any step is made.
func TestTooManyOperations(t *testing.T) {
	_, err := Build(NewParams(1), Key{T: 1 << 30}, func(g *Builder) {
		g.Output("y", g.Sum(g.Unstack(g.Input("x", g.T, 1, 1))...))
	})
	assert.ErrorContains(t, err, "Unstack: shape [1073741824 1 1]: each element is an operation, and a formula has at most 4194304")
	_, err = NewPaths(NewParams(1), Key{}, func(g *Builder) { g.Output("e", g.Const(1, 1<<30)) }, PathsOf{Loss: "e", All: true})
	assert.ErrorContains(t, err, `paths: 1073741824 steps of the loss "e" asked for; at most 10000`)

	g := newBuilder(NewParams(1), Key{}, nil)
	g.core.values = make([]*value, maxValues-1)
	g.Const(1, 2)
	require.NoError(t, g.Err())
	g.Const(2, 2)
	assert.EqualError(t, g.Err(), "graph: the formula has more than 4194304 operations")
}

// TestConstantsByTheirBits: NaN is one constant however often it is asked for, and -0 is not 0.
func TestConstantsByTheirBits(t *testing.T) {
	p, err := Build(NewParams64(1), Key{}, func(g *Builder) {
		nan := g.Const(math.NaN(), 2)
		assert.Same(t, nan, g.Const(math.NaN(), 2))
		assert.Same(t, nan, g.Const(math.Inf(1)-math.Inf(1), 2), "which has other bits on some machines")
		assert.Same(t, nan, g.Const(math.Float64frombits(math.Float64bits(math.NaN())|1<<63), 2))
		zero, negative := g.Const(0, 2), g.Const(math.Copysign(0, -1), 2)
		g.Output("nan", nan)
		g.Output("inverse", g.Div(g.Const(1, 2), zero))
		g.Output("negative", g.Div(g.Const(1, 2), negative))
	})
	require.NoError(t, err)
	require.NoError(t, p.Run())
	for name, want := range map[string]float64{"inverse": math.Inf(1), "negative": math.Inf(-1)} {
		y, err := p.Float64s(name)
		require.NoError(t, err)
		assert.Equal(t, []float64{want, want}, y, name)
	}
	y, err := p.Float64s("nan")
	require.NoError(t, err)
	assert.True(t, math.IsNaN(y[0]) && math.IsNaN(y[1]))
}

// TestCopyFromNothing: a program that is not there is an error.
func TestCopyFromNothing(t *testing.T) {
	p, err := Build(NewParams(1), Key{}, func(g *Builder) {
		g.Output("y", g.Input("x", 2))
		g.Next("s", g.Carry("s", []*Node{g.Zeros(2)}))
	})
	require.NoError(t, err)
	assert.EqualError(t, p.CopyFrom("x", nil, "y"), `graph: copy of "y" to "x": there is no program, got nil`)
	assert.EqualError(t, p.CopyState("s", nil, "y"), `graph: copy of "y" to "s": there is no program, got nil`)
}

// TestPlacesOfNoPicture: a picture has at least a row and a column, whatever the padding.
func TestPlacesOfNoPicture(t *testing.T) {
	for _, h := range []int{-1, 0, math.MinInt, math.MaxInt} {
		_, _, err := Window{Size: [2]int{3, 3}, Pad: [2]int{2, 2}}.Places(h, 5)
		assert.ErrorContains(t, err, "rows: from 1 to 2147483648", "%d", h)
	}
}
