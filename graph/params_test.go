package graph

import (
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorgonia.org/gorgonia"
)

// bindAll makes parameters of a formula that sums them.
func bindAll(t *testing.T, ps *Params, bind func(g *Builder) []*Node) *Program {
	t.Helper()
	p, err := Build(ps, Key{Train: true}, func(g *Builder) {
		loss := g.Zeros()
		for _, n := range bind(g) {
			loss = g.Add(loss, g.SumAll(g.Square(n)))
		}
		g.Minimise("loss", loss)
	})
	require.NoError(t, err)
	return p
}

// Glorot's numbers lie within ±sqrt(6/(in+out)), fill that range evenly and
// have its mean and variance.
func TestGlorot(t *testing.T) {
	const in, out = 200, 300
	w := make([]float64, in*out)
	Glorot(w, []int{in, out}, pathRand(1, "w"))
	limit := math.Sqrt(6.0 / (in + out))
	sum, squares, widest := 0.0, 0.0, 0.0
	for _, x := range w {
		sum += x
		squares += x * x
		widest = max(widest, math.Abs(x))
	}
	n := float64(len(w))
	assert.LessOrEqual(t, widest, limit)
	assert.Greater(t, widest, 0.999*limit)
	assert.InDelta(t, 0, sum/n, 5*limit/math.Sqrt(3*n))
	assert.InEpsilon(t, limit*limit/3, squares/n, 0.02)
}

// Orthogonal gives orthonormal rows or columns, whichever are fewer.
func TestOrthogonal(t *testing.T) {
	for _, shape := range [][]int{{5, 5}, {4, 16}, {16, 4}, {1, 7}, {7, 1}, {64, 256}, {2, 3, 4}, {6}} {
		rows, cols := dims(shape)
		w := make([]float64, rows*cols)
		Orthogonal(w, shape, pathRand(2, "w"))
		n, m := min(rows, cols), max(rows, cols)
		at := func(i, k int) float64 {
			if rows <= cols {
				return w[i*cols+k]
			}
			return w[k*cols+i]
		}
		for i := range n {
			for j := range n {
				dot := 0.0
				for k := range m {
					dot += at(i, k) * at(j, k)
				}
				want := 0.0
				if i == j {
					want = 1
				}
				assert.InDelta(t, want, dot, 1e-12, "%v: %d, %d", shape, i, j)
			}
		}
	}
}

func TestNormalUniformConstant(t *testing.T) {
	w := make([]float64, 40000)
	Normal(0.5)(w, nil, pathRand(3, "w"))
	sum, squares := 0.0, 0.0
	for _, x := range w {
		sum += x
		squares += x * x
	}
	assert.InDelta(t, 0, sum/40000, 0.5*5/200)
	assert.InEpsilon(t, 0.25, squares/40000, 0.05)
	Uniform(2, 3)(w, nil, pathRand(3, "w"))
	for _, x := range w {
		assert.True(t, x >= 2 && x < 3)
	}
	Constant(4)(w[:2], nil, nil)
	assert.Equal(t, []float64{4, 4}, w[:2])
	Zeros(w[:2], nil, nil)
	assert.Equal(t, []float64{0, 0}, w[:2])
}

// Initial values follow from the seed and the path, not from the order in
// which parameters are bound, nor from what else there is.
func TestInitialValuesFollowFromSeedAndPath(t *testing.T) {
	a, b, c, d := NewParams64(1), NewParams64(1), NewParams64(2), NewParams(1)
	both := func(g *Builder) []*Node {
		return []*Node{g.Scope("l0").Param("W", Glorot, 3, 4), g.Scope("l1").Param("W", Glorot, 3, 4)}
	}
	bindAll(t, a, both)
	bindAll(t, b, func(g *Builder) []*Node {
		return []*Node{g.Param("other", Glorot, 2), g.Scope("l1").Param("W", Glorot, 3, 4), g.Scope("l0").Param("W", Glorot, 3, 4)}
	})
	bindAll(t, c, both)
	bindAll(t, d, both)
	for _, path := range []string{"l0/W", "l1/W"} {
		assert.Equal(t, a.Get(path).Values(), b.Get(path).Values())
		assert.NotEqual(t, a.Get(path).Values(), c.Get(path).Values())
		for i, x := range a.Get(path).Float64s() {
			assert.Equal(t, float32(x), d.Get(path).Float32s()[i])
		}
	}
	assert.NotEqual(t, a.Get("l0/W").Values(), a.Get("l1/W").Values())
}

// Programs over one Params share tensors: what one trains, the other uses.
func TestParamsAreShared(t *testing.T) {
	ps := NewParams(1)
	f := func(g *Builder) {
		x := g.Input("x", g.B, 2)
		y := g.MatMul(x, g.Param("W", Constant(1), 2, 1))
		g.Output("y", y)
		g.Minimise("loss", g.Mean(g.Square(y)))
	}
	train, err := Build(ps, Key{B: 3, Train: true}, f)
	require.NoError(t, err)
	one, err := Build(ps, Key{B: 1}, f)
	require.NoError(t, err)
	require.NoError(t, train.SetFloats("x", []float32{1, 2, 3, 4, 5, 6}))
	require.NoError(t, one.SetFloats("x", []float32{1, 2}))
	require.NoError(t, train.Run())
	version := ps.Version()
	require.NoError(t, ps.Update(func(p *Param) error {
		for i, g := range p.Grad32s() {
			p.Float32s()[i] -= 0.01 * g
		}
		return nil
	}))
	assert.Equal(t, version+1, ps.Version())
	require.NoError(t, one.Run())
	y, err := one.Floats("y")
	require.NoError(t, err)
	w := ps.Get("W").Float32s()
	assert.NotEqual(t, float32(1), w[0])
	assert.InDelta(t, w[0]+2*w[1], y[0], 1e-6)

	_, err = Build(ps, Key{}, func(g *Builder) { g.Output("W", g.Param("W", Constant(1), 3, 1)) })
	assert.EqualError(t, err, `graph: parameter "W" has shape [2 1], here it is used as [3 1]`)
}

// Each writer raises the version, each reader leaves it.
func TestVersionRisesWithEachWrite(t *testing.T) {
	ps := NewParams64(1)
	p := bindAll(t, ps, func(g *Builder) []*Node { return []*Node{g.Param("b", Zeros, 2), g.Param("a", Constant(3), 1)} })
	require.NoError(t, p.Run())
	v := ps.Version()
	assert.Equal(t, 3, ps.Count())
	assert.Equal(t, 6.0, ps.GradNorm())
	assert.Equal(t, []string{"a", "b"}, []string{ps.All()[0].Path(), ps.All()[1].Path()})
	assert.Equal(t, v, ps.Version())
	require.NoError(t, ps.Set("b", []float64{1, 2}))
	assert.Equal(t, v+1, ps.Version())
	assert.Error(t, ps.Set("c", nil))
	assert.EqualError(t, ps.Set("b", []float64{1}), `graph: parameter "b": shape [2] wants 2 values, got 1`)
	assert.Equal(t, v+1, ps.Version())
	err := ps.Update(func(p *Param) error { return errors.New("no") })
	assert.EqualError(t, err, "graph: a: no")
	assert.Equal(t, v+2, ps.Version())
	assert.Equal(t, []float64{1, 2}, ps.Get("b").Values())
	assert.Nil(t, ps.Get("c"))
	assert.Equal(t, uint64(1), ps.Seed())
	assert.Equal(t, Float64, ps.Dtype())
}

// A solver of Gorgonia's steps our parameters, those with a gradient.
func TestGorgoniaSolverSteps(t *testing.T) {
	ps := NewParams64(1)
	_, err := Build(ps, Key{}, func(g *Builder) { g.Output("y", g.Param("untrained", Constant(1), 1)) })
	require.NoError(t, err)
	_, err = ps.Get("untrained").Grad()
	assert.EqualError(t, err, "graph: untrained: no program computes its gradient")
	assert.Nil(t, ps.Get("untrained").Grads())
	p := bindAll(t, ps, func(g *Builder) []*Node { return []*Node{g.Param("w", Constant(1), 2)} })
	solver := gorgonia.NewVanillaSolver(gorgonia.WithLearnRate(0.25))
	for range 3 {
		require.NoError(t, p.RunAll())
		v := ps.Version()
		require.NoError(t, ps.StepWith(solver))
		assert.Greater(t, ps.Version(), v)
		p.Reset()
	}
	assert.Equal(t, []float64{0.125, 0.125}, ps.Get("w").Values())
	assert.Equal(t, []float64{1}, ps.Get("untrained").Values())
}
