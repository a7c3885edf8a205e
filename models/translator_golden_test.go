package models

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/graph"
)

// torchTranslators is testdata/translator.json, what PyTorch computes;
// testdata/translator.py makes it and describes it.
type torchTranslators struct {
	Source, Input, Target [][]int
	Lens                  []int
	Weight                [][]float64
	Cases                 []struct {
		Name   string
		Config TranslatorConfig
		Names  []string
		Logits []float64
		Loss   float64
		Grads  map[string][]float64
	}
}

// torchFill is parameter number n by the formula that both sides use.
func torchFill(n, size int) []float64 {
	x := make([]float64, size)
	for k := range x {
		x[k] = 0.5 * math.Cos(float64(388*n+130*k+7*k*k)/100)
	}
	return x
}

// columns turns a matrix of so many rows.
func columns(x []float64, rows int) []float64 {
	y := make([]float64, len(x))
	cols := len(x) / rows
	for i := range rows {
		for j := range cols {
			y[j*rows+i] = x[i*cols+j]
		}
	}
	return y
}

// setTorch gives a parameter the values of the entry's tensors.
func (e entry) setTorch(t *testing.T, ps *graph.Params, tensor func(name string, size int) []float64) {
	if e.form == again {
		return
	}
	size := 1
	for _, n := range e.shape {
		size *= n
	}
	x := tensor(e.name, size)
	switch e.form {
	case turned:
		x = columns(x, e.shape[0])
	case biases:
		second := tensor(e.pair.name, size)
		for i := range x[:size-e.pair.own] {
			x[i] += second[i]
		}
		if e.pair.path != "" {
			require.NoError(t, ps.Set(e.pair.path, second[size-e.pair.own:]))
		}
	}
	require.NoError(t, ps.Set(e.path, x))
}

// torchGrad is the gradient of the entry's first tensor.
func (e entry) torchGrad(ps *graph.Params) []float64 {
	x := ps.Get(e.path).Grads()
	if e.form == turned {
		return columns(x, e.shape[1])
	}
	return x
}

// TestTranslatorIsTorchs compares the logits, the loss and every gradient of whole
// encoder-decoders with PyTorch's, in float64.
func TestTranslatorIsTorchs(t *testing.T) {
	data, err := os.ReadFile("testdata/translator.json")
	require.NoError(t, err)
	var all torchTranslators
	require.NoError(t, json.Unmarshal(data, &all))
	require.Len(t, all.Cases, 5)
	for _, c := range all.Cases {
		t.Run(c.Name, func(t *testing.T) {
			m, err := c.Config.Network(5, 6)
			require.NoError(t, err)
			m.Smoothing = 0.1
			params := graph.NewParams64(1)
			key := graph.Key{B: 3, T: 3, N: 4, Train: true}
			p, err := graph.Build(params, key, m.Train)
			require.NoError(t, err)
			l := c.Config.layout(5, 6)
			for _, e := range l {
				e.setTorch(t, params, func(name string, size int) []float64 {
					n := slices.Index(c.Names, name)
					require.GreaterOrEqual(t, n, 0, name)
					return torchFill(n, size)
				})
			}
			all.feed(t, p)
			require.NoError(t, p.Run())
			loss, err := p.Scalar("loss")
			require.NoError(t, err)
			assert.InDelta(t, c.Loss, loss, 1e-12)
			for _, e := range l {
				if e.form != again {
					near(t, c.Grads[e.name], e.torchGrad(params), e.name)
				}
				if e.form == biases && e.pair.path != "" {
					want := c.Grads[e.pair.name]
					near(t, want[len(want)-e.pair.own:], params.Get(e.pair.path).Grads(), e.pair.name)
				}
			}
			key.Train = false
			q, err := graph.Build(params, key, func(g *graph.Builder) { g.Output("logits", m.taught(g)) })
			require.NoError(t, err)
			all.feed(t, q)
			require.NoError(t, q.Run())
			logits, err := q.Float64s("logits")
			require.NoError(t, err)
			near(t, c.Logits, logits, "logits")
		})
	}
}

// near compares tensors relative to their norm.
func near(t *testing.T, want, got []float64, name string) {
	t.Helper()
	require.Len(t, got, len(want), name)
	norm, away := 0.0, 0.0
	for i := range want {
		norm += want[i] * want[i]
		away += (want[i] - got[i]) * (want[i] - got[i])
	}
	assert.LessOrEqual(t, math.Sqrt(away), 1e-12*math.Sqrt(norm), name)
}

// feed sets the inputs that a program knows.
func (all torchTranslators) feed(t *testing.T, p *graph.Program) {
	t.Helper()
	for name, ids := range map[string][][]int{"source": all.Source, "input": all.Input, "target": all.Target, "lens": {all.Lens}} {
		if p.Shape(name) != nil {
			require.NoError(t, p.SetIDs(name, slices.Concat(ids...)))
		}
	}
	if p.Shape("weight") != nil {
		require.NoError(t, p.SetFloat64s("weight", slices.Concat(all.Weight...)))
	}
}
