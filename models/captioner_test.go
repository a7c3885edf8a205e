package models_test

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/graph/gradcheck"
	"github.com/unroll-go/unroll/models"
)

// captionerVariants are one configuration for each way of seeing.
func captionerVariants() map[string]models.CaptionerConfig {
	r := func(cell string, layers int) models.Recurrent {
		return models.Recurrent{Cell: cell, Embed: 3, Hidden: 4, Layers: layers}
	}
	pictures := func(r models.Recurrent, attention string) models.CaptionerConfig {
		return models.CaptionerConfig{
			Recurrent: r, Height: 6, Width: 5, Channels: 3, Blocks: []int{2, 4}, Norm: true, Attention: attention, Longest: 6,
		}
	}
	two := pictures(r("rnn", 1), "none")
	two.Convs, two.Norm, two.Channels = 2, false, 1
	blind := pictures(r("lstm", 1), "none")
	blind.Blind = true
	return map[string]models.CaptionerConfig{
		"lstm":            pictures(r("lstm", 2), "none"),
		"rnn, two convs":  two,
		"gru, bahdanau":   pictures(r("gru", 1), "bahdanau"),
		"lstm, general":   pictures(r("lstm", 2), "general"),
		"lstm, dot":       pictures(r("lstm", 1), "dot"),
		"blind":           blind,
		"gru of features": {Recurrent: r("gru", 2), Features: 5, Attention: "none", Longest: 6},
	}
}

// newCaptioner is an untrained captioner whose parameters are all spread.
func newCaptioner(t testing.TB, c models.CaptionerConfig) *models.Captioner {
	t.Helper()
	tokens, err := datasets.NewWords(datasets.WordsOptions{Exact: true}, "a red dot a blue bar two dots")
	require.NoError(t, err)
	m, err := models.NewCaptioner(c, tokens, 7)
	require.NoError(t, err)
	spread(t, m.Params)
	return m
}

// checkered is a picture of the given size whose pixels follow from seed.
func checkered(h, w, channels, seed int) datasets.Image {
	m := datasets.Image{Height: h, Width: w, Channels: channels, Pix: make([]byte, h*w*channels)}
	for i := range m.Pix {
		m.Pix[i] = byte(128 + 120*math.Cos(float64(i*i%97+31*seed)))
	}
	return m
}

// seenExample is what a model sees of something that follows from seed.
func seenExample(t testing.TB, m *models.Captioner, seed int, caption string) models.Pictured {
	t.Helper()
	c := m.Config
	var x models.Pictured
	var err error
	if c.Features > 0 {
		v := make([]float32, c.Features)
		for i := range v {
			v[i] = float32(math.Cos(float64(i + 3*seed)))
		}
		x, err = m.FeaturesExample(v, caption)
	} else {
		x, err = m.Example(checkered(c.Height, c.Width, c.Channels, seed), caption)
	}
	require.NoError(t, err)
	return x
}

// The gradient of a whole captioner, smoothing and dropout included, is the
// central difference.
func TestCaptionerGradients(t *testing.T) {
	for name, c := range captionerVariants() {
		t.Run(name, func(t *testing.T) {
			c.Dropout = 0.2
			network, err := c.Network(5)
			require.NoError(t, err)
			network.Smoothing = 0.1
			set := func(p *graph.Program) error {
				for _, in := range []string{"input", "target"} {
					ids := make([]int, 4*3)
					for i := range ids {
						ids[i] = (i*i + len(in)) % 6
					}
					if err := p.SetIDs(in, ids); err != nil {
						return err
					}
				}
				for _, in := range []string{"images", "features"} {
					if !slices.Contains(p.Names(), in) {
						continue
					}
					x := make([]float64, numbers(p.Shape(in)))
					for i := range x {
						x[i] = math.Cos(float64(i*i%89 + i))
					}
					if err := p.SetFloat64s(in, x); err != nil {
						return err
					}
				}
				return p.SetFloat64s("weight", []float64{1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 0})
			}
			ps := graph.NewParams64(3)
			_, err = graph.Build(ps, graph.Key{B: 3, T: 4}, network.Train) // declares the parameters
			require.NoError(t, err)
			spread(t, ps) // no value is where ReLU has a corner
			require.NoError(t, gradcheck.Check(ps, graph.Key{B: 3, T: 4}, network.Train, gradcheck.Options{Set: set, Step: 2e-6}))
		})
	}
}

// numbers is the number of elements of a shape.
func numbers(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// What is searched is what is scored: the log probability of a caption is that
// of its tokens under teacher forcing; attention weights are a distribution; a
// file gives the same captions.
func TestCaptionerSaysWhatItScores(t *testing.T) {
	for name, c := range captionerVariants() {
		t.Run(name, func(t *testing.T) {
			m := newCaptioner(t, c)
			seen := []models.Pictured{seenExample(t, m, 1, ""), seenExample(t, m, 2, "")}
			found, err := m.Describe(models.Search{Beam: 3, Best: 3}, seen)
			require.NoError(t, err)
			require.Len(t, found, 2)
			for i, best := range found {
				require.Len(t, best, 3)
				for _, q := range best {
					if !q.Ended {
						continue
					}
					x := seen[i]
					x.IDs = q.IDs
					s, err := m.Score([]models.Pictured{x})
					require.NoError(t, err)
					assert.InDelta(t, -q.LogP, s.Nats*float64(s.Tokens), 1e-4)
					assert.NotContains(t, q.IDs, m.Tokens.Len()-1, "what the tokenizer does not know is never said")
					checkAttention(t, m, x)
				}
			}
			again, err := models.LoadCaptioner(bytes.NewReader(savedCaptioner(t, m)))
			require.NoError(t, err)
			same, err := again.Describe(models.Search{Beam: 3, Best: 3}, seen)
			require.NoError(t, err)
			assert.Equal(t, found, same)
			assert.Equal(t, bits(m.Params), bits(again.Params))
		})
	}
}

func checkAttention(t *testing.T, m *models.Captioner, x models.Pictured) {
	weights, err := m.Attention(x)
	if m.Config.Attention == "none" {
		require.EqualError(t, err, "models: the model has no attention")
		return
	}
	require.NoError(t, err)
	require.Len(t, weights, len(x.IDs)+1)
	h, w := m.Maps()
	for _, row := range weights {
		require.Len(t, row, h*w)
		sum := 0.0
		for _, a := range row {
			sum += a
		}
		assert.InDelta(t, 1, sum, 1e-5)
	}
}

func savedCaptioner(t testing.TB, m *models.Captioner) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, m.Save(&b))
	return b.Bytes()
}
