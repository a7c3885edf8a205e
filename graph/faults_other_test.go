package graph

import (
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// WithClip cuts each element by itself, which turns the gradient: (3, 4) becomes
// (1, 1). What keeps its direction is a division by the norm of all gradients
// together.
func TestFaultElementwiseClipping(t *testing.T) {
	train := func(t *testing.T) *Params { // gradients (3, 0) and (0, 4)
		p := faultProgram(t, Key{Train: true}, func(g *Builder) {
			a, b := g.Param("a", Zeros, 2), g.Param("b", Zeros, 2)
			g.Minimise("loss", g.SumAll(g.Add(g.Mul(a, g.Input("x", 2)), g.Mul(b, g.Input("y", 2)))))
		}, map[string][]float64{"x": {3, 0}, "y": {0, 4}})
		require.NoError(t, p.Run())
		return p.Params()
	}
	t.Run("stock", func(t *testing.T) {
		ps := train(t)
		require.NoError(t, ps.StepWith(gorgonia.NewVanillaSolver(gorgonia.WithLearnRate(1), gorgonia.WithClip(1))))
		assert.Equal(t, []float64{-1, 0}, ps.Get("a").Values())
		assert.Equal(t, []float64{0, -1}, ps.Get("b").Values(), "not 4/3 of the other")
	})
	t.Run("ours", func(t *testing.T) {
		ps := train(t)
		norm := ps.GradNorm()
		assert.InDelta(t, 5, norm, 1e-12, "over both parameters")
		require.NoError(t, ps.Update(func(p *Param) error {
			for i, d := range p.Grad64s() {
				p.Float64s()[i] -= d / norm
			}
			return nil
		}))
		assert.InDeltaSlice(t, []float64{-0.6, 0}, ps.Get("a").Values(), 1e-12)
		assert.InDeltaSlice(t, []float64{0, -0.8}, ps.Get("b").Values(), 1e-12)
		assert.InDelta(t, 1, math.Hypot(ps.Get("a").Values()[0], ps.Get("b").Values()[1]), 1e-12)
	})
}

// What a solver has learnt of the gradients is private, so training with one
// cannot be saved and resumed; and AdaGrad does not know WithLearnRate, it keeps
// its rate of 0.001. Optimisers of our own read Param's gradient in Update.
func TestFaultSolverState(t *testing.T) {
	for _, field := range reflect.VisibleFields(reflect.TypeOf(gorgonia.AdamSolver{})) {
		assert.False(t, field.IsExported(), "%s can be saved", field.Name)
	}

	step := func(opts ...gorgonia.SolverOpt) float64 {
		p := straight(t, NewParams64(1))
		require.NoError(t, p.Run())
		require.NoError(t, p.Params().StepWith(gorgonia.NewAdaGradSolver(opts...)))
		return p.Params().Get("w").Values()[0]
	}
	assert.NotZero(t, step())
	assert.Equal(t, step(), step(gorgonia.WithLearnRate(0.5)), "the rate is ignored")
}

// Package tensor asks for a version of assume-no-moving-gc that stops programs of
// today's Go as they start. Our go.mod asks for one that does not, and whoever
// imports us inherits it. Versions of this module are dates.
func TestFaultAssumeNoMovingGCPin(t *testing.T) {
	version := func(file string) string {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Skip("without source: ", err)
		}
		m := regexp.MustCompile(`go4\.org/unsafe/assume-no-moving-gc (v0\.0\.0-\d+)`).FindSubmatch(text)
		require.NotNil(t, m, file)
		return string(m[1])
	}
	const sound = "v0.0.0-20231121144256"
	at := reflect.ValueOf(tensor.SampleIndex).Pointer()
	file, _ := runtime.FuncForPC(at).FileLine(at)
	require.True(t, strings.HasSuffix(file, ".go"), file)
	assert.Less(t, version(filepath.Join(filepath.Dir(file), "go.mod")), sound, "tensor's own")
	assert.GreaterOrEqual(t, version(filepath.Join("..", "go.mod")), sound, "ours")
}
