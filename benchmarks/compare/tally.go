package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/benchmarks"
)

// tally is the rounds of a comparison.
type tally struct{ rounds [][2]line }

// add takes a round, ours first; both must have done the same.
func (t *tally) add(a, b line) error {
	if a.Task != b.Task || a.Threads != b.Threads {
		return fmt.Errorf("%s ran %s on %d threads, %s ran %s on %d: nothing to compare",
			a.Peer, a.Task, a.Threads, b.Peer, b.Task, b.Threads)
	}
	t.rounds = append(t.rounds, [2]line{a, b})
	return nil
}

// String is a table of the rounds and the ratio's median and range.
func (t tally) String() string {
	if len(t.rounds) == 0 {
		return ""
	}
	var s strings.Builder
	names := t.names()
	fmt.Fprintf(&s, "\nround %16s %16s    ratio   others' CPU\n", names[0], names[1])
	warned := 0
	for i, r := range t.rounds {
		fmt.Fprintf(&s, "%5d %16.0f %16.0f %8.2f   %s\n", i+1, r[0].Speed, r[1].Speed, r[0].Speed/r[1].Speed, others(r))
		if r[0].Warning != "" || r[1].Warning != "" {
			warned++
		}
	}
	for k, name := range names {
		fmt.Fprintf(&s, "%s tokens/s: %s\n", name, t.spread("%.0f", func(r [2]line) float64 { return r[k].Speed }))
	}
	ratio := t.spread("%.2f", func(r [2]line) float64 { return r[0].Speed / r[1].Speed })
	fmt.Fprintf(&s, "%s / %s: %s\n", names[0], names[1], ratio)
	if warned > 0 {
		fmt.Fprintf(&s, "%d of %d rounds carry a warning and do not count as measurements\n", warned, len(t.rounds))
	}
	return s.String()
}

// names are those of the two; where one peer runs against itself, in another
// configuration, the first word of that is added: the cell.
func (t tally) names() [2]string {
	var names [2]string
	for k, l := range t.rounds[0] {
		if names[k] = l.Peer; l.Peer == t.rounds[0][1-k].Peer {
			cell, _, _ := strings.Cut(l.Config, " ")
			names[k] += " " + cell
		}
	}
	return names
}

// spread is the median and the range of a figure over the rounds.
func (t tally) spread(format string, figure func([2]line) float64) string {
	var xs []float64
	for _, r := range t.rounds {
		xs = append(xs, figure(r))
	}
	return fmt.Sprintf("median "+format+" ("+format+" to "+format+") of %d",
		benchmarks.Median(xs), slices.Min(xs), slices.Max(xs), len(xs))
}

// others is how many processors were used by others, in either half of a round.
func others(r [2]line) string {
	if r[0].others < 0 || r[1].others < 0 {
		return "not known"
	}
	return fmt.Sprintf("%.2f %.2f", r[0].others, r[1].others)
}
