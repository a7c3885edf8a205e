package benchmarks

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// Engine is whoever can train: one update on a window, and the window's loss.
type Engine interface {
	Step(w Window) (loss float64, err error)
}

// Work is one step of a task; the loss is NaN where there is none.
type Work func() (loss float64, err error)

// Work is the task done by unroll. A rate of 0 stands for that of Rate.
func (c Config) Work(rate float64) (Work, error) {
	if c.Trains() {
		t, err := c.NewTrainer(rate)
		return c.Feed(t), err
	}
	r, err := c.NewReader()
	return func() (float64, error) { return math.NaN(), r.Step() }, err
}

// Feed gives an engine the windows of a task, round and round.
func (c Config) Feed(e Engine) Work {
	ws, i := c.Windows(), -1
	return func() (float64, error) {
		i++
		return e.Step(ws[i%len(ws)])
	}
}

// Timing says how long to measure.
type Timing struct {
	Warm    int     // steps before the clock starts; at least one is taken
	Seconds float64 // time to fill with steps; at least three are taken
}

// Measure takes steps until the time is over.
func (c Config) Measure(work Work, t Timing) (Result, error) {
	first, err := work()
	for i := 1; i < t.Warm && err == nil; i++ {
		_, err = work()
	}
	last, n, start := first, 0, time.Now()
	for ; err == nil && (n < 3 || time.Since(start).Seconds() < t.Seconds); n++ {
		last, err = work()
	}
	seconds := time.Since(start).Seconds()
	if err != nil {
		return Result{}, err
	}
	r := Result{Task: c.Task, Config: c.String(), Steps: n}
	r.TokensPerS, r.MsPerStep = figure(float64(n*c.Tokens())/seconds), figure(1e3*seconds/float64(n))
	if c.Trains() {
		r.Loss0, r.LossN, err = &first, &last, finite(first, last)
	}
	r.check()
	return r, err
}

// figure is x in five significant digits: of a step that takes two microseconds
// as many as of one that takes a second.
func figure(x float64) float64 {
	y, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 5, 64), 64)
	return y
}

// finite is an error for losses that a line of JSON cannot hold.
func finite(losses ...float64) error {
	for _, x := range losses {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return fmt.Errorf("the loss is %v; a smaller learning rate may help", x)
		}
	}
	return nil
}
