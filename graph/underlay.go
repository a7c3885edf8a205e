package graph

// The gates of a step are needed until their gradients are computed, by one loop,
// and these have their places already: columns of a stack. So the gates are put
// there from the beginning, and the gradients are written over them: a step of
// training touches half the memory.

// underlay puts memory that ends with a loop where those results of the loop
// will be that have their place.
func (p *plan) underlay(l *loop) {
	for _, joined := range []bool{true, false} {
		for _, x := range l.in {
			if st, _, _ := p.locate(x); !x.ids && st.kind == inArena && p.ends(st, p.at(l.vs[0]).time) {
				p.lay(st, l, joined)
			}
		}
	}
}

// ends says whether nothing in a store is read after time t.
func (p *plan) ends(st *store, t int) bool {
	all := region{st.lo, 0, st.hi - st.lo, st.cols}
	for _, v := range st.roots {
		if s := p.at(v); !p.dead(v, s.row, s.col, all, t) {
			return false
		}
	}
	return true
}

// lay moves a store to where results of the loop will be, joined with others or
// alone, if there is such a place of its size.
func (p *plan) lay(st *store, l *loop, joined bool) {
	for _, y := range l.out {
		if joined {
			y = p.at(y).home
		}
		if y == nil || !p.at(y).placed() || y.rows() != st.hi-st.lo || y.cols() != st.cols {
			continue
		}
		if to, r := p.region(y); to != st && to.kind == inArena && p.fits(st, to, r, l) {
			p.move(st, to, r.row-st.lo, r.col)
			return
		}
	}
}

// fits says whether st can lie in a region of another store until the loop: if
// nothing is written there before, and elements are written over by results of
// the loop only in the very place of an operand.
func (p *plan) fits(st, to *store, r region, l *loop) bool {
	t := p.at(l.vs[0]).time
	for _, v := range to.roots {
		if s := p.at(v); p.written(v, s.row, s.col, r, t) {
			return false
		}
	}
	for _, x := range l.in {
		s, q := p.region(x)
		if s != st {
			continue
		}
		q.row, q.col = q.row+r.row-st.lo, q.col+r.col
		for _, y := range l.out {
			if s, o := p.region(y); s == to && o.meets(q) && o != q {
				return false
			}
		}
	}
	return true
}

// written says whether v, which lies at a position, or anything inside it is
// written in r before time t.
func (p *plan) written(v *value, row, col int, r region, t int) bool {
	if !r.meets(region{row, col, v.rows(), v.cols()}) {
		return false
	}
	s := p.at(v)
	if s.since < t && !isView(v.kind) {
		return true
	}
	for _, c := range s.inside {
		if _, dr, dc := p.within(c); p.written(c, row+dr, col+dc, r, t) {
			return true
		}
	}
	return false
}

// move makes st a part of another store.
func (p *plan) move(st, to *store, row, col int) {
	st.moved, st.row, st.col = to, row, col
	for _, v := range st.roots {
		s := p.at(v)
		s.st, s.row, s.col = to, s.row+row, s.col+col
	}
	to.roots = append(to.roots, st.roots...)
}
