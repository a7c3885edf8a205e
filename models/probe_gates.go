package models

import (
	"fmt"
	"math"
	"strings"
)

// Where a value counts as closed or open, and how much of the time makes a unit dead or saturated.
const (
	closedBelow = 0.05
	openAbove   = 0.95
	allTheTime  = 0.99
)

// GateStats says how one value of a layer is used over a text. A gate is in (0, 1): closed below
// 0.05, open above 0.95. A candidate or a state (u, n, h) is in (-1, 1), and the same is said of
// its absolute value: near 0, or saturated. An LSTM's c has no bounds; only its Mean says much.
type GateStats struct {
	Name   string  `json:"name"`
	Units  int     `json:"units"`
	Mean   float64 `json:"mean"`   // of the absolute value, over time and units
	Closed float64 `json:"closed"` // fraction of time and units with |x| < 0.05
	Open   float64 `json:"open"`   // fraction with |x| > 0.95

	Dead      []int `json:"dead,omitempty"`      // units that are below 0.05 in at least 99 % of the time
	Saturated []int `json:"saturated,omitempty"` // units that are above 0.95 in at least 99 % of the time

	tokens       int
	below, above []int // by unit
	sum          float64
}

// Gates reads a text and says of each value that the cells expose how often it is closed and open,
// and which units never change. Memory does not grow with the text. Errors are those of Watch.
func (m *CharLM) Gates(text string) ([]GateStats, error) {
	var stats []GateStats
	err := m.Watch(text, func(w *Moments) error {
		if w.At == 0 {
			for _, name := range w.Names() {
				n := w.Width(name)
				stats = append(stats, GateStats{Name: name, Units: n, below: make([]int, n), above: make([]int, n)})
			}
		}
		for i := range stats {
			stats[i].count(w.Values(stats[i].Name))
		}
		return nil
	})
	for i := range stats {
		stats[i].finish()
	}
	return stats, err
}

func (s *GateStats) count(x []float32) {
	for k, v := range x {
		a := math.Abs(float64(v))
		s.sum += a
		switch {
		case a < closedBelow:
			s.below[k%s.Units]++
		case a > openAbove:
			s.above[k%s.Units]++
		}
	}
	s.tokens += len(x) / s.Units
}

func (s *GateStats) finish() {
	all := float64(s.tokens * s.Units)
	s.Mean = s.sum / all
	for u := range s.Units {
		s.Closed += float64(s.below[u]) / all
		s.Open += float64(s.above[u]) / all
		if float64(s.below[u]) >= allTheTime*float64(s.tokens) {
			s.Dead = append(s.Dead, u)
		}
		if float64(s.above[u]) >= allTheTime*float64(s.tokens) {
			s.Saturated = append(s.Saturated, u)
		}
	}
}

// String is one line.
func (s GateStats) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-20s mean %.3f, closed %5.1f %%, open %5.1f %%", s.Name, s.Mean, 100*s.Closed, 100*s.Open)
	fmt.Fprintf(&b, ", %d dead and %d saturated of %d units", len(s.Dead), len(s.Saturated), s.Units)
	return b.String()
}
