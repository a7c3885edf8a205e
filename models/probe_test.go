package models_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// probed is longer than two windows of a probe.
var probed = strings.Repeat(english, 6)

// TestWatchSeesTheModel: the surprises are those of Score, and the gates are those of the cell's
// equations from token to token, also from window to window.
func TestWatchSeesTheModel(t *testing.T) {
	for name, c := range variants {
		t.Run(name, func(t *testing.T) {
			m := newModel(t, c, english)
			r, err := m.Record(probed)
			require.NoError(t, err)
			ids, err := m.Vocab.Encode(probed)
			require.NoError(t, err)
			require.Len(t, r.Tokens, len(ids)-1)
			assert.Equal(t, probed[:len(probed)-1], strings.Join(r.Tokens, ""))

			score, err := m.Score(ids[:len(ids)-1], 1)
			require.NoError(t, err)
			assert.True(t, math.IsNaN(r.Nats[0]))
			sum := 0.0
			for _, n := range r.Nats[1:] {
				sum += n
			}
			assert.InEpsilon(t, score.Nats, sum/float64(len(r.Nats)-1), 1e-5)
			for layer := range c.Layers {
				checkCell(t, r, c.Cell, fmt.Sprintf("rnn/layer%d/", layer), c.Hidden)
			}
		})
	}
}

// checkCell recomputes states from gates.
func checkCell(t *testing.T, r *models.Recording, cell, scope string, hidden int) {
	t.Helper()
	get := func(name string, u int) []float64 {
		x, err := r.Unit(scope+name, u)
		require.NoError(t, err)
		return x
	}
	for u := range hidden {
		h := get("h", u)
		for k := 1; k < len(h); k++ {
			switch cell {
			case "lstm":
				c := get("f", u)[k]*get("c", u)[k-1] + get("i", u)[k]*get("u", u)[k]
				require.InDelta(t, c, get("c", u)[k], 1e-6)
				require.InDelta(t, get("o", u)[k]*math.Tanh(c), h[k], 1e-6)
			case "gru":
				z := get("z", u)[k]
				require.InDelta(t, (1-z)*get("n", u)[k]+z*h[k-1], h[k], 1e-6)
			default:
				require.Less(t, math.Abs(h[k]), 1.0)
			}
			if k == 3 {
				k = 125 // and around the border of two windows
			}
			if k == 131 {
				break
			}
		}
	}
}

// planted is an RNN of one-hot characters whose unit 1 sees spaces, and whose unit 2 latches: on
// at an opening bracket, off at a closing one.
func planted(t *testing.T, text string) *models.CharLM {
	t.Helper()
	m, err := models.NewCharLM(models.Config{Cell: "rnn", Hidden: 4, Layers: 1}, vocabOf(t, text), 3)
	require.NoError(t, err)
	Wx, Wh := m.Params.Get("rnn/layer0/Wx").Values(), make([]float64, 16)
	for id := range m.Vocab.Len() {
		r, _ := m.Vocab.(*datasets.Vocab).Rune(id)
		Wx[id*4+1], Wx[id*4+2] = -10, 0
		switch r {
		case ' ':
			Wx[id*4+1] = 10
		case '(':
			Wx[id*4+2] = 12
		case ')':
			Wx[id*4+2] = -12
		}
	}
	Wh[2*4+2] = 5
	require.NoError(t, m.Params.Set("rnn/layer0/Wx", Wx))
	require.NoError(t, m.Params.Set("rnn/layer0/Wh", Wh))
	return m
}

// TestFindUnits: units that were planted are found, and hold where they were not searched.
func TestFindUnits(t *testing.T) {
	text := ") " + strings.Repeat("the (small) cat (and the other one) sat. ", 20)
	m := planted(t, text)
	found, err := m.FindUnits(text, 2, models.TextFeatures()...)
	require.NoError(t, err)
	first := map[string]models.Found{}
	for _, f := range found {
		if _, seen := first[f.Feature]; !seen {
			first[f.Feature] = f
		}
	}
	space := first["after a space"]
	assert.Equal(t, "rnn/layer0/h", space.Name)
	assert.Equal(t, 1, space.Unit)
	assert.InDelta(t, 1, space.Correlation, 1e-6)
	assert.InDelta(t, 1, space.Held, 1e-6)
	bracket := first["in brackets"]
	assert.Equal(t, 2, bracket.Unit)
	assert.Greater(t, bracket.Held, 0.99)
	assert.NotContains(t, first, "in quotes", "there are none in the text")
	assert.Contains(t, space.String(), "unit 1: +1.000, held back +1.000")

	luck := models.TextFeature{Name: "luck", Of: func(tokens []string) []float64 {
		x := make([]float64, len(tokens))
		for i := range x {
			x[i] = math.Cos(float64(i * i))
		}
		return x
	}}
	found, err = m.FindUnits(text, 1, luck)
	require.NoError(t, err)
	require.Len(t, found, 1)
	assert.Less(t, math.Abs(found[0].Held), 0.15)
}

// TestGates: a forget gate held shut is dead, an output gate held open saturated.
func TestGates(t *testing.T) {
	m := newModel(t, variants["lstm"], english)
	b := m.Params.Get("rnn/layer0/b").Values()
	for u := range 5 {
		b[5+u], b[15+u] = -12, 12
	}
	b[16] = 0
	require.NoError(t, m.Params.Set("rnn/layer0/b", b))
	stats, err := m.Gates(probed)
	require.NoError(t, err)
	by := map[string]models.GateStats{}
	for _, s := range stats {
		by[s.Name] = s
	}
	assert.Len(t, by, 6)
	f, o := by["rnn/layer0/f"], by["rnn/layer0/o"]
	assert.Equal(t, []int{0, 1, 2, 3, 4}, f.Dead)
	assert.Empty(t, f.Saturated)
	assert.InDelta(t, 1, f.Closed, 1e-12)
	assert.Equal(t, []int{0, 2, 3, 4}, o.Saturated)
	assert.InDelta(t, 0.8, o.Open, 0.01)
	assert.Greater(t, o.Mean, 0.8)
	assert.Contains(t, f.String(), "5 dead and 0 saturated of 5 units")
}

// TestProbesRefuse: texts and requests that cannot be.
func TestProbesRefuse(t *testing.T) {
	m := newModel(t, variants["lstm"], english)
	quiet := func(*models.Moments) error { return nil }
	for text, want := range map[string]string{"": "at least 2", "a": "at least 2", "the ω": `rune 'ω' (U+03C9) at byte 4`} {
		assert.ErrorContains(t, m.Watch(text, quiet), want)
		_, err := m.Record(text)
		assert.ErrorContains(t, err, want)
		_, err = m.Gates(text)
		assert.ErrorContains(t, err, want)
		_, err = m.FindUnits(text, 1, models.TextFeatures()...)
		assert.ErrorContains(t, err, want)
	}
	stop := errors.New("enough")
	calls := 0
	assert.ErrorIs(t, m.Watch(probed, func(*models.Moments) error { calls++; return stop }), stop)
	assert.Equal(t, 1, calls)

	r, err := m.Record(english)
	require.NoError(t, err)
	assert.Equal(t, 5, r.Width("rnn/layer0/f"))
	_, err = r.Unit("rnn/layer0/f", 5)
	assert.EqualError(t, err, "models: rnn/layer0/f has the units 0 to 4, not 5")
	_, err = r.Unit("rnn/layer0/f", -1)
	assert.ErrorContains(t, err, "not -1")
	_, err = r.Unit("rnn/layer9/f", 0)
	assert.ErrorContains(t, err, `the record has no value "rnn/layer9/f"; it has ["rnn/layer0/c"`)

	_, err = m.FindUnits(english, 0, models.TextFeatures()...)
	assert.Error(t, err)
	_, err = m.FindUnits(english, 1)
	assert.Error(t, err)
	_, err = m.FindUnits(english, 1, models.TextFeature{Name: "none"})
	assert.ErrorContains(t, err, `feature "none" has no function`)
	_, err = m.FindUnits(english, 1, models.TextFeature{Name: "short", Of: func([]string) []float64 { return nil }})
	assert.ErrorContains(t, err, `feature "short" gives 0 numbers for`)

	_, err = m.Record(strings.Repeat("a", 1<<22))
	assert.ErrorContains(t, err, "use Watch")
}

// TestTextFeatures: what they say of a short text, character by character.
func TestTextFeatures(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name, text string
		want       []float64
	}{
		{"in quotes", `a"b"c“d”`, []float64{0, 1, 1, 0, 0, 1, 1, 0}},
		{"in quotes", "\"a\n\nb", []float64{1, 1, 1, 0, 0}},
		{"in brackets", "(a[b])", []float64{1, 1, 2, 2, 1, 0}},
		{"position in line", "ab\nc", []float64{1, 2, 0, 1}},
		{"capital letter", "aB 가", []float64{0, 1, 0, 0}},
		{"after a space", "a b", []float64{0, 1, 0}},
		{"vowel", "aB 가", []float64{1, 0, nan, nan}},
		{"punctuation", "a.", []float64{0, 1}},
		{"final consonant", "가강a", []float64{0, 1, nan}},
		{"bright vowel", "가거고강", []float64{1, 0, 1, 1}},
	} {
		var tokens []string
		for _, r := range c.text {
			tokens = append(tokens, string(r))
		}
		for _, f := range models.TextFeatures() {
			if f.Name == c.name {
				got := f.Of(tokens)
				require.Len(t, got, len(c.want))
				for i := range got {
					assert.True(t, got[i] == c.want[i] || math.IsNaN(got[i]) && math.IsNaN(c.want[i]), "%s of %q: %v", c.name, c.text, got)
				}
			}
		}
	}
}
