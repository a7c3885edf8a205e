//go:build slow

package train_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// The seeds of the slow tests, and how many of them must reach the goal.
const (
	seeds   = 5
	succeed = 4
)

// TestSyntheticTasks trains each cell on each task with each seed, and prints all
// results:
//
//	go test -tags slow ./train -run Synthetic -v -timeout 30m
func TestSyntheticTasks(t *testing.T) {
	for _, s := range synthetics(100, 50, 20) {
		t.Run(s.name, func(t *testing.T) {
			relation := map[bool]string{true: ">=", false: "<="}[s.above]
			t.Logf("%s: %s, %.4f without memory; hidden %d, batches of %d, Adam %g, clip 1; until %s %g",
				s.name, s.measure, s.baseline, s.hidden, s.batch, s.rate, relation, s.goal)
			for _, cell := range []string{"rnn", "lstm", "gru"} {
				start := time.Now()
				var row strings.Builder
				reached := 0
				for seed := range uint64(seeds) {
					measure, steps := s.learn(t, cell, seed+1, s.steps)
					fmt.Fprintf(&row, "  %.4f after %5d", measure, steps)
					if s.reached(measure) {
						reached++
					}
					if cell == "rnn" && s.stays {
						assert.Greater(t, measure, 0.7*s.baseline, "a tanh network stays near the baseline")
					}
				}
				t.Logf("%-5s%s   %v", cell, row.String(), time.Since(start).Round(time.Second))
				if cell != "rnn" {
					assert.GreaterOrEqual(t, reached, succeed, "%s: seeds that reach %g", cell, s.goal)
				}
			}
		})
	}
}
