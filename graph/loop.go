package graph

import (
	"slices"

	"github.com/unroll-go/unroll/internal/kernel"
)

// Elementwise operations on one shape that belong to one time step become one
// loop with several results: the gates of an LSTM are one forward, their
// gradients another. A loop takes a block of rows through all of its operations
// before it takes the next, so that what only its own operations read is never
// written to memory, and a result may lie over any operand that dies in it: two
// gradients over the two gates that both of them need.
//
// Loops belong to the plan. The formula, its derivatives and its bits are those
// of the operations.

// pointwise is implemented by kinds that may be part of a loop: an element of the
// result needs the same element of operands of the same size, and what spreads.
type pointwise interface {
	lane() (op kernel.Op, k float64)
}

// apply runs an elementwise operation alone.
func (c *call[F]) apply(op kernel.Op, k float64) { kernel.Apply(op, k, c.out, c.in) }

// loop is operations that run as one.
type loop struct {
	vs  []*value // what it computes, in order
	in  []*value // what it reads beside, each once
	out []*value // those of vs that others read too

	recipe *recipe
}

const (
	loopValues = 48 // that one loop computes at most
	loopReads  = 32 // that it reads at most
)

// fuser puts values in order, those of a loop together.
type fuser struct {
	p     *plan
	done  []bool     // by value.index: has its unit
	units [][]*value // the first: all leaves
	views [][]*value // by unit: of its values
	loops []bool     // by unit: may take more
	reads []int      // by unit: what it reads
	at    []int      // by value.index: the unit
	last  []int      // by value.index: the last loop that reads it or a view of it, or 0
	pairs map[*value]*pair
}

// fuse orders the live values: in order of creation, but for those that join a
// loop that comes before.
func (p *plan) fuse() {
	n := len(p.g.values)
	f := &fuser{p: p, done: make([]bool, n), at: make([]int, n), last: make([]int, n), pairs: p.pairs()}
	f.open(false)
	for i, v := range p.g.values {
		if p.spots[i].live {
			f.place(v)
		}
	}
	for t, vs := range f.units {
		for _, v := range append(vs, f.views[t]...) {
			p.at(v).time, p.at(v).since = t, t
			p.order = append(p.order, v)
		}
	}
	p.end = len(f.units)
	p.findLoops(f.units)
}

// place gives v a unit.
func (f *fuser) place(v *value) {
	_, lane := v.kind.(pointwise)
	switch {
	case f.done[v.index] || f.both(v):
	case isLeaf(v):
		f.add(v, 0)
	case isView(v.kind):
		u := f.at[v.in[0].index]
		f.at[v.index], f.done[v.index] = u, true
		f.views[u] = append(f.views[u], v)
	case lane && !f.p.g.plain && !f.p.fixed[v.index]:
		f.join(v)
	default:
		f.add(v, f.open(false))
	}
}

// isLeaf says whether v has its value before a run.
func isLeaf(v *value) bool {
	_, mask := v.kind.(*dropMask)
	return len(v.in) == 0 && !mask
}

// open begins a unit.
func (f *fuser) open(loop bool) int {
	f.units, f.views = append(f.units, nil), append(f.views, nil)
	f.loops, f.reads = append(f.loops, loop), append(f.reads, 0)
	return len(f.units) - 1
}

func (f *fuser) add(v *value, u int) {
	f.units[u] = append(f.units[u], v)
	f.at[v.index], f.done[v.index] = u, true
}

// join puts v into the latest loop that computes one of its operands or reads
// one too, or into a new one.
func (f *fuser) join(v *value) {
	u := 0
	for _, x := range v.in {
		if at := f.at[x.index]; f.loops[at] {
			u = max(u, at)
		}
		u = max(u, f.last[base(x).index])
	}
	if u == 0 || !f.takes(u, v) {
		u = f.open(true)
	}
	for _, x := range v.in {
		if f.at[x.index] != u && f.last[x.index] != u {
			f.reads[u]++
		}
		f.last[x.index], f.last[base(x).index] = u, u
	}
	f.add(v, u)
}

// takes says whether v can be computed in the loop of unit u: all its operands
// are ready, or made there.
func (f *fuser) takes(u int, v *value) bool {
	first := f.units[u][0]
	if (first.step != v.step && !f.made(u, v)) || first.rows() != v.rows() || first.cols() != v.cols() {
		return false
	}
	if len(f.units[u]) >= loopValues || f.reads[u]+len(v.in) > loopReads {
		return false
	}
	for _, x := range v.in {
		at := f.at[x.index]
		if at > u || (at == u && (isView(x.kind) || !full(x, v))) {
			return false
		}
	}
	return true
}

// made says whether the loop of unit u makes an operand of v.
func (f *fuser) made(u int, v *value) bool {
	return slices.ContainsFunc(v.in, func(x *value) bool { return f.at[x.index] == u })
}

// base is what v is a view of.
func base(v *value) *value {
	for isView(v.kind) {
		v = v.in[0]
	}
	return v
}

// full says whether x has the size of v.
func full(x, v *value) bool { return x.rows() == v.rows() && x.cols() == v.cols() }

// findLoops notes the units of several values.
func (p *plan) findLoops(units [][]*value) {
	p.loops = make([]*loop, len(p.g.values))
	outside := make([]bool, len(p.g.values)) // read by another unit, or as a whole
	for _, v := range p.order {
		for _, x := range v.in {
			if isView(v.kind) || p.at(x).time != p.at(v).time {
				outside[x.index] = true
			}
		}
	}
	for _, r := range p.roots() {
		outside[r.index] = true
	}
	for _, vs := range units[1:] {
		if len(vs) < 2 {
			continue
		}
		l := &loop{vs: vs}
		for _, v := range vs {
			p.loops[v.index] = l
			if outside[v.index] {
				l.out = append(l.out, v)
			}
			for _, x := range v.in {
				if p.at(x).time != p.at(v).time && !slices.Contains(l.in, x) {
					l.in = append(l.in, x)
				}
			}
		}
	}
}

// inLoop says whether v never leaves the loop that computes it.
func (p *plan) inLoop(v *value) bool {
	l := p.loops[v.index]
	return l != nil && !slices.Contains(l.out, v)
}

// reads is what the operation of v, or its loop, reads, and writes what it
// leaves.
func (p *plan) reads(v *value) []*value {
	if l := p.loops[v.index]; l != nil {
		return l.in
	}
	return v.in
}

func (p *plan) writes(v *value) []*value {
	if l := p.loops[v.index]; l != nil {
		return l.out
	}
	return []*value{v}
}

// splitOf is how workers share the operation of v or its loop: each takes rows.
func (p *plan) splitOf(v *value) split {
	l := p.loops[v.index]
	if l == nil {
		return splitOf(v)
	}
	return split{n: v.rows(), parts: func(i int) part {
		if x := l.in[i]; x.ids || x.rows() == v.rows() {
			return byRows
		}
		return all
	}}
}

// flopsOf is about how many operations the loop of v, or v alone, costs.
func (p *plan) flopsOf(v *value) float64 {
	if l := p.loops[v.index]; l != nil {
		return float64(len(l.vs)) * flops(v)
	}
	return flops(v)
}
