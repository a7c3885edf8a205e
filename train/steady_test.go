package train_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// allocated is how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// A training step, from the window to the parameters, allocates nothing.
func TestStepAllocatesNothing(t *testing.T) {
	for _, cell := range models.Cells() {
		for _, one := range []int{0, 4} { // one-hot, embedding
			for name, optimiser := range optimisers(t) {
				c := small(cell)
				c.Embed = one
				_, task := newTask(t, c, 1, 2, 5)
				o, step := optimiser(), 0
				update := func() {
					loss, err := task.Next(step)
					if err != nil || !(loss > 0) {
						t.Fatal(loss, err)
					}
					scale := min(1, 0.1/(task.Params().GradNorm()+1e-6))
					if err := o.Step(task.Params(), 1, scale); err != nil {
						t.Fatal(err)
					}
					step++
				}
				update() // makes what the optimiser remembers
				assert.Zero(t, testing.AllocsPerRun(30, update), "%s, embed %d, %s", cell, one, name)
			}
		}
	}
}

// Neither does the loop around it, events, schedule and clipping included.
func TestLoopAllocatesNothing(t *testing.T) {
	_, task := newTask(t, small("lstm"), 1, 2, 5)
	loop := train.Loop{
		Task: task, Optimiser: train.NewAdam(0.01), Clip: 1, Schedule: train.Cosine(1000, 10, 0.1),
		On: []func(train.Event) error{func(train.Event) error { return nil }},
	}
	loop.Steps = 1
	ctx := t.Context()
	run := func() {
		if _, err := loop.Run(ctx); err != nil {
			t.Fatal(err)
		}
		loop.Steps++
	}
	run()
	assert.Zero(t, testing.AllocsPerRun(30, run))
}

// The heap is as large after 10,000 steps as after the first hundred.
func TestHeapIsFlat(t *testing.T) {
	_, task := newTask(t, models.Config{Cell: "gru", Embed: 2, Hidden: 2, Layers: 1, Dropout: 0.1}, 1, 1, 4)
	loop := train.Loop{Task: task, Optimiser: train.NewAdam(0.001), Clip: 1, Steps: 100}
	heap := func() uint64 {
		_, err := loop.Run(t.Context())
		require.NoError(t, err)
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	loop.Steps = 10_100
	assert.Less(t, heap(), before+64<<10)
}

// trained is the parameters after some steps of a seeded training.
func trained(t *testing.T, cell string, steps int) map[string][]uint64 {
	t.Helper()
	m, task := newTask(t, models.Config{Cell: cell, Embed: 20, Hidden: 24, Layers: 2, Dropout: 0.2}, 5, 8, 6)
	loop := train.Loop{Task: task, Optimiser: train.NewAdam(0.01), Clip: 1, Steps: steps}
	_, err := loop.Run(t.Context())
	require.NoError(t, err)
	return bits(m.Params)
}

// The same seed gives the same bits, with one worker or two.
func TestSameBits(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, cell := range models.Cells() {
		runtime.GOMAXPROCS(1)
		want := trained(t, cell, 100)
		assert.Equal(t, want, trained(t, cell, 100), "%s, again", cell)
		for _, workers := range []int{2, 3} {
			runtime.GOMAXPROCS(workers)
			assert.Equal(t, want, trained(t, cell, 100), "%s, %d workers", cell, workers)
		}
	}
}
