package benchmarks

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/unroll-go/unroll/graph"
)

// Engine is whoever can train: one update on a window, and the window's loss.
type Engine interface {
	Step(w Window) (loss float64, err error)
}

// Work is one step of a task; the loss is NaN where there is none.
type Work func() (loss float64, err error)

// Work is the task done by unroll. A rate of 0 stands for that of Rate.
func (c Config) Work(rate float64) (Work, error) {
	work, _, err := c.Planned(rate)
	return work, err
}

// Planned is the task done by unroll, and the plan of its program.
func (c Config) Planned(rate float64) (Work, graph.Plan, error) {
	if c.Trains() {
		t, err := c.NewTrainer(rate)
		if err != nil {
			return nil, graph.Plan{}, err
		}
		return c.Feed(t), t.prog.Plan(), nil
	}
	r, err := c.NewReader()
	if err != nil {
		return nil, graph.Plan{}, err
	}
	return func() (float64, error) { return math.NaN(), r.Step() }, r.prog.Plan(), nil
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
	s, err := t.take(work)
	if err != nil {
		return Result{}, err
	}
	r := s.result(c.Tokens())
	r.Task, r.Config = c.Task, c.String()
	if c.Trains() {
		r.Loss0, r.LossN, err = &s.first, &s.last, finite(s.first, s.last)
	}
	r.check()
	return r, err
}

// steps is what was measured.
type steps struct {
	n           int
	seconds     float64
	first, last float64 // losses
}

// take takes steps until the time is over.
func (t Timing) take(work Work) (s steps, err error) {
	s.first, err = work()
	for i := 1; i < t.Warm && err == nil; i++ {
		_, err = work()
	}
	s.last = s.first
	start := time.Now()
	for ; err == nil && (s.n < 3 || time.Since(start).Seconds() < t.Seconds); s.n++ {
		s.last, err = work()
	}
	s.seconds = time.Since(start).Seconds()
	return s, err
}

// result has the figures of steps that read so many tokens each.
func (s steps) result(tokens int) Result {
	return Result{
		Steps: s.n, TokensPerS: figure(float64(s.n*tokens) / s.seconds), MsPerStep: figure(1e3 * s.seconds / float64(s.n)),
	}
}

// figure is x in five significant digits: of a step that takes two microseconds
// as many as of one that takes a second.
func figure(x float64) float64 { return Round(x, 5) }

// Round returns the number of so many significant digits that is closest to x.
func Round(x float64, digits int) float64 {
	y, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64)
	return y
}

// Median is the middle one of xs, or the mean of the two in the middle; there must be one.
func Median(xs []float64) float64 {
	xs = slices.Sorted(slices.Values(xs))
	n := len(xs)
	return (xs[(n-1)/2] + xs[n/2]) / 2
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
