package graph

import "math/bits"

// Traffic is what operations read and write, in bytes: each takes every operand
// once and writes its result once, wherever these lie. Most of it stays in the
// caches; what makes it large is what a fused loop or a view would save.
type Traffic struct{ Read, Written int }

func (t Traffic) plus(u Traffic) Traffic { return Traffic{t.Read + u.Read, t.Written + u.Written} }

// traffic is that of one operation, floats having the width in bytes.
func (p *plan) traffic(v *value, width int) Traffic {
	t := Traffic{}
	for _, y := range p.writes(v) {
		t.Written += room(y, width)
	}
	for i, x := range p.reads(v) {
		n := room(x, width)
		if _, rows, some := v.rowsOf(splitOf(v), i); some {
			n = n / x.rows() * rows
		}
		t.Read += n
	}
	if p.loops[v.index] != nil {
		return t
	}
	switch k := v.kind.(type) {
	case stack, concat:
		n := p.misplaced(v, width)
		return Traffic{n, n}
	case gather: // of the table, the rows that are looked up
		t.Read = t.Written + v.rows()*bits.UintSize/8
	case scatter:
		if k.listed {
			t.Written = v.in[0].most() * v.cols() * width
		}
	case touch: // clears the rows of the run before, as many as its own at most
		t.Written += v.most() * k.p.Cols() * width
	case matMul:
		if _, w := k.factors(v.in); p.narrowed(k, w) {
			t.Read -= size(w.shape) * (width - p.g.narrow.bytes())
		}
	}
	return t
}

// room is how many bytes a value has.
func room(v *value, width int) int {
	if v.ids {
		width = bits.UintSize / 8
	}
	return size(v.shape) * width
}

// misplaced is the size of those parts of a stack or of joined columns that do
// not lie in their places and have to be copied.
func (p *plan) misplaced(v *value, width int) int {
	if v.ids {
		return room(v, width)
	}
	_, down := v.kind.(stack)
	st, row, col := p.locate(v)
	n := 0
	for _, x := range v.in {
		if s, r, c := p.locate(x); s != st || r != row || c != col {
			n += room(x, width)
		}
		if down {
			row += x.rows()
		} else {
			col += x.cols()
		}
	}
	return n
}
