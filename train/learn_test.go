package train_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// remember is lines of one of four letters at random, six dashes, and the same
// letter in upper case. Whoever remembers the letter for seven steps has to guess
// one of nine characters, ln 4 / 9 = 0.154 nats for each. Whoever only counts the
// dashes guesses two, 0.308. N-grams of at most four do not count either: after
// three dashes comes another three times in four, 4·H(1/4) / 9 more, 0.558.
func remember(lines int, seed uint64) string {
	rng := rand.New(rand.NewPCG(seed, 0))
	var b strings.Builder
	for range lines {
		letter := string("abcd"[rng.IntN(4)])
		b.WriteString(letter + "------" + strings.ToUpper(letter) + "\n")
	}
	return b.String()
}

// TestLearnsToRemember: cells with gates beat the n-grams' baseline, and
// counting too, within seconds: they are nearer to the optimum than to 0.308.
func TestLearnsToRemember(t *testing.T) {
	text := remember(500, 1)
	vocab, err := datasets.NewVocab(datasets.VocabOptions{}, text)
	require.NoError(t, err)
	ids, err := vocab.Encode(text)
	require.NoError(t, err)
	fit, valid, err := datasets.Split(ids, 0.9)
	require.NoError(t, err)
	_, baseline, err := datasets.NGramBaseline(fit, valid, vocab.Len())
	require.NoError(t, err)
	optimum := math.Log(4) / 9
	require.InDelta(t, 2*optimum+4*(math.Log(4)-3*math.Log(3)/4)/9, baseline, 0.02, "the baseline is what theory says")

	for _, cell := range []string{"lstm", "gru"} {
		t.Run(cell, func(t *testing.T) {
			m, err := models.NewCharLM(models.Config{Cell: cell, Embed: 8, Hidden: 16, Layers: 1}, vocab, 1)
			require.NoError(t, err)
			task, err := m.Task(fit, 8, 18)
			require.NoError(t, err)
			loop := train.Loop{
				Task: task, Optimiser: train.NewAdam(0.02), Schedule: train.Cosine(1000, 20, 0.1), Clip: 1, Steps: 1000,
				Validate: func() (float64, error) { s, err := m.Score(valid, 1); return s.Nats, err },
			}
			report, err := loop.Run(t.Context())
			require.NoError(t, err)
			t.Logf("%.3f nats; n-grams %.3f, optimum %.3f; %v", report.Best, baseline, optimum, report.Elapsed)
			assert.Less(t, report.Best, baseline)
			assert.Less(t, report.Best, 1.5*optimum)
			assert.Greater(t, report.Best, 0.9*optimum, "nobody is better than that")
		})
	}
}

// TestLearnsToRepeat: every cell learns a periodic text by heart, which an RNN
// needs no long memory for, and then writes it.
func TestLearnsToRepeat(t *testing.T) {
	for _, cell := range models.Cells() {
		m, task := newTask(t, models.Config{Cell: cell, Hidden: 24, Layers: 1}, 1, 2, 20)
		loop := train.Loop{Task: task, Optimiser: train.NewAdam(0.02), Clip: 1, Steps: 250}
		report, err := loop.Run(t.Context())
		require.NoError(t, err)
		assert.Less(t, report.Loss, 0.1, "%s: %v", cell, report.Elapsed)
		g, err := m.Generator(models.Sampling{Greedy: true})
		require.NoError(t, err)
		got, err := g.Text("the cat sat on", 40)
		require.NoError(t, err)
		assert.Equal(t, text(54)[14:], got, cell)
	}
}
