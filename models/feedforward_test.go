package models_test

import (
	"bytes"
	"errors"
	"maps"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/graph/gradcheck"
	"github.com/unroll-go/unroll/models"
)

// TestPerceptronGradients compares with central differences in float64: every
// activation, numbers and classes, with and without hidden layers, a row of weight 0.
func TestPerceptronGradients(t *testing.T) {
	for _, f := range models.Activations() {
		for _, layers := range []int{0, 1, 2} {
			for _, classes := range []bool{false, true} {
				m := models.Perceptron{In: 3, Hidden: 4, Layers: layers, Out: 2, Activation: f, Classes: classes}
				set := func(p *graph.Program) error {
					target := p.SetFloat64s
					err := errors.Join(p.SetFloat64s("x", []float64{1, -2, 0.5, 0.3, 0.7, -1, 2, 1, 1}), p.SetFloat64s("weight", []float64{1, 2, 0}))
					if classes {
						return errors.Join(err, p.SetIDs("target", []int{1, 0, 1}))
					}
					return errors.Join(err, target("target", []float64{1, 2, -1, 0, 5, 5}))
				}
				require.NoError(t, gradcheck.Check(graph.NewParams64(3), graph.Key{B: 3}, m.Train, gradcheck.Options{Set: set}),
					"%s, %d layers, classes %t", f, layers, classes)
			}
		}
	}
}

// numberModel answers 2 numbers with one, labelModel with one of three labels.
func numberModel(t testing.TB, layers int) *models.FeedForward {
	t.Helper()
	m, err := models.NewFeedForward(models.FeedForwardConfig{Hidden: 4, Layers: layers, Activation: "tanh"}, models.FeedForwardColumns{
		Inputs: []string{"a", "b"}, Answer: "y",
		Scale: &datasets.Scaler{Kind: datasets.Standard, Shift: []float64{10, 0}, Scale: []float64{2, 1}},
		Unit:  &datasets.Scaler{Kind: datasets.Standard, Shift: []float64{100}, Scale: []float64{5}},
	}, 1)
	require.NoError(t, err)
	return m
}

func labelModel(t testing.TB) *models.FeedForward {
	t.Helper()
	columns := numberModel(t, 1).Columns
	columns.Unit, columns.Labels = nil, []string{"high", "low", "none"}
	m, err := models.NewFeedForward(models.FeedForwardConfig{Hidden: 4, Layers: 2, Activation: "relu"}, columns, 1)
	require.NoError(t, err)
	return m
}

// Without hidden layers the answer is the formula y = x·W + b, in the units of the
// data; a missing number counts as the mean.
func TestFeedForwardAnswers(t *testing.T) {
	m := numberModel(t, 0)
	require.NoError(t, m.Params.Set("out/W", []float64{3, -1}))
	require.NoError(t, m.Params.Set("out/b", []float64{0.5}))
	got, err := m.Answers([][]float64{{12, 4}, {math.NaN(), 0}})
	require.NoError(t, err)
	assert.InDelta(t, 100+5*(3*1-4+0.5), got[0][0], 1e-4)
	assert.InDelta(t, 100+5*0.5, got[1][0], 1e-4)
	_, err = m.Answers([][]float64{{1, 2, 3, 4}})
	assert.ErrorContains(t, err, "row 0: 2 numbers wanted, got 4")

	many := make([][]float64, 600) // more than are answered at once
	for i := range many {
		many[i] = []float64{float64(i), 1}
	}
	label := labelModel(t)
	all, err := label.Answers(many)
	require.NoError(t, err)
	require.Len(t, all, 600)
	one, err := label.Answers(many[599:])
	require.NoError(t, err)
	assert.InDeltaSlice(t, one[0], all[599], 1e-6)
	assert.InDelta(t, 1, one[0][0]+one[0][1]+one[0][2], 1e-6)
	require.NoError(t, label.Params.Set("out/b", []float64{math.NaN(), 0, 0}))
	_, err = label.Answers(many)
	assert.ErrorContains(t, err, "the model's answer is not a finite number")
}

func TestFeedForwardTaskRefuses(t *testing.T) {
	m := numberModel(t, 1)
	for want, e := range map[string]datasets.Numeric{
		"example 0: 2 numbers wanted, got 1":            {X: []float64{1}, Y: []float64{1}},
		"example 0: one finite number to answer wanted": {X: []float64{1, 2}},
		"one finite number to answer wanted, got [NaN]": {X: []float64{1, 2}, Y: []float64{math.NaN()}},
	} {
		_, err := m.Task([]datasets.Numeric{e}, models.Training{Batch: 2, Seed: 1})
		assert.ErrorContains(t, err, want)
	}
	_, err := labelModel(t).Task([]datasets.Numeric{{X: []float64{1, 2}, Label: 3}}, models.Training{Batch: 2, Seed: 1})
	assert.ErrorContains(t, err, "class 3 is outside [0, 3)")
	_, err = m.Task(nil, models.Training{Batch: 2, Seed: 1})
	assert.ErrorContains(t, err, "no items")
}

func savedFeedForward(t testing.TB, m *models.FeedForward) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, m.Save(&b))
	return b.Bytes()
}

func TestFeedForwardSaveLoad(t *testing.T) {
	for _, m := range []*models.FeedForward{numberModel(t, 0), numberModel(t, 2), labelModel(t)} {
		data := savedFeedForward(t, m)
		got, err := models.LoadFeedForward(bytes.NewReader(data))
		require.NoError(t, err)
		assert.Equal(t, m.Columns, got.Columns)
		assert.Equal(t, m.Config, got.Config)
		assert.Equal(t, bits(m.Params), bits(got.Params))
		assert.Equal(t, data, savedFeedForward(t, got))
	}
	good := read(t, savedFeedForward(t, labelModel(t)))
	shape := map[string][]int{}
	for _, x := range good.Tensors {
		shape[x.Name] = x.Shape
	}
	assert.Equal(t, map[string][]int{
		"layer0.weight": {4, 2}, "layer0.bias": {4}, "layer1.weight": {4, 4}, "layer1.bias": {4}, "out.weight": {3, 4}, "out.bias": {3},
	}, shape, "PyTorch's names and layout")

	const scale = `"inputs":["a","b"],"scale":{"kind":"standard","shift":[1,1],"scale":[1,1]}`
	for name, c := range map[string]struct{ key, value, want string }{
		"other kind":    {"unroll.kind", "words/1", `"feedforward/1" wanted`},
		"layers 2^40":   {"unroll.config", `{"hidden":4,"layers":1099511627776,"activation":"relu"}`, "layers must be in [0, 64]"},
		"layers -1":     {"unroll.config", `{"hidden":4,"layers":-1,"activation":"relu"}`, "layers must be in [0, 64]"},
		"hidden 0":      {"unroll.config", `{"hidden":0,"layers":1,"activation":"relu"}`, "hidden must be in [1, 65536]"},
		"hidden 5":      {"unroll.config", `{"hidden":5,"layers":2,"activation":"relu"}`, "layer0.weight: shape [5 2] wanted, got [4 2]"},
		"activation":    {"unroll.config", `{"hidden":4,"layers":2,"activation":"gelu"}`, `activation "gelu" is unknown`},
		"dropout":       {"unroll.config", `{"hidden":4,"layers":2,"activation":"relu","dropout":1}`, "dropout must be in [0, 1)"},
		"no columns":    {"unroll.columns", `{}`, "1 to 65536 inputs and their scale wanted, got 0"},
		"no answer":     {"unroll.columns", `{` + scale + `}`, "either labels or a unit wanted"},
		"one label":     {"unroll.columns", `{` + scale + `,"labels":["a"]}`, "at least 2 labels wanted"},
		"four labels":   {"unroll.columns", `{` + scale + `,"labels":["a","b","c","d"]}`, "out.weight: shape [4 4] wanted, got [3 4]"},
		"unsorted":      {"unroll.columns", `{` + scale + `,"labels":["b","a"]}`, "sorted and distinct labels wanted"},
		"two units":     {"unroll.columns", `{` + scale + `,"unit":{"kind":"standard","shift":[1,1],"scale":[1,1]}}`, "a unit for 1 answer wanted, got one for 2"},
		"scale 0":       {"unroll.columns", `{"inputs":["a"],"scale":{"kind":"standard","shift":[1],"scale":[0]},"labels":["a","b"]}`, "a scale above 0"},
		"narrow scale":  {"unroll.columns", `{"inputs":["a","b"],"scale":{"kind":"standard","shift":[1],"scale":[1]},"labels":["a","b"]}`, "a scale for 2 inputs, got one for 1"},
		"scale is null": {"unroll.columns", `{"inputs":["a"],"scale":null,"labels":["a","b"]}`, "their scale wanted"},
	} {
		f := read(t, savedFeedForward(t, labelModel(t)))
		f.Metadata = maps.Clone(f.Metadata)
		f.Metadata[c.key] = c.value
		_, err := models.LoadFeedForward(bytes.NewReader(write(t, f)))
		require.ErrorIs(t, err, models.ErrFormat, name)
		assert.ErrorContains(t, err, c.want, name)
	}
}

// A file from anywhere is an error or a model that answers.
func FuzzLoadFeedForward(f *testing.F) {
	f.Add(savedFeedForward(f, numberModel(f, 1)))
	f.Add(savedFeedForward(f, labelModel(f)))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := models.LoadFeedForward(bytes.NewReader(data))
		if err != nil {
			require.Nil(t, m)
			return
		}
		_, _ = m.Answers([][]float64{make([]float64, len(m.Columns.Inputs))}) // NaN weights are an error
	})
}
