package train_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/unroll-go/unroll/datasets"
)

// synthetics are the tasks in those lengths, and the sizes with which they are
// learnt.
func synthetics(numbers, letters, wait int) []synthetic {
	usual := synthetic{hidden: 32, batch: 32, rate: 5e-3, examples: 20000, steps: 4000}
	sum, order, again := usual, usual, usual
	sum.name, sum.measure = fmt.Sprintf("adding, %d steps", numbers), "mean squared error"
	sum.baseline, sum.goal = datasets.Adding{}.Baseline(), 0.005
	sum.stays = true
	sum.make = func(s synthetic, cell string, seed uint64) (learner, error) { return adding(s, cell, seed, numbers) }

	order.name, order.measure = fmt.Sprintf("temporal order, %d steps", letters), "accuracy"
	order.baseline, order.above, order.goal = datasets.TemporalOrder{}.Baseline(), true, 0.995
	order.make = func(s synthetic, cell string, seed uint64) (learner, error) {
		return temporalOrder(s, cell, seed, letters)
	}

	again.name, again.measure = fmt.Sprintf("copy memory, wait of %d", wait), "nats a step"
	again.baseline, again.goal = datasets.CopyMemory{Wait: wait}.Baseline(), 0.4
	again.hidden, again.rate, again.steps = 96, 1e-2, 6000
	again.make = func(s synthetic, cell string, seed uint64) (learner, error) { return copyMemory(s, cell, seed, wait) }
	return []synthetic{sum, order, again}
}

// On short versions of the tasks LSTM and GRU get below what needs no memory, in a
// moment.
func TestSyntheticQuickly(t *testing.T) {
	goals := []float64{0.02, 0.95, 0.9}
	for i, s := range synthetics(8, 10, 1) {
		s.hidden, s.examples, s.rate, s.goal = 32, 3000, 1e-2, goals[i]
		for _, cell := range []string{"lstm", "gru"} {
			measure, steps := s.learn(t, cell, 1, 1200)
			assert.True(t, s.reached(measure), "%s: %s: %s %.4f after %d steps, %.4f without memory", cell, s.name, s.measure, measure, steps, s.baseline)
		}
	}
}
