package graph

import (
	"sync/atomic"
	"time"
)

// patience says whether the workers of a team stay awake while they wait. Where
// each has a processor for itself, that saves a wake at every gate. Where others
// want the processors too, who sleeps is let in at once and who spins waits for a
// turn. Nothing tells which is the case, so now and then the other way is tried.
type patience struct {
	awake atomic.Bool
	usual bool          // awake, but in trials
	runs  int           // of this window
	spent time.Duration // in this window
	last  time.Duration // in the last window that was no trial
	left  int           // windows until the next trial
	pause int           // windows between trials
}

const (
	window     = 8   // runs that are timed together
	rarest     = 128 // windows between trials that have kept failing
	awakeAt    = 100 * time.Microsecond
	asleepAt   = 5 * time.Microsecond
	awakeAfter = 300 * time.Microsecond // an optimiser's step is between two runs
)

func (p *patience) init() {
	p.usual, p.left, p.pause = true, 1, 1
	p.awake.Store(true)
}

// atGate is how long a worker stays awake for the others.
func (p *patience) atGate() time.Duration {
	if p.awake.Load() {
		return awakeAt
	}
	return asleepAt
}

// afterRun is how long it does for another run.
func (p *patience) afterRun() time.Duration {
	if p.awake.Load() {
		return awakeAfter
	}
	return 0
}

// ran notes what a run took.
func (p *patience) ran(d time.Duration) {
	if p.runs, p.spent = p.runs+1, p.spent+d; p.runs < window {
		return
	}
	trial := p.awake.Load() != p.usual
	switch {
	case trial && p.spent < p.last:
		p.usual, p.last, p.pause = !p.usual, p.spent, 1
	case trial:
		p.pause = min(2*p.pause, rarest)
	default:
		p.last = p.spent
	}
	if trial {
		p.left = p.pause
	}
	p.runs, p.spent = 0, 0
	p.left--
	p.awake.Store(p.usual == (p.left >= 0))
}
