package graph

import (
	"slices"
	"sort"
)

// Arena is the memory that programs run in. Programs of one cache share one.
type arena[F any] struct {
	data       []F
	generation int // rises when data moves
}

// grow makes room for n elements.
func (a *arena[F]) grow(n int) {
	if n > len(a.data) {
		a.data = make([]F, n)
		a.generation++
	}
}

// line is the alignment of stores in elements: 64 bytes of float32.
const line = 16

// pack gives the stores of the arena offsets such that those needed at the same
// time do not overlap, and returns the size of the arena. Stores are taken in
// the order of their first write; each gets the smallest hole it fits in.
func pack(stores []*store) int {
	var in []*store
	for _, st := range stores {
		if st.kind == inArena {
			in = append(in, st)
		}
	}
	byEnd := slices.Clone(in)
	sort.SliceStable(in, func(i, j int) bool { return in[i].first < in[j].first })
	sort.SliceStable(byEnd, func(i, j int) bool { return byEnd[i].last < byEnd[j].last })
	var h holes
	done := 0
	for _, st := range in {
		for ; byEnd[done].last < st.first; done++ {
			h.give(byEnd[done].offset, byEnd[done].length())
		}
		st.offset = h.take(st.length())
	}
	return h.top
}

// length is the size of a store in elements, rounded up.
func (st *store) length() int {
	n := (st.hi - st.lo) * st.cols
	return (n + line - 1) / line * line
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
	i := sort.Search(len(h.free), func(i int) bool { return h.free[i].at > at })
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
