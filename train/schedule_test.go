package train_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/train"
)

func TestSchedules(t *testing.T) {
	half := (1 + math.Sqrt2/2) / 2 // (1 + cos 45°) / 2
	for name, c := range map[string]struct {
		s    train.Schedule
		want []float64 // steps 0, 1, ..
	}{
		"cosine":              {train.Cosine(4, 0, 0), []float64{1, half, 0.5, 1 - half, 0, 0}},
		"cosine to a tenth":   {train.Cosine(2, 0, 0.1), []float64{1, 0.55, 0.1, 0.1}},
		"cosine after a rise": {train.Cosine(6, 2, 0), []float64{0.5, 1, 1, half, 0.5, 1 - half, 0}},
		"only a rise":         {train.Cosine(2, 2, 0.3), []float64{0.5, 1, 0.3}},
		"no steps":            {train.Cosine(0, 0, 0.3), []float64{0.3, 0.3}},
		"exponential":         {train.Exponential(2, 2, 0.5), []float64{1, 1, 0.5, 0.5, 0.25, 0.25, 0.125}},
		"from the beginning":  {train.Exponential(0, 1, 0.9), []float64{0.9, 0.81, 0.729}},
		"every 0 is every 1":  {train.Exponential(1, 0, 0.5), []float64{1, 0.5, 0.25}},
	} {
		for step, want := range c.want {
			assert.InDelta(t, want, c.s(step), 1e-15, "%s, step %d", name, step)
		}
	}
}

// The factor is that of the step counted from 0, and reaches the optimiser.
func TestScheduleInTheLoop(t *testing.T) {
	task := newSlope(t, graph.NewParams64(1), start)
	task.grad = func(_ int, _, g []float64) {
		for k := range g {
			g[k] = 1
		}
	}
	loop := train.Loop{Task: task, Optimiser: &train.SGD{Rate: 1}, Schedule: train.Exponential(1, 1, 0.5), Steps: 3}
	var rates []float64
	loop.On = append(loop.On, func(e train.Event) error { rates = append(rates, e.Rate); return nil })
	_, err := loop.Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []float64{1, 0.5, 0.25}, rates)
	assert.InDelta(t, start[0]-1.75, task.w()[0], 1e-15)
}

func TestScheduleRefused(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), -0.1} {
		task := newSlope(t, graph.NewParams64(1), start)
		loop := train.Loop{Task: task, Optimiser: train.NewAdam(1), Schedule: func(int) float64 { return bad }, Steps: 3}
		_, err := loop.Run(t.Context())
		assert.ErrorContains(t, err, "train: the schedule must give finite factors of at least 0, got ")
		assert.Equal(t, start, task.w())
	}
}
