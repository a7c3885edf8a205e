package models_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// translatorOf is an untrained translator of characters for pairs.
func translatorOf(t testing.TB, c models.TranslatorConfig, pairs []datasets.Pair) (*models.Translator, []models.Parallel) {
	t.Helper()
	var texts [2][]string
	for _, p := range pairs {
		texts[0], texts[1] = append(texts[0], p.Source), append(texts[1], p.Target)
	}
	var tokens [2]datasets.Tokenizer
	for i := range tokens {
		v, err := datasets.NewVocab(datasets.VocabOptions{Unknown: true}, texts[i]...)
		require.NoError(t, err)
		tokens[i] = v
	}
	m, err := models.NewTranslator(c, tokens[0], tokens[1], 1)
	require.NoError(t, err)
	return m, parallelOf(t, m, pairs)
}

func parallelOf(t testing.TB, m *models.Translator, pairs []datasets.Pair) (out []models.Parallel) {
	t.Helper()
	for _, p := range pairs {
		pair, err := m.Parallel(p.Source, p.Target)
		require.NoError(t, err)
		out = append(out, pair)
	}
	return out
}

// small is a configuration that learns the reversal of short words in seconds.
func small() models.TranslatorConfig {
	return models.TranslatorConfig{
		Recurrent: models.Recurrent{Cell: "gru", Embed: 16, Hidden: 32, Layers: 1, Bidirectional: true},
		Attention: "general", Width: 32, Longest: 20, LongestTarget: 20,
	}
}

// A translator learns to reverse words that it has not seen.
func TestTranslatorLearnsToReverse(t *testing.T) {
	pairs := reversed(2200)
	m, all := translatorOf(t, small(), pairs)
	work, err := m.Task(all[:2000], models.TranslatorTraining{Batch: 32, Seed: 1})
	require.NoError(t, err)
	loop := train.Loop{Task: work, Optimiser: &train.Adam{Rate: 5e-3}, Clip: 5, Steps: 500, Schedule: train.Cosine(500, 0, 0.1)}
	_, err = loop.Run(t.Context())
	require.NoError(t, err)
	var sources, targets []string
	for _, p := range pairs[2000:] {
		sources, targets = append(sources, p.Source), append(targets, p.Target)
	}
	found, err := m.Translate(models.Translating{Beam: 3}, sources...)
	require.NoError(t, err)
	right := 0
	for i := range found {
		if found[i][0].Text == targets[i] {
			right++
		}
	}
	t.Logf("%d of 200 right", right)
	assert.Greater(t, float64(right)/200, 0.9)
}

// reversed are words of 3 to 7 of 8 letters with their reversals.
func reversed(n int) []datasets.Pair {
	rng := rand.New(rand.NewPCG(1, 1))
	pairs := make([]datasets.Pair, n)
	for i := range pairs {
		word := make([]byte, 3+rng.IntN(5))
		for k := range word {
			word[k] = 'a' + byte(rng.IntN(8))
		}
		pairs[i].Source = string(word)
		slices.Reverse(word)
		pairs[i].Target = string(word)
	}
	return pairs
}
