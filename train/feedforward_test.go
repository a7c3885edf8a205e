package train_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// A hidden layer tells rings apart, a straight line does not.
func TestFeedForwardLearnsRings(t *testing.T) {
	rows := datasets.Rings(1000, 1)
	flat := &datasets.Scaler{Kind: datasets.Standard, Shift: []float64{0, 0}, Scale: []float64{1, 1}}
	accuracy := func(layers int) float64 {
		m, err := models.NewFeedForward(models.FeedForwardConfig{Hidden: 32, Layers: layers, Activation: "tanh"},
			models.FeedForwardColumns{Inputs: []string{"x", "y"}, Scale: flat, Answer: "ring", Labels: []string{"0", "1", "2"}}, 1)
		require.NoError(t, err)
		task, err := m.Task(rows, models.Training{Batch: 64, Seed: 1})
		require.NoError(t, err)
		_, err = (&train.Loop{Task: task, Optimiser: train.NewAdam(0.03), Steps: 700}).Run(t.Context())
		require.NoError(t, err)
		c, err := train.NewClassification(3, 10)
		require.NoError(t, err)
		for _, e := range datasets.Rings(500, 2) {
			p, err := m.Answers([][]float64{e.X})
			require.NoError(t, err)
			require.NoError(t, c.Add(p[0], e.Label))
		}
		return c.Accuracy()
	}
	assert.Greater(t, accuracy(1), 0.9)
	assert.Less(t, accuracy(0), 0.5)
}
