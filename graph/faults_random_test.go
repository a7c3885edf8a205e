package graph

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// dropOnes runs x = ones through Dropout(x, p) and returns the result and the
// gradient of its sum.
func dropOnes(t *testing.T, ps *Params, p float64, step uint64) (y, dx []float64) {
	t.Helper()
	const n = 4000
	prog, err := Build(ps, Key{Train: true}, func(g *Builder) {
		x := g.Input("x", n)
		y := g.Dropout(x, p)
		g.Output("y", y)
		g.Output("dx", g.Grad([]*Node{g.SumAll(y)}, nil, []*Node{x})[0])
	})
	require.NoError(t, err)
	ones := make([]float64, n)
	for i := range ones {
		ones[i] = 1
	}
	require.NoError(t, prog.SetFloat64s("x", ones))
	prog.SetStep(step)
	require.NoError(t, prog.Run())
	y, err = prog.Float64s("y")
	require.NoError(t, err)
	dx, err = prog.Float64s("dx")
	require.NoError(t, err)
	return y, dx
}

// Dropout of Gorgonia divides values by 1-p, but gradients by p: four times too
// much at p = 0.2, and for p = 0 no gradient at all, so that training stops
// without an error. Two dropouts of one node are one node and drop the same.
func TestFaultDropoutGradient(t *testing.T) {
	for _, c := range []struct{ p, value, wrong float64 }{{0.2, 1.25, 5}, {0, 1, 0}} {
		t.Run("stock", func(t *testing.T) {
			g := gorgonia.NewGraph()
			x := stockVector(g, "x", 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
			y := gorgonia.Must(gorgonia.Dropout(x, c.p))
			assert.Same(t, y, gorgonia.Must(gorgonia.Dropout(x, c.p)), "the second dropout is the first")
			d, err := gorgonia.Grad(gorgonia.Must(gorgonia.Sum(y)), x)
			require.NoError(t, err)
			stockRun(t, g)
			grad := stockFloats(d[0].Value())
			for i, kept := range stockFloats(y.Value()) {
				if kept != 0 {
					assert.InDelta(t, c.value, kept, 1e-12)
					assert.InDelta(t, c.wrong, grad[i], 1e-12, "gradient at p = %v", c.p)
				}
			}
		})
		t.Run("ours", func(t *testing.T) {
			y, dx := dropOnes(t, NewParams64(1), c.p, 0)
			assert.Equal(t, y, dx, "of ones, both are the mask")
			kept := 0
			for _, v := range y {
				if v != 0 {
					assert.InDelta(t, c.value, v, 1e-12)
					kept++
				}
			}
			assert.InDelta(t, 1-c.p, float64(kept)/float64(len(y)), 0.03)
		})
	}
	t.Run("ours, identity", func(t *testing.T) {
		train, eval := newBuilder(NewParams64(1), Key{Train: true}, nil), newBuilder(NewParams64(1), Key{}, nil)
		x, z := train.Input("x", 3), eval.Input("x", 3)
		assert.Same(t, x, train.Dropout(x, 0))
		assert.Same(t, z, eval.Dropout(z, 0.5), "without Train")
		assert.NotSame(t, train.Dropout(x, 0.5), train.Dropout(x, 0.5), "each has its mask")
	})
}

// Masks and initial values of Gorgonia are seeded from the clock: no run can be
// repeated. Ours come from the seed of the parameters, the path and the step.
func TestFaultClockSeeds(t *testing.T) {
	t.Run("stock", func(t *testing.T) {
		for name, init := range map[string]gorgonia.InitWFn{
			"GlorotU": gorgonia.GlorotU(1), "Gaussian": gorgonia.Gaussian(0, 1), "HeN": gorgonia.HeN(1),
		} {
			assert.NotEqual(t, init(gorgonia.Float64, 8, 8), init(gorgonia.Float64, 8, 8), name)
		}
		mask := func() []float64 {
			g := gorgonia.NewGraph()
			y := gorgonia.Must(gorgonia.Dropout(stockVector(g, "x", counting(200)...), 0.5))
			stockRun(t, g)
			return stockFloats(y.Value())
		}
		assert.NotEqual(t, mask(), mask())
	})
	t.Run("ours, masks", func(t *testing.T) {
		mask := func(seed, step uint64) []float64 {
			y, _ := dropOnes(t, NewParams64(seed), 0.5, step)
			return y
		}
		assert.Equal(t, mask(1, 7), mask(1, 7), "the same twice")
		assert.NotEqual(t, mask(1, 7), mask(1, 8), "another step")
		assert.NotEqual(t, mask(1, 7), mask(2, 7), "another seed")
	})
	t.Run("ours, initial values", func(t *testing.T) {
		drawn := func(seed uint64, paths ...string) *Params {
			ps := NewParams64(seed)
			_, err := Build(ps, Key{}, func(g *Builder) {
				for _, path := range paths {
					g.Output("out"+path, g.Param(path, Glorot, 4, 4))
				}
			})
			require.NoError(t, err)
			return ps
		}
		ab, ba, other := drawn(1, "a", "b"), drawn(1, "b", "new", "a"), drawn(2, "a")
		assert.Equal(t, ab.Get("a").Values(), ba.Get("a").Values(), "whatever is made before")
		assert.Equal(t, ab.Get("b").Values(), ba.Get("b").Values())
		assert.NotEqual(t, ab.Get("a").Values(), ab.Get("b").Values(), "another path")
		assert.NotEqual(t, ab.Get("a").Values(), other.Get("a").Values(), "another seed")
	})
}

// SampleIndex never returns index 0, whose probability goes to index 1, and runs
// off the end where rounding leaves the sum below the draw. Our sampler is in
// package models, and so is the test of it.
func TestFaultSampleIndex(t *testing.T) {
	for range 1000 {
		assert.Equal(t, 1, tensor.SampleIndex([]float64{0.9, 0.1}))
	}
	assert.Panics(t, func() {
		for range 1000 {
			tensor.SampleIndex([]float64{0.3, 0.3})
		}
	})
}
