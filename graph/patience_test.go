package graph

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// pass is n runs, which take what the way of waiting makes them take; it returns
// in how many of them workers were awake.
func (p *patience) pass(n int, awake, asleep time.Duration) (runs int) {
	for range n {
		d := asleep
		if p.awake.Load() {
			d = awake
			runs++
		}
		p.ran(d)
	}
	return runs
}

// Workers come to wait as it pays, hardly try the other way while it does not,
// and find out when that changes.
func TestWorkersWaitAsItPays(t *testing.T) {
	var p patience
	p.init()
	const n, most = 20 * rarest * window, 20 * window // one trial in rarest windows, more at first

	assert.Equal(t, window, p.pass(window, 1, 2), "awake at first")
	assert.GreaterOrEqual(t, p.pass(n, 1, 2), n-2*most)
	assert.LessOrEqual(t, p.pass((rarest+2)*window, 2, 1), (rarest+1)*window)
	assert.LessOrEqual(t, p.pass(n, 2, 1), 2*most, "asleep since it pays")
	p.pass((rarest+2)*window, 1, 2)
	assert.GreaterOrEqual(t, p.pass(n, 1, 2), n-2*most, "awake again")
}

// A worker that waits awake is there for the next run, of any program; who waits
// in vain ends.
func TestWorkersStayForAnotherRun(t *testing.T) {
	defer goleak.VerifyNone(t)
	var workers staff
	run := func(stay time.Duration) {
		done := make(chan bool)
		j := job(func() time.Duration { close(done); return stay })
		workers.hire(&j)
		<-done
	}
	waits := func(n int32) {
		require.Eventually(t, func() bool { return workers.ready.Load() == n }, time.Minute, time.Microsecond)
	}
	run(time.Minute)
	waits(1)
	first := workers.waiting[0]
	run(time.Minute)
	waits(1)
	assert.Same(t, first, workers.waiting[0])

	run(time.Millisecond)
	waits(0)
	run(0) // another begins
}
