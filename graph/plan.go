package graph

import "slices"

// plan decides, for one formula, what is computed when and where it is kept.
// It knows no number type.
type plan struct {
	g      *Builder
	order  []*value // what is needed, in order of creation
	spots  []spot   // by value.index
	stores []*store
	end    int // the time after the last operation
	arena  int // elements

	derive []*value // to be computed once for each version of the parameters
	body   []*value // to be computed in each run; of a loop the first
	loops  []*loop  // by value.index: what computes it along with others
	segs   []segment
	flops  float64 // of the body, about
	crew   int     // more workers would have nothing to do
	fixed  []bool
}

// spot is where a value lives and how long it is needed.
type spot struct {
	live bool
	time int  // position in the order
	last int  // when it was read last by an operation that computes
	kept bool // must survive the run's operations

	home     *value   // the value in whose memory it lies, or
	st       *store   // the memory of its own
	row, col int      // position in home or st
	inside   []*value // values whose home it is
	since    int      // when its place was first written
	split    split    // how workers share its computation
}

// store is one piece of memory with rows of one width.
type store struct {
	id          int
	kind        storeKind
	cols        int
	lo, hi      int // rows used, lo may be negative
	first, last int // first written, last read
	offset      int // in the arena, in elements
	roots       []*value
	moved       *store // where this one has become a part of another
	row, col    int    // its place there
	param       *Param
	derived     *derived
	born, died  sharing // in the segments of its first and last use
}

type storeKind uint8

const (
	inArena    storeKind = iota // shared in time with other values
	outside                     // memory of the program's own
	ofParam                     // a parameter's tensor
	ofGrad                      // a parameter's gradient
	fromParams                  // depends on parameters alone, kept with them
)

func newPlan(g *Builder) *plan {
	p := &plan{g: g, spots: make([]spot, len(g.values))}
	p.mark()
	p.placeLeaves()
	for i := len(p.order) - 1; i >= 0; i-- {
		p.placeParts(p.order[i])
	}
	for _, v := range p.order {
		p.placeRest(v)
	}
	p.forget()
	p.lifetimes()
	p.work()
	p.segs = p.segments(p.body)
	p.crew = crew(p.segs)
	p.arena = pack(p.stores)
	return p
}

// work lists what has to be computed.
func (p *plan) work() {
	for _, v := range p.order {
		l := p.loops[v.index]
		switch {
		case isLeaf(v) || isView(v.kind) || p.joined(v) || (l != nil && v != l.vs[0]):
		case p.fixed[v.index]:
			p.derive = append(p.derive, v)
		default:
			p.at(v).split = p.splitOf(v)
			p.body = append(p.body, v)
			p.flops += p.flopsOf(v)
		}
	}
}

// flops is about how many floating-point operations a value costs.
func flops(v *value) float64 {
	n := float64(size(v.shape))
	switch k := v.kind.(type) {
	case matMul:
		a, _ := k.factors(v.in)
		if k.tA {
			return 2 * n * float64(a.rows())
		}
		return 2 * n * float64(a.cols())
	case conv:
		return 2 * n * float64(v.in[1].rows())
	case convInput:
		return 2 * float64(size(v.in[0].shape)) * float64(v.in[1].rows())
	case convWeights:
		return 2 * n * float64(v.in[1].rows())
	case batched:
		a, _ := k.factors(v.in)
		if _, steps := batch(a); k.tA {
			return 2 * n * float64(steps)
		}
		return 2 * n * float64(a.cols())
	case additive, additiveGrad: // each element of the queries with each key
		n = float64(size(v.in[0].shape) * v.in[1].shape[0])
	}
	if isListed(v) {
		n = float64(v.cols() * v.in[0].most())
	}
	return 8 * n
}

// joined says whether all parts of a stack or of joined columns are written in
// their places, so that nothing is left to do.
func (p *plan) joined(v *value) bool {
	_, down := v.kind.(stack)
	_, across := v.kind.(concat)
	if v.ids || (!down && !across) {
		return false
	}
	st, row, col := p.locate(v)
	for _, x := range v.in {
		if s, r, c := p.locate(x); s != st || r != row || c != col {
			return false
		}
		if down {
			row += x.rows()
		} else {
			col += x.cols()
		}
	}
	return true
}

func (p *plan) at(v *value) *spot { return &p.spots[v.index] }

// mark finds what the results need, orders it and notes the last reads.
func (p *plan) mark() {
	for _, r := range p.roots() {
		p.at(r).live = true
		p.at(r).kept = true
	}
	for i := len(p.g.values) - 1; i >= 0; i-- {
		if v := p.g.values[i]; p.spots[i].live {
			for _, c := range v.in {
				p.at(c).live = true
			}
		}
	}
	p.findFixed()
	p.fuse()
	for _, v := range p.order {
		if isView(v.kind) {
			p.at(v.in[0]).inside = append(p.at(v.in[0]).inside, v)
			continue
		}
		for _, c := range v.in {
			p.at(c).last = max(p.at(c).last, p.at(v).time)
		}
	}
	for _, r := range p.roots() {
		p.at(r).last = p.end
	}
}

// roots are the values that must exist after a run.
func (p *plan) roots() []*value {
	var rs []*value
	for _, o := range p.g.outputs {
		rs = append(rs, o.v)
	}
	for _, c := range p.g.carried {
		rs = append(rs, c.leaf, c.next)
	}
	for _, u := range p.g.updates {
		rs = append(rs, u.grad)
	}
	return rs
}

// findFixed finds what depends on parameters and constants alone, in programs
// that only evaluate.
func (p *plan) findFixed() {
	p.fixed = make([]bool, len(p.g.values))
	if p.g.Train || p.g.plain {
		return
	}
	for _, v := range p.g.values {
		p.fixed[v.index] = v.settled && p.at(v).live
	}
}

// isView says whether a value is only another way to see its operand.
func isView(k kind) bool {
	switch k.(type) {
	case rows, cols, cut, alias:
		return true
	}
	return false
}

// placeLeaves gives parameters, inputs, constants and gradients their memory.
func (p *plan) placeLeaves() {
	for _, v := range p.order {
		if v.ids {
			continue
		}
		switch k := v.kind.(type) {
		case *parameter:
			p.root(v, &store{kind: ofParam, param: k.p})
		case *input, constant, *fixed, keep:
			p.root(v, &store{kind: outside})
		}
	}
	for _, u := range p.g.updates {
		if s := p.at(u.grad); s.st == nil && !isView(u.grad.kind) && len(u.grad.in) > 0 {
			p.root(u.grad, &store{kind: ofGrad, param: u.param})
		}
	}
	keys := map[*value]derivedKey{}
	for _, v := range p.order {
		if p.fixed[v.index] && len(v.in) > 0 && !isView(v.kind) {
			p.root(v, &store{kind: fromParams, derived: p.g.params.derivedFor(v, keys)})
		}
	}
}

// root gives v a new store.
func (p *plan) root(v *value, st *store) {
	st.cols = v.cols()
	st.hi = v.rows()
	st.id = len(p.stores)
	st.roots = append(st.roots, v)
	p.stores = append(p.stores, st)
	s := p.at(v)
	s.st, s.row, s.col = st, 0, 0
}

// forget leaves out the stores that have become parts of others.
func (p *plan) forget() {
	p.stores = slices.DeleteFunc(p.stores, func(st *store) bool { return st.moved != nil })
	for i, st := range p.stores {
		st.id = i
	}
}

// placed says whether v has a position.
func (s *spot) placed() bool { return s.st != nil || s.home != nil }

// put makes the memory of v a part of that of home.
func (p *plan) put(v, home *value, row, col int) {
	s := p.at(v)
	s.home, s.row, s.col = home, row, col
	h := p.at(home)
	h.inside = append(h.inside, v)
}

// locate is the store of v and its position in it.
func (p *plan) locate(v *value) (st *store, row, col int) {
	for {
		s := p.at(v)
		if st = s.st; st != nil {
			row, col = row+s.row, col+s.col
			for ; st.moved != nil; st = st.moved {
				row, col = row+st.row, col+st.col
			}
			return st, row, col
		}
		if s.home == nil && !isView(v.kind) {
			return nil, 0, 0
		}
		home, r, c := p.within(v)
		v, row, col = home, row+r, col+c
	}
}

// within is the home of v and the position of v in it; views have theirs from
// what they are.
func (p *plan) within(v *value) (home *value, row, col int) {
	switch k := v.kind.(type) {
	case rows:
		return v.in[0], k.lo * k.stride(v.in[0]), 0
	case cols:
		return v.in[0], 0, k.lo
	case cut:
		return v.in[0], k.at, 0
	case alias:
		return v.in[0], 0, 0
	}
	s := p.at(v)
	return s.home, s.row, s.col
}

// lifetimes notes for each store when it is first written and last read.
func (p *plan) lifetimes() {
	for _, st := range p.stores {
		st.first, st.last = p.end, 0
	}
	for _, v := range p.order {
		if v.ids || p.inLoop(v) {
			continue
		}
		st, _, _ := p.locate(v)
		s := p.at(v)
		if !isView(v.kind) {
			st.first = min(st.first, s.time)
		}
		st.last = max(st.last, s.time, s.last)
	}
}
