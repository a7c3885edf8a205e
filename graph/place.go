package graph

import "slices"

// placeParts lets the parts of a stack or of joined columns be written where
// they belong, so that joining costs nothing. Values are visited last first,
// so that an outer stack is placed before its parts' own parts.
func (p *plan) placeParts(v *value) {
	if v.ids {
		return
	}
	switch v.kind.(type) {
	case stack:
		if !p.at(v).placed() && !p.anchor(v) {
			p.root(v, &store{kind: inArena})
		}
		row := 0
		for _, c := range v.in {
			p.claim(c, v, row, 0)
			row += c.rows()
		}
	case concat:
		if !p.at(v).placed() {
			p.root(v, &store{kind: inArena})
		}
		col := 0
		for _, c := range v.in {
			p.claim(c, v, 0, col)
			col += c.cols()
		}
	}
}

// claim places part c in v if c is free to be placed; if not, joining copies it.
func (p *plan) claim(c, v *value, row, col int) {
	if p.free(c) {
		p.put(c, v, row, col)
	}
}

func (p *plan) free(c *value) bool {
	return len(c.in) > 0 && !isView(c.kind) && !p.at(c).placed()
}

// anchor tries to lay a stack over memory in which some of its parts already
// lie in the right order: the states h[0..T-1] and h[1..T] are two stacks that
// overlap in one store.
func (p *plan) anchor(v *value) bool {
	row := 0
	var st *store
	var top, left int
	for _, c := range v.in {
		if s, r, l := p.locate(c); st == nil && s != nil && s.kind == inArena && len(c.in) > 0 {
			st, top, left = s, r-row, l
		}
		row += c.rows()
	}
	if st == nil {
		return false
	}
	row = top
	for _, c := range v.in { // what is not in its place needs room there
		s, r, l := p.locate(c)
		if inPlace := s == st && r == row && l == left; !inPlace && p.occupied(st, region{row, left, c.rows(), c.cols()}) {
			return false
		}
		row += c.rows()
	}
	s := p.at(v)
	s.st, s.row, s.col = st, top, left
	st.lo, st.hi = min(st.lo, top), max(st.hi, top+v.rows())
	st.roots = append(st.roots, v)
	return true
}

// region is a rectangle of a store.
type region struct{ row, col, rows, cols int }

func (a region) meets(b region) bool {
	return a.row < b.row+b.rows && b.row < a.row+a.rows && a.col < b.col+b.cols && b.col < a.col+a.cols
}

func (p *plan) occupied(st *store, r region) bool {
	for _, v := range st.roots {
		if s := p.at(v); r.meets(region{s.row, s.col, v.rows(), v.cols()}) {
			return true
		}
	}
	return false
}

// placeRest places what has no position yet: over an operand that nobody reads
// any more, or in new memory. Values are visited first to last.
func (p *plan) placeRest(v *value) {
	l := p.loops[v.index]
	if l != nil && v == l.vs[0] {
		p.underlay(l)
	}
	if v.ids || p.at(v).placed() || isView(v.kind) || p.inLoop(v) {
		return
	}
	if l != nil {
		p.placeResult(v, l)
		return
	}
	for i, c := range v.in {
		if !c.ids && v.kind.inPlace(v, i) && p.disjoint(v, i) && p.canOverwrite(c, p.at(v).time) {
			p.over(v, c)
			return
		}
	}
	p.root(v, &store{kind: inArena})
}

// placeResult places a result of a loop: over one of its operands, preferably of
// v itself, or in new memory.
func (p *plan) placeResult(v *value, l *loop) {
	for _, c := range append(slices.Clone(v.in), l.in...) {
		if p.loops[c.index] != l && full(c, v) && p.apart(c, l) && p.canOverwrite(c, p.at(v).time) {
			p.over(v, c)
			return
		}
	}
	p.root(v, &store{kind: inArena})
}

// apart says whether every operand of a loop lies exactly where c does or where
// c is not.
func (p *plan) apart(c *value, l *loop) bool {
	st, here := p.region(c)
	for _, x := range l.in {
		if s, r := p.region(x); s == st && r.meets(here) && r != here {
			return false
		}
	}
	return true
}

// over places v where c lies. Everything in that place has been read for the
// last time, so v takes the place of c in what c lies in, and a chain of any
// number of operations in one place stays one deep.
func (p *plan) over(v, c *value) {
	_, r := p.region(c)
	p.at(v).since = min(p.at(v).since, p.since(c))
	for p.at(c).st == nil { // to the outermost value that fills the place
		home, _, _ := p.within(c)
		if _, h := p.region(home); h != r {
			break
		}
		c = home
		p.at(v).since = min(p.at(v).since, p.since(c))
	}
	s, st := p.at(v), p.at(c).st
	if st != nil {
		s.st, s.row, s.col = st, p.at(c).row, p.at(c).col
		st.roots[slices.Index(st.roots, c)] = v
		return
	}
	s.home, s.row, s.col = p.within(c)
	inside := p.at(s.home).inside
	inside[slices.Index(inside, c)] = v
}

// since is when v or anything inside it was first written.
func (p *plan) since(v *value) int {
	t := p.at(v).since
	for _, c := range p.at(v).inside {
		t = min(t, p.since(c))
	}
	return t
}

// disjoint says whether no other operand of v shares memory with operand i, which
// v is to be written over: v would destroy what it still has to read. Only
// elementwise operations may have the very same matrix twice.
func (p *plan) disjoint(v *value, i int) bool {
	_, elementwise := v.kind.(interface{ elementwise() })
	st, here := p.region(v.in[i])
	for j, c := range v.in {
		if j == i || c.ids {
			continue
		}
		if s, r := p.region(c); s == st && r.meets(here) && !(elementwise && r == here) {
			return false
		}
	}
	return true
}

// region is the place of v in its store.
func (p *plan) region(v *value) (*store, region) {
	st, row, col := p.locate(v)
	return st, region{row, col, v.rows(), v.cols()}
}

// canOverwrite says whether everything that shares memory with c has been read
// for the last time by time t.
func (p *plan) canOverwrite(c *value, t int) bool {
	st, r := p.region(c)
	if st == nil || st.kind != inArena {
		return false
	}
	for _, root := range st.roots {
		if s := p.at(root); !p.dead(root, s.row, s.col, r, t) {
			return false
		}
	}
	return true
}

// dead says whether v, which lies at a position, and all inside it that meets r
// is not read after t.
func (p *plan) dead(v *value, row, col int, r region, t int) bool {
	if !r.meets(region{row, col, v.rows(), v.cols()}) {
		return true
	}
	s := p.at(v)
	if s.last > t || s.kept {
		return false
	}
	for _, c := range s.inside {
		if _, dr, dc := p.within(c); !p.dead(c, row+dr, col+dc, r, t) {
			return false
		}
	}
	return true
}
