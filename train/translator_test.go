package train_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
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

// smallTranslator is a configuration that learns the reversal of short words in seconds.
func smallTranslator() models.TranslatorConfig {
	return models.TranslatorConfig{
		Recurrent: models.Recurrent{Cell: "gru", Embed: 16, Hidden: 32, Layers: 1, Bidirectional: true},
		Attention: "general", Width: 32, Longest: 20, LongestTarget: 20,
	}
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

// A translator learns to reverse words that it has not seen.
func TestTranslatorLearnsToReverse(t *testing.T) {
	pairs := reversed(2200)
	m, all := translatorOf(t, smallTranslator(), pairs)
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

// Unknown words are copied from where the decoder has looked: after it has learnt
// to copy, names that it has never seen come through.
func TestTranslateCopiesUnknownWords(t *testing.T) {
	var pairs []datasets.Pair
	names := strings.Fields("ann bob eve tom kim lee ida max joe sue pat ray amy leo una zoe rare1 rare2 rare3 rare4")
	for i := range 1200 {
		a, b := names[i%20], names[(i*7+i/20)%20]
		pairs = append(pairs, datasets.Pair{Source: "from " + a + " to " + b, Target: "de " + a + " a " + b})
	}
	words := func(side func(datasets.Pair) string, opt datasets.WordsOptions) datasets.Tokenizer {
		var texts []string
		for _, p := range pairs {
			texts = append(texts, side(p))
		}
		w, err := datasets.NewWords(opt, texts...)
		require.NoError(t, err)
		return w
	}
	c := smallTranslator()
	c.Dropout = 0.1
	source := words(func(p datasets.Pair) string { return p.Source }, datasets.WordsOptions{Max: 19})
	target := words(func(p datasets.Pair) string { return p.Target }, datasets.WordsOptions{Max: 19})
	m, err := models.NewTranslator(c, source, target, 1)
	require.NoError(t, err)
	work, err := m.Task(parallelOf(t, m, pairs), models.TranslatorTraining{Batch: 32, Seed: 1})
	require.NoError(t, err)
	loop := train.Loop{Task: work, Optimiser: &train.Adam{Rate: 1e-2}, Clip: 5, Steps: 250, Schedule: train.Cosine(250, 0, 0.1)}
	_, err = loop.Run(t.Context())
	require.NoError(t, err)
	found, err := m.Translate(models.Translating{Copy: true}, "from ann to Unseen", "from Nobody to bob")
	require.NoError(t, err)
	assert.Equal(t, "de ann a Unseen", found[0][0].Text)
	assert.Equal(t, "de Nobody a bob", found[1][0].Text)
	assert.Equal(t, []string{"from", "ann", "to", "Unseen", ""}, found[0][0].SourceText)
	assert.Equal(t, []string{"de", "ann", "a", "Unseen"}, found[0][0].TargetText)
	plain, err := m.Translate(models.Translating{}, "from ann to Unseen")
	require.NoError(t, err)
	assert.Equal(t, "de ann a \uFFFD", plain[0][0].Text)
}

// seqRun trains a translator with all that depends on the step: dropout, label
// smoothing, scheduled sampling, the order of the pairs.
func seqRun(t *testing.T, c models.TranslatorConfig) (*models.Translator, *train.Loop) {
	t.Helper()
	c.Dropout, c.Longest, c.LongestTarget = 0.2, 20, 20
	m, pairs := translatorOf(t, c, reversed(50))
	task, err := m.Task(pairs, models.TranslatorTraining{Batch: 8, Seed: 3, Smoothing: 0.1, Own: 0.5, OwnSteps: 10})
	require.NoError(t, err)
	return m, &train.Loop{Task: task, Optimiser: &train.Adam{Rate: 1e-2}, Clip: 1, Steps: 12}
}

// The same bits for any number of workers, and for a training that was
// interrupted and resumed.
func TestTranslatorTrainingIsExact(t *testing.T) {
	for _, attention := range models.Attentions() {
		t.Run(attention, func(t *testing.T) {
			c := smallTranslator()
			c.Attention, c.DecoderHidden, c.Feed = attention, 64, attention == "general"
			whole, loop := seqRun(t, c)
			_, err := loop.Run(t.Context())
			require.NoError(t, err)

			old := runtime.GOMAXPROCS(1)
			defer runtime.GOMAXPROCS(old)
			part, loop := seqRun(t, c)
			ctx, cancel := context.WithCancel(t.Context())
			loop.On = append(loop.On, func(e train.Event) error {
				if e.Step == 5 {
					cancel()
				}
				return nil
			})
			var file bytes.Buffer
			loop.Save = func() error { return loop.Checkpoint(&file, "") }
			_, err = loop.Run(ctx)
			require.NoError(t, err)
			assert.NotEqual(t, bits(whole.Params), bits(part.Params))
			resumed, loop := seqRun(t, c)
			require.NoError(t, loop.Resume(&file, ""))
			_, err = loop.Run(t.Context())
			require.NoError(t, err)
			assert.Equal(t, bits(whole.Params), bits(resumed.Params))
		})
	}
}
