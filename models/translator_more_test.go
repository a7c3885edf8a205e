package models_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// translatorVariants are a configuration of each kind.
func translatorVariants() map[string]models.TranslatorConfig {
	one := func(cell string) models.TranslatorConfig {
		return models.TranslatorConfig{
			Recurrent: models.Recurrent{Cell: cell, Embed: 3, Hidden: 4, Layers: 1}, Attention: "none", Longest: 6, LongestTarget: 5,
		}
	}
	none, dot, general, fed, additive := one("gru"), one("rnn"), one("gru"), one("lstm"), one("gru")
	dot.Attention, dot.Layers = "dot", 2
	general.Attention, general.Bidirectional, general.Width = "general", true, 5
	fed.Attention, fed.Bidirectional, fed.Feed, fed.Width, fed.Tied, fed.DecoderHidden = "general", true, true, 3, true, 6
	additive.Attention, additive.DecoderLayers, additive.AttentionWidth = "bahdanau", 2, 7
	return map[string]models.TranslatorConfig{"none": none, "dot": dot, "general": general, "fed": fed, "bahdanau": additive}
}

func alphabet(t testing.TB, text string) datasets.Tokenizer {
	t.Helper()
	v, err := datasets.NewVocab(datasets.VocabOptions{Unknown: true}, text)
	require.NoError(t, err)
	return v
}

func newTranslator(t testing.TB, c models.TranslatorConfig) *models.Translator {
	t.Helper()
	m, err := models.NewTranslator(c, alphabet(t, "abcd"), alphabet(t, "ABC"), 3)
	require.NoError(t, err)
	for _, p := range m.Params.All() { // further from 0 than at first, so that it has preferences
		x := p.Values()
		for k := range x {
			x[k] = 2*x[k] + 0.3*math.Cos(float64(k+len(p.Path())))
		}
		require.NoError(t, m.Params.Set(p.Path(), x))
	}
	return m
}

// The scores of a search are the log probabilities that the model gives its
// results when it is told them.
func TestTranslationsScores(t *testing.T) {
	texts := []string{"abc", "", "dddddd", "a", "bad", "cab"}
	for name, c := range translatorVariants() {
		t.Run(name, func(t *testing.T) {
			m := newTranslator(t, c)
			found, err := m.Translate(models.Translating{Beam: 6, Best: 6, Penalty: 0.8}, texts...)
			require.NoError(t, err)
			require.Len(t, found, len(texts))
			for i, results := range found {
				require.NotEmpty(t, results)
				for k, r := range results {
					pair, err := m.Parallel(texts[i], "")
					require.NoError(t, err)
					pair.Target = append([]int{}, r.IDs...)
					if r.Ended {
						pair.Target = append(pair.Target, m.Target.Len())
					}
					score, err := m.Score([]models.Parallel{pair})
					require.NoError(t, err)
					assert.InDelta(t, r.LogP, -score.Nats*float64(score.Tokens), 1e-4)
					assert.InDelta(t, r.LogP/math.Pow(float64(5+score.Tokens)/6, 0.8), r.Score, 1e-4)
					assert.False(t, k > 0 && results[k-1].Ended == r.Ended && results[k-1].Score < r.Score, "the best first")
				}
			}
		})
	}
}

// A text is translated alike alone and among others, whatever their lengths.
func TestTranslateBatches(t *testing.T) {
	var texts []string
	for i := range 150 {
		texts = append(texts, strings.Repeat("abcd", 2)[i%4:i%4+i%5])
	}
	m := newTranslator(t, translatorVariants()["general"])
	how := models.Translating{Beam: 3, Best: 2, Looks: true}
	together, err := m.Translate(how, texts...)
	require.NoError(t, err)
	for i := range 20 {
		alone, err := m.Translate(how, texts[i])
		require.NoError(t, err)
		for k, r := range alone[0] {
			assert.Equal(t, r.Text, together[i][k].Text)
			assert.InDelta(t, r.Score, together[i][k].Score, 1e-5)
			require.Len(t, together[i][k].Looks, len(r.Looks))
			for step, row := range r.Looks {
				assert.InDeltaSlice(t, row, together[i][k].Looks[step], 1e-5)
			}
		}
	}
	none, err := m.Translate(how)
	require.NoError(t, err)
	assert.Empty(t, none)
}

// Texts longer than the model was made for are cut, empty ones and unknown
// characters are read.
func TestTranslateExtremes(t *testing.T) {
	for name, c := range translatorVariants() {
		t.Run(name, func(t *testing.T) {
			m := newTranslator(t, c)
			texts := []string{strings.Repeat("abcd", 5000), "abcdab", "", "한국어 ☃", "abcdabcccccc"}
			found, err := m.Translate(models.Translating{Beam: 2}, texts...)
			require.NoError(t, err)
			assert.Equal(t, found[1][0].Text, found[4][0].Text, "only 6 are read")
			for _, r := range found {
				assert.LessOrEqual(t, len(r[0].IDs), c.LongestTarget+1)
			}
			short, err := m.Translate(models.Translating{Longest: 1}, texts...)
			require.NoError(t, err)
			for _, r := range short {
				assert.LessOrEqual(t, len(r[0].IDs), 1)
			}
		})
	}
	m := newTranslator(t, translatorVariants()["dot"])
	long, err := m.Parallel("abcdabcdabcd", "ABCABCABC")
	require.NoError(t, err)
	assert.Len(t, long.Source, 7, "6 and the end")
	assert.Len(t, long.Target, 5, "no end: it does not end there")
	short, err := m.Parallel("", "")
	require.NoError(t, err)
	assert.Equal(t, models.Parallel{Source: []int{5}, Target: []int{4}}, short)
}

func TestTranslateErrors(t *testing.T) {
	m := newTranslator(t, translatorVariants()["none"])
	for name, c := range map[string]struct {
		how  models.Translating
		text string
		want string
	}{
		"UTF-8":     {models.Translating{}, "a\xff", "text 0: datasets: encode"},
		"looks":     {models.Translating{Looks: true}, "a", "a model without attention has looked nowhere"},
		"copy":      {models.Translating{Copy: true}, "a", "a model without attention has looked nowhere"},
		"beam":      {models.Translating{Beam: -1}, "a", "beam must be in [0, "},
		"huge beam": {models.Translating{Beam: 1 << 40}, "a", "beam must be at most "},
		"best":      {models.Translating{Beam: 2, Best: 3}, "a", "best must be in [0, 2]"},
		"penalty":   {models.Translating{Penalty: math.Inf(1)}, "a", "penalty must be in [0, 10]"},
		"longest":   {models.Translating{Longest: -3}, "a", "longest must be in [0, "},
		"sampling":  {models.Translating{Sampling: &models.Sampling{TopK: -1}}, "a", "top-k -1 is negative"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := m.Translate(c.how, c.text)
			require.ErrorContains(t, err, c.want)
		})
	}
	x := m.Params.Get("decoder/out/b").Values()
	x[1] = math.NaN()
	require.NoError(t, m.Params.Set("decoder/out/b", x))
	_, err := m.Translate(models.Translating{Beam: 3}, "a")
	require.ErrorContains(t, err, "models: search: token 1: sentence 0: the log probability of token 0 is NaN")
	good := models.Parallel{Source: []int{0}, Target: []int{0}}
	for want, p := range map[string]models.Parallel{
		"models: pair 1: 0 and 0 tokens of source and target":     {},
		"models: pair 1: 0 and 1 tokens of source and target":     {Target: []int{0}},
		"models: pair 1: 16385 and 1 tokens of source and target": {Source: make([]int, 1<<14+1), Target: []int{0}},
		"models: pair 1: 1 and 16385 tokens of source and target": {Source: []int{0}, Target: make([]int, 1<<14+1)},
	} {
		_, err = m.Score([]models.Parallel{good, p})
		require.ErrorContains(t, err, want)
		_, err = m.Task([]models.Parallel{good, p}, models.TranslatorTraining{})
		require.ErrorContains(t, err, want)
	}
}

// Drawn translations depend on the seed alone.
func TestTranslateSampling(t *testing.T) {
	m := newTranslator(t, translatorVariants()["bahdanau"])
	draw := func(seed uint64) [][]models.Translation {
		found, err := m.Translate(models.Translating{Beam: 20, Best: 20, Sampling: &models.Sampling{Seed: seed}}, "abc", "b")
		require.NoError(t, err)
		require.Len(t, found[1], 20)
		return found
	}
	assert.Equal(t, draw(1), draw(1))
	assert.NotEqual(t, draw(1), draw(2))
}

// Settings that cannot be are named.
func TestTranslatorTrainingErrors(t *testing.T) {
	m := newTranslator(t, translatorVariants()["none"])
	pairs := []models.Parallel{{Source: []int{0, 4}, Target: []int{1, 4}}}
	for want, how := range map[string]models.TranslatorTraining{
		"smoothing must be in [0, 1), got 1":   {Smoothing: 1},
		"own must be in [0, 1], got NaN":       {Own: math.NaN()},
		"own-steps must be at least 0, got -1": {OwnSteps: -1},
		"batches: size -1, bucket 1, pool 0":   {Batch: -1},
	} {
		_, err := m.Task(pairs, how)
		require.ErrorContains(t, err, want)
	}
	_, err := m.Task(nil, models.TranslatorTraining{})
	require.ErrorContains(t, err, "no items")
}

// A batch whose targets are their ends alone has nothing to sample: the first input is the right one.
func TestScheduledSamplingOfEmptyTargets(t *testing.T) {
	m := newTranslator(t, translatorVariants()["none"])
	end, err := m.Parallel("a", "")
	require.NoError(t, err)
	task, err := m.Task([]models.Parallel{end}, models.TranslatorTraining{Batch: 1, Own: 1})
	require.NoError(t, err)
	_, err = task.Next(0)
	require.NoError(t, err)
}

// Words that the target does not have are those of the source at which the decoder looked most, never
// the end of the source, which is no word.
func TestTranslateCopies(t *testing.T) {
	atEnd := 0
	for name, c := range translatorVariants() {
		if c.Attention == "none" {
			continue
		}
		m := newTranslator(t, c)
		bias := m.Params.Get("decoder/out/b").Values()
		bias[3] += 100 // the unknown of "ABC" is written until there is no more room
		require.NoError(t, m.Params.Set("decoder/out/b", bias))
		texts := []string{"a", "ab", "dcba", "bbbca", ""}
		found, err := m.Translate(models.Translating{Copy: true, Looks: true}, texts...)
		require.NoError(t, err)
		for i, text := range texts {
			r := found[i][0]
			var want strings.Builder
			for _, look := range r.Looks {
				best := 0
				for s := range len(look) - 1 {
					if look[s] > look[best] {
						best = s
					}
				}
				if look[len(look)-1] > look[best] {
					atEnd++
				}
				if text == "" {
					want.WriteString("\uFFFD") // nothing to copy
				} else {
					want.WriteByte(text[best])
				}
			}
			assert.Equal(t, want.String(), r.Text, "%s: %q", name, text)
		}
	}
	assert.Positive(t, atEnd, "steps that look at the end most")
}
