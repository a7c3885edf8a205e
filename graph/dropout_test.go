package graph

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func dropped(t *testing.T, seed uint64, path string, p float64, key Key) *Program {
	t.Helper()
	prog, err := Build(NewParams64(seed), key, func(g *Builder) {
		s := g.Scope(path)
		one := g.Const(1, 100, 100)
		g.Output("a", s.Dropout(one, p))
		g.Output("b", s.Dropout(one, p))
	})
	require.NoError(t, err)
	return prog
}

func outputs(t *testing.T, p *Program) (a, b []float64) {
	t.Helper()
	require.NoError(t, p.Run())
	a, err := p.Float64s("a")
	require.NoError(t, err)
	b, err = p.Float64s("b")
	require.NoError(t, err)
	return a, b
}

// A mask follows from the seed, the step and the place in the formula alone: a
// program that goes on at a step gives the masks of one that never stopped.
func TestDropoutMasks(t *testing.T) {
	key := Key{Train: true}
	p := dropped(t, 1, "l0", 0.3, key)
	var as [3][]float64
	for i := range as {
		a, b := outputs(t, p)
		assert.NotEqual(t, a, b, "two places")
		as[i] = a
	}
	assert.NotEqual(t, as[0], as[1], "two steps")
	resumed := dropped(t, 1, "l0", 0.3, key)
	resumed.SetStep(2)
	a, _ := outputs(t, resumed)
	assert.Equal(t, as[2], a)
	p.SetStep(0)
	a, _ = outputs(t, p)
	assert.Equal(t, as[0], a)
	a, _ = outputs(t, dropped(t, 2, "l0", 0.3, key))
	assert.NotEqual(t, as[0], a, "another seed")
	a, _ = outputs(t, dropped(t, 1, "l1", 0.3, key))
	assert.NotEqual(t, as[0], a, "another path")
}

// A share p is dropped and the rest is scaled to keep the mean.
func TestDropoutKeepsTheMean(t *testing.T) {
	const p, n = 0.3, 10000
	a, _ := outputs(t, dropped(t, 1, "", p, Key{Train: true}))
	zeros := 0
	for _, x := range a {
		if x == 0 {
			zeros++
		} else {
			assert.Equal(t, 1/(1-p), x)
		}
	}
	assert.InDelta(t, p*n, zeros, 5*math.Sqrt(n*p*(1-p)))
}

// Without training, and for p = 0, dropout is its operand, not a copy.
func TestDropoutThatDoesNothing(t *testing.T) {
	for _, key := range []Key{{}, {Train: true}} {
		_, err := Build(NewParams(1), key, func(g *Builder) {
			x := g.Input("x", 2)
			assert.Same(t, x, g.Dropout(x, 0))
			assert.Nil(t, g.DropMask(0, 2))
			assert.Same(t, x, g.MaskWith(x, nil))
			if !key.Train {
				assert.Same(t, x, g.Dropout(x, 0.5))
			}
			g.Output("y", x)
		})
		require.NoError(t, err)
	}
}
