package graph

import "slices"

// line is the alignment of stores in elements: 64 bytes of float32.
const line = 16

// stride is the distance of rows in elements. Rows in the arena whose distance were a multiple of a kilobyte are moved
// apart by a line: the lines of one column would otherwise share a few places of the first-level cache.
func (st *store) stride() int {
	if st.kind == inArena && st.cols%256 == 0 && st.hi-st.lo > 1 {
		return st.cols + line
	}
	return st.cols
}

// length is the size of a store in elements, rounded up.
func (st *store) length() int {
	n := (st.hi - st.lo) * st.stride()
	return (n + line - 1) / line * line
}

// pack gives the stores of the arena offsets such that those needed at the same
// time do not overlap, and returns the size of the arena. Stores are taken in
// the order of their first write; each gets the smallest hole it fits in.
//
// Within a segment workers do not wait for each other, so there a store may
// follow another only in exactly its place and only if both are shared alike;
// other memory becomes free when the segment ends.
func pack(stores []*store) int {
	var in []*store
	for _, st := range stores {
		if st.kind == inArena {
			in = append(in, st)
		}
	}
	byEnd := slices.Clone(in)
	slices.SortStableFunc(in, func(a, b *store) int { return a.first - b.first })
	slices.SortStableFunc(byEnd, func(a, b *store) int { return a.last - b.last })
	var h holes
	warm := map[sharing][]int{} // offsets that are free within the segment
	segment, done := -1, 0
	for _, st := range in {
		if st.born.segment != segment {
			segment = st.born.segment
			for k, offsets := range warm {
				for _, at := range offsets {
					h.give(at, k.length())
				}
				delete(warm, k)
			}
		}
		for ; byEnd[done].last < st.first; done++ {
			d := byEnd[done]
			if d.died.segment == segment {
				warm[d.died] = append(warm[d.died], d.offset)
			} else {
				h.give(d.offset, d.length())
			}
		}
		if free := warm[st.born]; len(free) > 0 && st.born.n > 0 {
			st.offset = free[len(free)-1]
			warm[st.born] = free[:len(free)-1]
		} else {
			st.offset = h.take(st.length())
		}
	}
	return h.top
}

func (s sharing) length() int { return (s.rows*s.stride + line - 1) / line * line }
