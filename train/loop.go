package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/unroll-go/unroll/graph"
)

// ErrDiverged is wrapped by Run's error when the loss or the gradient is no
// longer a finite number.
var ErrDiverged = errors.New("training diverged")

// Task computes gradients, batch by batch.
type Task interface {
	// Params are the parameters that are trained.
	Params() *graph.Params

	// Next computes the loss and the gradients of the next batch. step counts
	// the updates from 0; random masks depend on it.
	Next(step int) (loss float64, err error)

	// Tokens is how many predictions the last batch made.
	Tokens() int

	// Position is the place in the data and the carried state, Seek goes back
	// to it.
	Position() (pos int, state [][]float64, err error)
	Seek(pos int, state [][]float64) error
}

// Loop trains a task. Run takes the steps that are left to Steps.
type Loop struct {
	Task      Task
	Optimiser Optimiser
	Schedule  Schedule // factor of the learning rate; nil: 1
	Clip      float64  // greatest length of the whole gradient (Pascanu et al. 2013); 0: no clipping
	Steps     int      // updates in all

	// Validate gives a score, lower is better; it is called every ValidEvery
	// steps (0: never before the end) and at the end. Best is called when the
	// score is the lowest so far, to keep the model; a score that is not finite
	// never is.
	Validate   func() (float64, error)
	ValidEvery int
	Best       func() error

	// Save is called every SaveEvery steps (0: never before the end), at the
	// end, and when the context is cancelled, to write a checkpoint.
	Save      func() error
	SaveEvery int

	// On is told what happened after each step and each validation.
	On []func(Event) error

	at progress
}

// progress is what a checkpoint says of a loop.
type progress struct {
	step     int
	best     float64
	bestStep int
	scored   bool // best is valid
}

// Event is one step, or one validation when Valid is set.
type Event struct {
	Step    int     // updates taken
	Steps   int     // updates wanted
	Loss    float64 // of the batch
	Norm    float64 // length of the gradient before clipping
	Rate    float64 // factor of the learning rate
	Tokens  int     // predictions of the batch
	Elapsed time.Duration
	Valid   bool // a validation: Score is its result
	Score   float64
	Best    bool // the lowest score so far
}

// Report is how a run ended.
type Report struct {
	Steps       int     // updates taken in all
	Loss        float64 // of the last batch
	Best        float64 // the lowest score; NaN without validation
	BestStep    int     // where it was
	Interrupted bool    // the context was cancelled
	Elapsed     time.Duration
}

// Run trains until Steps updates have been taken or ctx is cancelled; then it
// finishes the step at hand, saves and returns without an error. A loss or
// gradient that is not finite ends the run with ErrDiverged before it can reach
// the parameters.
func (l *Loop) Run(ctx context.Context) (Report, error) {
	if err := l.check(); err != nil {
		return Report{}, err
	}
	start := time.Now()
	report := Report{Loss: math.NaN()}
	for l.at.step < l.Steps && ctx.Err() == nil {
		e, err := l.step()
		if err != nil {
			return l.report(report, start), err
		}
		report.Loss = e.Loss
		e.Elapsed = time.Since(start)
		if err := l.tell(e); err != nil {
			return l.report(report, start), err
		}
		if err := l.due(e); err != nil {
			return l.report(report, start), err
		}
	}
	report.Interrupted = l.at.step < l.Steps
	if report.Interrupted && l.Save != nil {
		if err := l.Save(); err != nil {
			return l.report(report, start), err
		}
	}
	return l.report(report, start), nil
}

func (l *Loop) check() error {
	switch {
	case l.Task == nil || l.Optimiser == nil:
		return fmt.Errorf("train: a task and an optimiser are needed")
	case l.Steps < 0:
		return fmt.Errorf("train: steps must not be negative, got %d", l.Steps)
	case !nonNegative(l.Clip):
		return fmt.Errorf("train: clip must be a finite number of at least 0, got %v", l.Clip)
	}
	if o, ok := l.Optimiser.(interface{ validate() error }); ok {
		return o.validate()
	}
	return nil
}

func (l *Loop) report(r Report, start time.Time) Report {
	r.Steps, r.Elapsed = l.at.step, time.Since(start)
	r.Best, r.BestStep = l.at.best, l.at.bestStep
	if !l.at.scored {
		r.Best = math.NaN()
	}
	return r
}

// step takes one update.
func (l *Loop) step() (Event, error) {
	e := Event{Steps: l.Steps, Rate: 1}
	var err error
	if e.Loss, err = l.Task.Next(l.at.step); err != nil {
		return e, err
	}
	e.Tokens, e.Norm = l.Task.Tokens(), l.Task.Params().GradNorm()
	if !finite(e.Loss) || !finite(e.Norm) {
		return e, fmt.Errorf("train: %w at step %d: loss %v, length of the gradient %v; a smaller learning rate or clipping may help",
			ErrDiverged, l.at.step+1, e.Loss, e.Norm)
	}
	if l.Schedule != nil {
		if e.Rate = l.Schedule(l.at.step); !nonNegative(e.Rate) {
			return e, fmt.Errorf("train: the schedule must give finite factors of at least 0, got %v for step %d", e.Rate, l.at.step)
		}
	}
	if err := l.Optimiser.Step(l.Task.Params(), e.Rate, l.scale(e.Norm)); err != nil {
		return e, err
	}
	l.at.step++
	e.Step = l.at.step
	return e, nil
}

// scale is the factor that clips a gradient of the given length, as PyTorch's
// clip_grad_norm_ computes it.
func (l *Loop) scale(norm float64) float64 {
	if l.Clip == 0 {
		return 1
	}
	return min(1, l.Clip/(norm+1e-6))
}

// due validates and saves when it is time to.
func (l *Loop) due(e Event) error {
	last := l.at.step == l.Steps
	if l.Validate != nil && (last || (l.ValidEvery > 0 && l.at.step%l.ValidEvery == 0)) {
		if err := l.validate(e); err != nil {
			return err
		}
	}
	if l.Save != nil && (last || (l.SaveEvery > 0 && l.at.step%l.SaveEvery == 0)) {
		return l.Save()
	}
	return nil
}

func (l *Loop) validate(e Event) error {
	score, err := l.Validate()
	if err != nil {
		return err
	}
	e.Valid, e.Score = true, score
	if e.Best = finite(score) && (!l.at.scored || score < l.at.best); e.Best {
		l.at.best, l.at.bestStep, l.at.scored = score, l.at.step, true
		if l.Best != nil {
			if err := l.Best(); err != nil {
				return err
			}
		}
	}
	return l.tell(e)
}

func (l *Loop) tell(e Event) error {
	for _, f := range l.On {
		if err := f(e); err != nil {
			return err
		}
	}
	return nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
