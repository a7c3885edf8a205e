package graph

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSpectralOfSizesAndNumbersWithoutBound: sizes whose product overflows, and numbers whose
// squares do.
func TestSpectralOfSizesAndNumbersWithoutBound(t *testing.T) {
	for _, n := range []int{1 << 32, math.MaxInt, -1} {
		_, err := SpectralRadius([]float64{1}, n)
		assert.ErrorContains(t, err, "1 numbers are no blocks of")
		_, err = SpectralNorm(nil, n, n)
		assert.ErrorContains(t, err, "0 numbers are no matrix")
	}
	const n = 20 // larger than what is decomposed exactly
	for _, x := range []float64{1e300, 1, 1e-300} {
		w := make([]float64, n*n)
		for i := range w {
			w[i] = x
		}
		s, err := SpectralNorm(w, n, n)
		require.NoError(t, err)
		assert.InEpsilon(t, n*x, s, 1e-8)
	}
}

// recurrence is h = h·W, a row of ones at first.
func recurrence(W Init, width int) func(g *Builder) {
	return func(g *Builder) {
		w := g.Param("W", W, width, width)
		s := g.Pass([]*Node{g.Const(1, g.B, width)})
		for t := range g.T {
			g.InStep(t, func() { s = g.Pass([]*Node{g.MatMul(s[0], w)}) })
		}
		g.Output("y", s[0])
	}
}

// TestJacobiansThatAreNotFinite: weights that have diverged are an error, not a panic of what takes
// a matrix apart; a product that overflows is of infinite size.
func TestJacobiansThatAreNotFinite(t *testing.T) {
	for _, width := range []int{3, 20} {
		j, err := NewJacobians(NewParams64(1), Key{B: 1, T: 3}, recurrence(Constant(math.NaN()), width), "")
		require.NoError(t, err)
		_, err = j.Report()
		assert.ErrorContains(t, err, "graph: Jacobians: that of step 0 is not finite")

		j, err = NewJacobians(NewParams64(1), Key{B: 1, T: 3}, recurrence(Constant(1e150), width), "")
		require.NoError(t, err)
		m, err := j.Report()
		require.NoError(t, err)
		assert.InEpsilon(t, float64(width)*1e150, m.Of[0].Lags[1].Mean, 1e-8)
		assert.True(t, math.IsInf(m.Of[0].Lags[3].Mean, 1), "%v", m)
		assert.Equal(t, -1, m.Of[0].Length)
	}
}

// TestJacobiansOfAStateThatChanges: a state is the same tensors of the same shapes at every step.
func TestJacobiansOfAStateThatChanges(t *testing.T) {
	for want, next := range map[string]func(g *Builder, s []*Node) []*Node{
		"shapes [1 3] and [1 6] do not agree: state0 must keep its shape": func(g *Builder, s []*Node) []*Node {
			return []*Node{g.Concat(s[0], s[0])}
		},
		"state1 is handed on 1 times, the state's first tensor 2 times": func(_ *Builder, s []*Node) []*Node { return s[:1] },
	} {
		_, err := NewJacobians(NewParams(1), Key{B: 1, T: 2}, func(g *Builder) {
			s := g.Pass([]*Node{g.Zeros(1, 3), g.Zeros(1, 2)})
			g.InStep(0, func() { s = g.Pass(next(g, s)) })
			g.Output("y", s[0])
		}, "")
		assert.ErrorContains(t, err, want)
	}
}
