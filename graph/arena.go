package graph

import (
	"slices"

	"github.com/unroll-go/unroll/internal/kernel"
	"github.com/unroll-go/unroll/internal/pages"
)

// arena is the memory that programs run in. Programs of one cache share one.
type arena[F kernel.Float] struct {
	data       []F
	generation int // rises when data moves
}

// grow makes room for n elements.
func (a *arena[F]) grow(n int) {
	if n > len(a.data) {
		a.data = pages.Make[F](n)
		a.generation++
	}
}

// holes is the free memory below top, in order of position.
type holes struct {
	free []hole
	top  int
}

type hole struct{ at, n int }

// take finds the smallest hole of at least n elements, or grows the top.
func (h *holes) take(n int) int {
	best := -1
	for i, f := range h.free {
		if f.n >= n && (best < 0 || f.n < h.free[best].n) {
			best = i
		}
	}
	if best >= 0 {
		f := &h.free[best]
		at := f.at
		f.at, f.n = f.at+n, f.n-n
		if f.n == 0 {
			h.free = slices.Delete(h.free, best, best+1)
		}
		return at
	}
	if i := len(h.free) - 1; i >= 0 && h.free[i].at+h.free[i].n == h.top { // extend the last hole
		at := h.free[i].at
		h.free = h.free[:i]
		h.top = at + n
		return at
	}
	h.top += n
	return h.top - n
}

// give returns memory, joining neighbours.
func (h *holes) give(at, n int) {
	i, _ := slices.BinarySearchFunc(h.free, at, func(f hole, at int) int { return f.at - at })
	h.free = slices.Insert(h.free, i, hole{at, n})
	if i+1 < len(h.free) && at+n == h.free[i+1].at {
		h.free[i].n += h.free[i+1].n
		h.free = slices.Delete(h.free, i+1, i+2)
	}
	if i > 0 && h.free[i-1].at+h.free[i-1].n == at {
		h.free[i-1].n += h.free[i].n
		h.free = slices.Delete(h.free, i, i+1)
	}
}
