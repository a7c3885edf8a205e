package models_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/models"
)

// TestLookInside: for every kind of model the terms sum to the gradient, the loss is the surprise
// that Watch sees, and the triangle is one.
func TestLookInside(t *testing.T) {
	text := english[:12]
	for name, c := range variants {
		t.Run(name, func(t *testing.T) {
			m := newModel(t, c, english)
			version := m.Params.Version()
			in, err := m.LookInside(text, models.Look{All: true, Routes: true})
			require.NoError(t, err)
			assert.Equal(t, version, m.Params.Version(), "the model is as it was")
			r, err := m.Record(text + "a")
			require.NoError(t, err)
			require.Len(t, in.Paths.Losses, len(text)-1)
			for k, l := range in.Paths.Losses {
				assert.LessOrEqual(t, l.Gap, 1e-12)
				assert.InEpsilon(t, r.Nats[k+1], l.Value, 1e-4)
				for s := range in.Paths.States {
					for j, x := range l.States[s] {
						assert.Equal(t, j > k, math.IsNaN(x), "E_%d, step %d", k, j)
					}
				}
			}
			require.NotNil(t, in.Memory)
			assert.Len(t, in.Memory.Of[0].Lags, len(text))
			gates := map[string]int{"rnn": 1, "lstm": 4, "gru": 3}[c.Cell]
			require.Len(t, in.Radius, gates)
			assert.InDelta(t, 1, in.Radius[0], 0.9)
			assert.Contains(t, in.String(), "spectral radius of Wh")
		})
	}
}

func TestLookInsideRefuses(t *testing.T) {
	m := newModel(t, variants["lstm"], english)
	for _, c := range []struct {
		text string
		of   models.Look
		want string
	}{
		{"", models.Look{}, "at least 2 tokens"},
		{"the ω", models.Look{}, "rune 'ω'"},
		{"the cat", models.Look{At: []int{6}}, `the loss "nats" has no step 6; it has the steps 0 to 5`},
		{"the cat", models.Look{Param: "rnn/layer1/Wh"}, `uses no parameter "rnn/layer1/Wh"; it has ["embed/E"`},
		{"the cat", models.Look{Scope: "rnn/layer1"}, `no state is handed from step to step in the scope "rnn/layer1"; there are ["rnn/layer0"]`},
		{strings.Repeat("a", 100_001), models.Look{}, "paths over 100000 steps"},
	} {
		_, err := m.LookInside(c.text, c.of)
		assert.ErrorContains(t, err, c.want)
	}
}

// TestPCA: points on a line with a little width, seen by way of either matrix.
func TestPCA(t *testing.T) {
	for _, d := range []int{3, 40} { // fewer numbers than vectors, and more
		var vectors [][]float64
		for i := range 10 {
			v := make([]float64, d)
			v[0], v[1], v[2] = 5-3*float64(i), 1+4*float64(i), 0.1*float64(i%2)
			vectors = append(vectors, v)
		}
		p, err := models.PCA(vectors, 2)
		require.NoError(t, err)
		require.Len(t, p.Points, 10)
		for i, x := range p.Points { // the direction is (-3, 4)/5, its largest part positive
			assert.InDelta(t, 5*(float64(i)-4.5), x[0], 0.05)
			assert.InDelta(t, 0.1*float64(i%2)-0.05, x[1], 0.02)
		}
		assert.Greater(t, p.Explained[0], 0.999)
		assert.Less(t, p.Explained[0]+p.Explained[1], 1+1e-12)
	}
	same, err := models.PCA([][]float64{{1, 2}, {1, 2}, {1, 2}}, 1)
	require.NoError(t, err)
	assert.Equal(t, []float64{0}, same.Explained)
	for _, bad := range []struct {
		vectors [][]float64
		k       int
	}{{nil, 1}, {[][]float64{{1}}, 1}, {[][]float64{{1, 2}, {1}}, 1}, {[][]float64{{1}, {2}}, 2}, {[][]float64{{1}, {2}}, 0}, {[][]float64{{1}, {math.NaN()}}, 1}, {[][]float64{{}, {}}, 1}} {
		_, err := models.PCA(bad.vectors, bad.k)
		assert.ErrorContains(t, err, "models: ")
	}
}

// TestCharLMNeighbours: characters whose vectors were made alike are near.
func TestCharLMNeighbours(t *testing.T) {
	m := newModel(t, variants["rnn"], english)
	_, vectors, err := m.Vectors()
	require.NoError(t, err)
	ids, err := m.Vocab.Encode("ad")
	require.NoError(t, err)
	var E []float64
	for id, v := range vectors {
		for i, x := range v {
			if id == ids[1] {
				x = 3*vectors[ids[0]][i] + 0.001
			}
			E = append(E, x)
		}
	}
	require.NoError(t, m.Params.Set("embed/E", E))
	near, err := m.Neighbours("a", 3)
	require.NoError(t, err)
	require.Len(t, near, 3)
	assert.Equal(t, "d", near[0].Word)
	assert.InDelta(t, 1, near[0].Similarity, 1e-3)
	all, err := m.Neighbours("a", 1000)
	require.NoError(t, err)
	assert.Len(t, all, m.Vocab.Len()-1)
	for text, want := range map[string]string{"": "0 tokens", "ab": "rune", "at": "2 tokens"} {
		_, err := m.Neighbours(text, 1)
		assert.ErrorContains(t, err, want)
	}
	_, err = newModel(t, variants["rnn one-hot"], english).Neighbours("a", 1)
	assert.ErrorContains(t, err, "one-hot")
}
