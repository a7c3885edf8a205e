package graph

// segment is a run of operations that workers compute without waiting for each
// other: each takes the same rows of all of them. An unrolled network is row by
// row the same work, so that all time steps of a layer are one segment.
type segment struct {
	from, to int // positions among the operations
	n        int // rows, or columns, to share; 0: one worker does it all
}

// segments cuts the operations, given in order, into segments, and tells each
// store how it is used in the segments of its first and last use.
func (p *plan) segments(ops []*value) []segment {
	var out []segment
	c := cutter{p: p}
	for i, v := range ops {
		s := p.at(v).split
		if i == 0 || !c.joins(v, s) {
			c.close(len(out))
			out = append(out, segment{from: i, n: s.n})
			c.open(s)
		}
		c.add(v, s)
		out[len(out)-1].to = i + 1
	}
	c.close(len(out))
	return out
}

// rowsEach is how many rows of the longest segment a worker should have: with
// fewer the weights that each reads cost more than the sharing gains.
const rowsEach = 4

// crew is how many workers the longest segment has work for, at least two: on a
// machine of many processors the others would only meet at the gates.
func crew(segs []segment) int {
	var longest segment
	for _, s := range segs {
		if s.to-s.from > longest.to-longest.from {
			longest = s
		}
	}
	return max(2, longest.n/rowsEach)
}

// cutter follows how the segment at hand uses the stores.
type cutter struct {
	p    *plan
	n    int
	unit int
	cols bool
	use  map[*store]*usage
	ids  map[*value]bool // integers written
}

// own says whether a worker needs no rows but those that are its own in every
// result of the segment.
func (p part) own() bool { return p == byRows || p == byBatch }

// usage is how a segment uses a store.
type usage struct {
	phase   int  // first row of the matrices in it, modulo the rows of the segment
	mixed   bool // matrices that begin at other rows too
	written bool
	whole   bool // a worker reads rows of others
}

func (c *cutter) open(s split) {
	c.n, c.unit, c.cols = s.n, s.unit, s.cols
	c.use, c.ids = map[*store]*usage{}, map[*value]bool{}
}

// joins says whether v can be computed row by row along with the segment.
func (c *cutter) joins(v *value, s split) bool {
	if s.n != c.n || s.n == 0 || s.unit != c.unit || s.cols || c.cols {
		return false
	}
	for i, x := range c.p.reads(v) {
		switch u, phase := c.of(x); {
		case x.ids:
			if c.ids[x] {
				return false
			}
		case u == nil || !u.written:
		case !s.parts(i).own() || u.mixed || u.phase != phase:
			return false
		}
	}
	if v.ids {
		return true
	}
	for _, y := range c.p.writes(v) {
		if u, phase := c.of(y); u != nil && (u.whole || u.mixed || u.phase != phase) {
			return false
		}
	}
	return true
}

// of is the usage of the store of v so far, and the phase of v in it.
func (c *cutter) of(v *value) (*usage, int) {
	if v.ids {
		return nil, 0
	}
	st, row, _ := c.p.locate(v)
	return c.use[st], c.phase(row)
}

func (c *cutter) phase(row int) int {
	if c.n == 0 {
		return 0
	}
	return ((row % c.n) + c.n) % c.n
}

// add notes the use of the stores by v.
func (c *cutter) add(v *value, s split) {
	for i, x := range c.p.reads(v) {
		if !x.ids {
			c.note(x, false, s.n == 0 || !s.parts(i).own())
		}
	}
	if v.ids {
		c.ids[v] = true
		return
	}
	for _, y := range c.p.writes(v) {
		c.note(y, true, false)
	}
}

func (c *cutter) note(v *value, written, whole bool) {
	st, row, _ := c.p.locate(v)
	phase := c.phase(row)
	u := c.use[st]
	if u == nil {
		u = &usage{phase: phase}
		c.use[st] = u
	}
	u.mixed = u.mixed || u.phase != phase
	u.written = u.written || written
	u.whole = u.whole || whole
}

// close tells the stores how the segment numbered at-1 has used them.
func (c *cutter) close(at int) {
	for st, u := range c.use {
		shape := sharing{segment: at - 1, rows: st.hi - st.lo, stride: st.stride(), n: c.n, phase: c.phase(u.phase - st.lo)}
		if u.mixed || u.whole || c.cols || c.n == 0 {
			shape.n = -1
		}
		if st.born == (sharing{}) {
			st.born = shape
		}
		st.died = shape
	}
	c.use = nil
}

// sharing is how workers share a store in one segment. Where it is equal, one
// store can follow another in the same memory within the segment: each worker
// then only ever meets its own rows.
type sharing struct {
	segment, rows, stride, n, phase int
}
