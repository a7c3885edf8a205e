package train_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/train"
)

// diary is a loop whose every call is written down.
func diary(t *testing.T, steps int) (*train.Loop, *slope, *[]string) {
	t.Helper()
	task := newSlope(t, graph.NewParams64(1), start)
	var lines []string
	note := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	scores := []float64{5, 7, 4, 4, 3}
	loop := &train.Loop{
		Task: task, Optimiser: train.NewAdam(0.1), Steps: steps,
		Validate: func() (float64, error) {
			s := scores[0]
			scores = scores[1:]
			note("validate")
			return s, nil
		},
		Best: func() error { note("best"); return nil },
		Save: func() error { note("save"); return nil },
		On: []func(train.Event) error{func(e train.Event) error {
			if e.Valid {
				note("score %v at %d, best %v", e.Score, e.Step, e.Best)
			} else {
				note("step %d of %d", e.Step, e.Steps)
			}
			return nil
		}},
	}
	return loop, task, &lines
}

func TestEventsInOrder(t *testing.T) {
	loop, _, lines := diary(t, 5)
	loop.ValidEvery, loop.SaveEvery = 2, 3
	report, err := loop.Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{
		"step 1 of 5",
		"step 2 of 5", "validate", "best", "score 5 at 2, best true",
		"step 3 of 5", "save",
		"step 4 of 5", "validate", "score 7 at 4, best false",
		"step 5 of 5", "validate", "best", "score 4 at 5, best true", "save",
	}, *lines)
	assert.Equal(t, 5, report.Steps)
	assert.Equal(t, 4.0, report.Best)
	assert.Equal(t, 5, report.BestStep)
	assert.Equal(t, 1.0/5, report.Loss)
	assert.False(t, report.Interrupted)
	assert.Positive(t, report.Elapsed)

	*lines = nil
	again, err := loop.Run(t.Context())
	require.NoError(t, err)
	assert.Empty(t, *lines, "nothing is left to do")
	assert.Equal(t, 4.0, again.Best)
	assert.True(t, math.IsNaN(again.Loss), "no batch was computed")

	loop.Steps = 7
	_, err = loop.Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{
		"step 6 of 7", "validate", "score 4 at 6, best false", "save",
		"step 7 of 7", "validate", "best", "score 3 at 7, best true", "save",
	}, *lines, "equal is not better")
}

func TestWithoutEveryOnlyAtTheEnd(t *testing.T) {
	loop, _, lines := diary(t, 2)
	_, err := loop.Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"step 1 of 2", "step 2 of 2", "validate", "best", "score 5 at 2, best true", "save"}, *lines)
}

func TestEventSaysWhatHappened(t *testing.T) {
	task := newSlope(t, graph.NewParams64(1), start)
	loop := train.Loop{Task: task, Optimiser: train.NewAdam(0.1), Clip: 0.1, Steps: 1, Schedule: train.Cosine(4, 2, 0)}
	loop.On = append(loop.On, func(e train.Event) error {
		assert.Positive(t, e.Elapsed)
		e.Elapsed = 0
		assert.InDelta(t, norm(task.g), e.Norm, 1e-12, "before clipping")
		e.Norm = 0
		assert.Equal(t, train.Event{Step: 1, Steps: 1, Loss: 1, Rate: 0.5, Tokens: 2}, e)
		return nil
	})
	_, err := loop.Run(t.Context())
	require.NoError(t, err)
}

func norm(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	return math.Sqrt(sum)
}

func TestReportWithoutValidation(t *testing.T) {
	loop := train.Loop{Task: newSlope(t, graph.NewParams64(1), start), Optimiser: train.NewAdam(0.1), Steps: 1}
	report, err := loop.Run(t.Context())
	require.NoError(t, err)
	assert.True(t, math.IsNaN(report.Best))
	assert.Zero(t, report.BestStep)
}

// A NaN as the first score must not stay the best for ever: nothing is below it.
func TestScoreThatIsNotFinite(t *testing.T) {
	scores := []float64{math.NaN(), math.Inf(1), 3, math.NaN(), math.Inf(-1), 2}
	var best []int
	loop := train.Loop{Task: newSlope(t, graph.NewParams64(1), start), Optimiser: train.NewAdam(0.1), Steps: 6, ValidEvery: 1}
	loop.Validate = func() (float64, error) { s := scores[0]; scores = scores[1:]; return s, nil }
	loop.On = append(loop.On, func(e train.Event) error {
		if e.Best {
			best = append(best, e.Step)
		}
		return loop.Checkpoint(&strings.Builder{}, "")
	})
	report, err := loop.Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []int{3, 6}, best)
	assert.Equal(t, 2.0, report.Best)
}

var errTest = errors.New("no more")

// Every callback's error ends the run and comes out as it is.
func TestErrorsOfCallbacks(t *testing.T) {
	for name, spoil := range map[string]func(l *train.Loop, s *slope){
		"on step": func(l *train.Loop, _ *slope) {
			l.On = append(l.On, func(train.Event) error { return errTest })
		},
		"on validation": func(l *train.Loop, _ *slope) {
			l.On = append(l.On, func(e train.Event) error {
				if e.Valid {
					return errTest
				}
				return nil
			})
		},
		"validate": func(l *train.Loop, _ *slope) {
			l.Validate = func() (float64, error) { return 0, errTest }
		},
		"best": func(l *train.Loop, _ *slope) { l.Best = func() error { return errTest } },
		"save": func(l *train.Loop, _ *slope) { l.Save = func() error { return errTest } },
	} {
		t.Run(name, func(t *testing.T) {
			loop, task, _ := diary(t, 3)
			loop.ValidEvery, loop.SaveEvery = 1, 1
			spoil(loop, task)
			report, err := loop.Run(t.Context())
			assert.ErrorIs(t, err, errTest)
			assert.Equal(t, 1, report.Steps)
			assert.False(t, report.Interrupted)
		})
	}
}

func TestErrorOfTheTask(t *testing.T) {
	loop, task, lines := diary(t, 3)
	task.loss = func(step int) (float64, error) { return 0, errTest }
	report, err := loop.Run(t.Context())
	assert.ErrorIs(t, err, errTest)
	assert.Zero(t, report.Steps)
	assert.Equal(t, start, task.w())
	assert.Empty(t, *lines)
}

func TestErrorOfSaveAfterCancel(t *testing.T) {
	loop, _, _ := diary(t, 3)
	loop.Save = func() error { return errTest }
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	report, err := loop.Run(ctx)
	assert.ErrorIs(t, err, errTest)
	assert.True(t, report.Interrupted)
}

// A cancelled context lets the step at hand, its event and what is due after it
// finish; then the loop saves and ends without an error.
func TestCancel(t *testing.T) {
	loop, task, lines := diary(t, 5)
	ctx, cancel := context.WithCancel(t.Context())
	task.loss = func(step int) (float64, error) {
		if step == 1 {
			cancel()
		}
		return 1, nil
	}
	loop.ValidEvery = 2
	report, err := loop.Run(ctx)
	require.NoError(t, err)
	assert.Equal(t, []string{
		"step 1 of 5",
		"step 2 of 5", "validate", "best", "score 5 at 2, best true",
		"save",
	}, *lines)
	assert.True(t, report.Interrupted)
	assert.Equal(t, 2, report.Steps)
	assert.Equal(t, 5.0, report.Best)

	report, err = loop.Run(t.Context())
	require.NoError(t, err, "it can go on")
	assert.Equal(t, 5, report.Steps)
	assert.False(t, report.Interrupted)
}

func TestCancelInTheLastStepIsNoInterruption(t *testing.T) {
	loop, task, lines := diary(t, 1)
	ctx, cancel := context.WithCancel(t.Context())
	task.loss = func(int) (float64, error) { cancel(); return 1, nil }
	report, err := loop.Run(ctx)
	require.NoError(t, err)
	assert.False(t, report.Interrupted)
	assert.Equal(t, 1, strings.Count(strings.Join(*lines, "\n"), "save"))
}

// What is not finite must not reach parameters or optimiser.
func TestDiverged(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	lost := func(x float64) func(*slope) {
		return func(s *slope) {
			s.loss = func(step int) (float64, error) {
				if step == 2 {
					return x, nil
				}
				return 1, nil
			}
		}
	}
	steep := func(x float64) func(*slope) {
		return func(s *slope) {
			s.grad = func(step int, _, g []float64) {
				for k := range g {
					g[k] = 1
				}
				if step == 2 {
					g[3] = x
				}
			}
		}
	}
	for name, spoil := range map[string]func(*slope){
		"loss NaN": lost(nan), "loss +Inf": lost(inf), "loss -Inf": lost(-inf),
		"gradient NaN": steep(nan), "gradient +Inf": steep(inf), "gradient -Inf": steep(-inf),
	} {
		for kind, optimiser := range optimisers(t) {
			t.Run(name+"/"+kind, func(t *testing.T) {
				task, o := newSlope(t, graph.NewParams64(1), start), optimiser()
				spoil(task)
				loop := train.Loop{Task: task, Optimiser: o, Steps: 5, Clip: 1}
				var before []float64
				loop.On = append(loop.On, func(train.Event) error { before = task.w(); return nil })
				saved := false
				loop.Save = func() error { saved = true; return nil }
				report, err := loop.Run(t.Context())
				require.ErrorIs(t, err, train.ErrDiverged)
				assert.ErrorContains(t, err, "train: training diverged at step 3: loss ")
				assert.Equal(t, before, task.w())
				assert.Equal(t, 2, o.Memory().Steps)
				assert.Equal(t, 2, report.Steps)
				assert.False(t, saved)
				for _, m := range o.Memory().Tensors {
					assert.NotContains(t, fmt.Sprint(m.F64), "NaN")
				}
			})
		}
	}
}

func TestLoopRefuses(t *testing.T) {
	task := newSlope(t, graph.NewParams64(1), start)
	for want, loop := range map[string]train.Loop{
		"train: a task and an optimiser are needed":                      {Task: task},
		"train: steps must not be negative, got -1":                      {Task: task, Optimiser: train.NewAdam(1), Steps: -1},
		"train: clip must be a finite number of at least 0, got NaN":     {Task: task, Optimiser: train.NewAdam(1), Clip: math.NaN()},
		"train: clip must be a finite number of at least 0, got -0.0001": {Task: task, Optimiser: train.NewAdam(1), Clip: -1e-4},
		"train: clip must be a finite number of at least 0, got +Inf":    {Task: task, Optimiser: train.NewAdam(1), Clip: math.Inf(1)},
	} {
		_, err := loop.Run(t.Context())
		assert.EqualError(t, err, want)
		assert.EqualError(t, loop.Checkpoint(&strings.Builder{}, ""), want)
		assert.EqualError(t, loop.Resume(strings.NewReader(""), ""), want)
	}
}
