package train_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// counting is a classifier of random words by how many letters a they have, at
// most two, and its documents.
func counting(t testing.TB, c models.ClassifierConfig) (*models.Classifier, []models.Document) {
	t.Helper()
	vocab, err := datasets.NewVocab(datasets.VocabOptions{}, "abcd")
	require.NoError(t, err)
	m, err := models.NewClassifier(c, vocab, []string{"none", "one", "two"}, 7)
	require.NoError(t, err)
	rng := rand.New(rand.NewPCG(1, 1))
	docs := make([]models.Document, 402) // not a multiple of the batch
	for i := range docs {
		var b strings.Builder
		for range rng.IntN(9) {
			b.WriteByte("abcd"[rng.IntN(4)])
		}
		docs[i], err = m.Document(b.String())
		require.NoError(t, err)
		docs[i].Class = min(strings.Count(b.String(), "a"), 2)
	}
	return m, docs
}

// Every cell, direction and pool learns to count to two, with class weights,
// smoothing and short last batches.
func TestClassifierLearns(t *testing.T) {
	for _, cell := range models.Cells() {
		for _, pool := range models.Pools() {
			for _, both := range []bool{false, true} {
				c := models.ClassifierConfig{Pool: pool, Longest: 8}
				c.Recurrent = models.Recurrent{Cell: cell, Embed: 8, Hidden: 16, Layers: 1, Bidirectional: both}
				m, docs := counting(t, c)
				task, err := m.Task(docs, models.ClassifierTraining{Smoothing: 0.02, Weights: models.Balanced(docs, 3)})
				require.NoError(t, err)
				_, err = (&train.Loop{Task: task, Optimiser: train.NewAdam(0.02), Clip: 1, Steps: 160}).Run(t.Context())
				require.NoError(t, err)
				score, err := m.Score(docs)
				require.NoError(t, err)
				assert.Greater(t, score.Accuracy, 0.9, "%s %s both=%t", cell, pool, both)
			}
		}
	}
}

// A training on batches that was stopped, saved and resumed in a new task, in
// the middle of an epoch, ends with the same bits as one that was not.
func TestBatchTaskResumesExactly(t *testing.T) {
	c := models.ClassifierConfig{Pool: "attention", Longest: 8, WordDropout: 0.1}
	c.Recurrent = models.Recurrent{Cell: "lstm", Embed: 4, Hidden: 5, Layers: 2, Bidirectional: true, Dropout: 0.2}
	loop := func(steps int) (*models.Classifier, *train.Loop) {
		m, docs := counting(t, c)
		task, err := m.Task(docs, models.ClassifierTraining{Seed: 3})
		require.NoError(t, err)
		return m, &train.Loop{Task: task, Optimiser: train.NewAdam(0.01), Steps: steps}
	}
	whole, l := loop(33)
	_, err := l.Run(t.Context())
	require.NoError(t, err)

	_, first := loop(17)
	_, err = first.Run(t.Context())
	require.NoError(t, err)
	var checkpoint bytes.Buffer
	require.NoError(t, first.Checkpoint(&checkpoint, ""))
	part, second := loop(33)
	require.NoError(t, second.Resume(&checkpoint, ""))
	_, err = second.Run(t.Context())
	require.NoError(t, err)
	for _, p := range whole.Params.All() {
		assert.Equal(t, p.Float32s(), part.Params.Get(p.Path()).Float32s(), p.Path())
	}
}

// The rows of the last batch are counted, not those that fill it up.
func TestBatchTaskCounts(t *testing.T) {
	c := models.ClassifierConfig{Pool: "last", Longest: 8}
	c.Recurrent = models.Recurrent{Cell: "rnn", Embed: 2, Hidden: 2, Layers: 1}
	m, docs := counting(t, c)
	task, err := m.Task(docs, models.ClassifierTraining{Batch: 100})
	require.NoError(t, err)
	assert.Equal(t, 5, task.PerEpoch())
	rows := 0
	for step := range task.PerEpoch() {
		_, err := task.Next(step)
		require.NoError(t, err)
		rows += task.Tokens()
	}
	assert.Equal(t, len(docs), rows)
	assert.Error(t, task.Seek(-1, nil))
	assert.Error(t, task.Seek(0, [][]float64{{1}}))
	pos, state, err := task.Position()
	require.NoError(t, err)
	assert.Equal(t, 5, pos)
	assert.Empty(t, state)
}
