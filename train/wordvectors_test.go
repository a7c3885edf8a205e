package train_test

import (
	"bytes"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// wordVectors are vectors of the generated sentences, and a loop that trains them.
func wordVectors(t testing.TB, sentences, width, batch, steps int) (*models.WordVectors, *train.Loop) {
	t.Helper()
	texts := datasets.Sentences(sentences, 1)
	words, err := datasets.NewWords(datasets.WordsOptions{NoPunct: true}, texts...)
	require.NoError(t, err)
	m, err := models.NewWordVectors(models.WordVectorsConfig{Width: width}, words, 1)
	require.NoError(t, err)
	var ids [][]int
	for _, text := range texts {
		sentence, err := m.Sentence(text)
		require.NoError(t, err)
		ids = append(ids, sentence)
	}
	task, err := m.Task(ids, datasets.SkipGramOptions{Batch: batch, Window: 5, Negatives: 5, Sample: 1e-3, Seed: 1})
	require.NoError(t, err)
	assert.Equal(t, batch, task.Tokens())
	return m, &train.Loop{Task: task, Optimiser: train.NewAdam(0.01), Steps: steps}
}

// Vectors learn who is whose counterpart: a - b + c is what it should be for most
// pairs of pairs.
func TestWordVectorsLearn(t *testing.T) {
	m, l := wordVectors(t, 6000, 32, 512, 500)
	_, err := l.Run(t.Context())
	require.NoError(t, err)
	right, all := 0, 0
	pairs := datasets.Relations()
	for _, group := range [][][2]string{pairs[:len(pairs)/2], pairs[len(pairs)/2:]} { // people, places
		for i, p := range group {
			q := group[(i+1)%len(group)]
			near, err := m.Analogy(p[1], p[0], q[0], 1)
			require.NoError(t, err)
			all++
			if near[0].Word == q[1] {
				right++
			}
		}
	}
	assert.Equal(t, 16, all)
	assert.GreaterOrEqual(t, right, 14)
}

// A training that was stopped, saved and resumed in a new task, in the middle of an
// epoch, ends with the same bits as one that was not.
func TestWordVectorsResumeExactly(t *testing.T) {
	whole, l := wordVectors(t, 300, 8, 64, 150)
	_, err := l.Run(t.Context())
	require.NoError(t, err)
	_, first := wordVectors(t, 300, 8, 64, 83)
	_, err = first.Run(t.Context())
	require.NoError(t, err)
	var checkpoint bytes.Buffer
	require.NoError(t, first.Checkpoint(&checkpoint, ""))
	part, second := wordVectors(t, 300, 8, 64, 150)
	require.NoError(t, second.Resume(&checkpoint, ""))
	_, err = second.Run(t.Context())
	require.NoError(t, err)
	for _, p := range whole.Params.All() {
		assert.Equal(t, p.Float32s(), part.Params.Get(p.Path()).Float32s(), p.Path())
	}
	assert.Error(t, second.Task.Seek(0, [][]float64{{1}}))
	assert.Error(t, second.Task.Seek(-1, nil))
}

func TestRank(t *testing.T) {
	scores := []float64{0.5, math.NaN(), 0.9, 0.5, -1, 0.5}
	for at, want := range []float64{3, math.NaN(), 1, 3, 5, 3} {
		if got := train.Rank(scores, at); math.IsNaN(want) {
			assert.True(t, math.IsNaN(got))
		} else {
			assert.Equal(t, want, got)
		}
	}
	assert.True(t, math.IsNaN(train.Rank(scores, 6)))
	assert.True(t, math.IsNaN(train.Rank(scores, -1)))
	assert.Equal(t, 1.0, train.Rank([]float64{7}, 0))
}
