package models_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// dots are tiny pictures of which one quarter is bright, with its place as
// caption.
func dots(t testing.TB, m *models.Captioner, n int) (examples []models.Pictured, want []string) {
	t.Helper()
	names := []string{"top left", "top right", "bottom left", "bottom right"}
	for i := range n {
		k := i % 4
		p := checkered(8, 8, 1, i)
		for j := range p.Pix {
			p.Pix[j] /= 4
		}
		for y := range 3 {
			for x := range 3 {
				p.Pix[(k/2*4+y+i%2)*8+k%2*4+x+i/2%2] = 250
			}
		}
		e, err := m.Example(p, names[k])
		require.NoError(t, err)
		examples, want = append(examples, e), append(want, names[k])
	}
	return examples, want
}

func dotCaptioner(t testing.TB, attention string) *models.Captioner {
	t.Helper()
	tokens, err := datasets.NewWords(datasets.WordsOptions{}, "top left top right bottom left bottom right")
	require.NoError(t, err)
	m, err := models.NewCaptioner(models.CaptionerConfig{
		Recurrent: models.Recurrent{Cell: "gru", Embed: 8, Hidden: 16, Layers: 1},
		Height:    8, Width: 8, Channels: 1, Blocks: []int{8}, Norm: true, Attention: attention, Longest: 4,
	}, tokens, 1)
	require.NoError(t, err)
	return m
}

// trainDots trains on 48 of them.
func trainDots(t testing.TB, m *models.Captioner, steps int, how models.CaptionerTraining) float64 {
	t.Helper()
	examples, _ := dots(t, m, 48)
	task, err := m.Task(examples, how)
	require.NoError(t, err)
	return learn(t, task, steps, 0.05)
}

// A captioner learns where the bright spot is, in seconds, on pictures that it
// has not seen; one that is blind does not.
func TestCaptionerLearns(t *testing.T) {
	for _, attention := range []string{"none", "bahdanau", "general"} {
		t.Run(attention, func(t *testing.T) {
			m := dotCaptioner(t, attention)
			trainDots(t, m, 150, models.CaptionerTraining{Batch: 16, Seed: 1})
			fresh, want := dots(t, m, 64)
			found, err := m.Describe(models.Search{Beam: 2}, fresh[48:])
			require.NoError(t, err)
			for i, best := range found {
				assert.Equal(t, want[48+i], best[0].Text)
				assert.Greater(t, best[0].Probability(), 0.5)
			}
		})
	}
}

// Training gives the same bits on any number of workers, and again when it goes
// on from a place: augmentation follows from the seed and the batch.
func TestCaptionerTrainsToTheSameBits(t *testing.T) {
	how := models.CaptionerTraining{Batch: 16, Seed: 3, Smoothing: 0.1, Augment: models.Augment{Shift: 1, Flip: true}}
	want := ""
	for _, workers := range []int{1, 2, 5} {
		old := runtime.GOMAXPROCS(workers)
		m := dotCaptioner(t, "general")
		trainDots(t, m, 12, how)
		runtime.GOMAXPROCS(old)
		got := fmt.Sprint(bits(m.Params))
		if want == "" {
			want = got
		}
		assert.Equal(t, want, got, "%d workers", workers)
	}
	m := dotCaptioner(t, "none")
	examples, _ := dots(t, m, 48)
	first, err := m.Task(examples, how)
	require.NoError(t, err)
	second, err := m.Task(examples, how)
	require.NoError(t, err)
	var losses []float64
	for step := range 5 {
		loss, err := first.Next(step)
		require.NoError(t, err)
		losses = append(losses, loss)
	}
	require.NoError(t, second.Seek(4, nil))
	loss, err := second.Next(4)
	require.NoError(t, err)
	assert.Equal(t, losses[4], loss)
	assert.NotEqual(t, losses[1], losses[4], "the pictures are moved otherwise")
}
