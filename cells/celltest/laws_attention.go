package celltest

import (
	"math"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/graph"
)

func weigh(t *testing.T, a attention) {
	each(t, func(t *testing.T, p precision) {
		l := a.looks(5, 0, 1, 3, 9)
		contexts, weights := a.reads(t, p, l)
		for k := range l.T * l.B {
			b := k % l.B
			sum, mean := 0.0, make([]float64, a.memory)
			for s, w := range row(weights, l.T*l.B, k) {
				if (s < l.lens[b]) != (w > 0) || w < 0 {
					t.Errorf("row of length %d: step %d has the weight %v", l.lens[b], s, w)
				}
				sum += w
				for j, m := range row(row(l.memory, l.S, s), l.B, b) {
					mean[j] += w * m
				}
			}
			if want := float64(min(l.lens[b], 1)); !(math.Abs(sum-want) <= p.tolerance) {
				t.Errorf("row of length %d: the weights sum to %v", l.lens[b], sum)
			}
			near(t, "context", row(contexts, l.T*l.B, k), mean, p.tolerance)
		}
	})
}

func full(t *testing.T, a attention) {
	each(t, func(t *testing.T, p precision) {
		l := a.looks(5, 5)
		contexts, weights := a.reads(t, p, l)
		l.lens = nil
		got, w := a.reads(t, p, l)
		near(t, "contexts", got, contexts, p.tolerance)
		near(t, "weights", w, weights, p.tolerance)
	})
}

func beyond(t *testing.T, a attention) {
	each(t, func(t *testing.T, p precision) {
		l := a.looks(2, 0, 4)
		contexts, weights := a.reads(t, p, l)
		for b, n := range l.lens {
			for s := n; s < l.S; s++ {
				negate(row(row(l.memory, l.S, s), l.B, b))
			}
		}
		got, w := a.reads(t, p, l)
		bits(t, "contexts", got, contexts)
		bits(t, "weights", w, weights)
	})
}

func permuting(t *testing.T, a attention) {
	each(t, func(t *testing.T, p precision) {
		l := a.looks(5, 5)
		contexts, weights := a.reads(t, p, l)
		l.memory = flipped(l.memory, l.S)
		got, w := a.reads(t, p, l)
		near(t, "contexts", got, contexts, p.tolerance)
		for k := range l.T * l.B {
			slices.Reverse(row(w, l.T*l.B, k))
		}
		near(t, "weights in reverse", w, weights, p.tolerance)
	})
}

func batchRows(t *testing.T, a attention) {
	each(t, func(t *testing.T, p precision) {
		const changed = 1
		l := a.looks(5, 4, 2)
		contexts, weights := a.reads(t, p, l)
		other := a.looks(5, 4, 2)
		for i := range l.T {
			negate(row(row(other.queries, l.T, i), l.B, changed))
		}
		for s := range l.S {
			negate(row(row(other.memory, l.S, s), l.B, changed))
		}
		got, w := a.reads(t, p, other)
		for b := range l.B {
			if b == changed {
				continue
			}
			c, v := column(contexts, l.T, l.B, b), column(weights, l.T, l.B, b)
			bits(t, stateName("contexts of row ", b), column(got, l.T, l.B, b), c)
			bits(t, stateName("weights of row ", b), column(w, l.T, l.B, b), v)
			alone := look{T: l.T, B: 1, S: l.S, lens: l.lens[b : b+1]}
			alone.queries, alone.memory = column(l.queries, l.T, l.B, b), column(l.memory, l.S, l.B, b)
			one, ones := a.reads(t, p, alone)
			near(t, stateName("contexts by itself, row ", b), one, c, p.tolerance)
			near(t, stateName("weights by itself, row ", b), ones, v, p.tolerance)
		}
	})
}

func atOnce(t *testing.T, a attention) {
	a.alike(t, func(l *look) { l.atOnce = true })
}

func keysHanded(t *testing.T, a attention) {
	a.alike(t, func(l *look) { l.handed = true })
}

func readPlain(t *testing.T, a attention) {
	a.alike(t, func(l *look) { l.opts = []graph.Option{graph.Plain} })
}

// alike asks that a look gives the same when it is made another way.
func (a attention) alike(t *testing.T, change func(l *look)) {
	each(t, func(t *testing.T, p precision) {
		l := a.looks(5, 0, 3)
		contexts, weights := a.reads(t, p, l)
		change(&l)
		got, w := a.reads(t, p, l)
		near(t, "contexts", got, contexts, p.tolerance)
		near(t, "weights", w, weights, p.tolerance)
	})
}
