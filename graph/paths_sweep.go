package graph

// sweep adds the gradients of E_t, which is element t of loss.
func (p *Paths) sweep(g *Builder, loss *value, t int) lossNodes {
	e := g.element(loss.node, t)
	l := lossNodes{t: t, loss: g.hidden(e)}
	got := g.reached(e, p.trace.variables(), nil)
	at := map[*use]int{}
	for i, u := range p.trace.uses {
		if got[i] != nil {
			at[u] = len(l.uses)
			l.uses = append(l.uses, useNodes{use: u, matrix: g.hidden(got[i])})
		}
	}
	i := len(p.trace.uses)
	for _, s := range p.trace.states {
		grads := make([]*value, len(s.made))
		for k := range s.made {
			if got[i] != nil {
				grads[k] = g.hidden(got[i])
			}
			i++
		}
		l.states = append(l.states, grads)
	}
	if p.trace.leaf != nil {
		total := got[i]
		if total == nil {
			total = g.Zeros(p.trace.leaf.shape...)
		}
		l.total = g.hidden(total)
		if p.of.Routes {
			p.routes(g, e, &l)
		}
	}
	return l
}

// variables are the uses, the states tensor by tensor, and the parameter if there is one.
func (t *trace) variables() []*Node {
	var wrt []*Node
	for _, u := range t.uses {
		wrt = append(wrt, u.alias.node)
	}
	for _, s := range t.states {
		for _, v := range s.made {
			wrt = append(wrt, v.node)
		}
	}
	if t.leaf != nil {
		wrt = append(wrt, t.leaf.node)
	}
	return wrt
}

// routes adds, for each use, the gradient without crossings and those with crossings in one state
// tensor alone.
func (p *Paths) routes(g *Builder, e *Node, l *lossNodes) {
	wrt := make([]*Node, len(l.uses))
	for i, u := range l.uses {
		wrt[i] = u.use.alias.node
	}
	through := func(open int) []*Node {
		stops := map[*value]bool{}
		for i, s := range p.trace.states {
			for _, v := range s.handed {
				stops[v] = i != open
			}
		}
		return g.reached(e, wrt, stops)
	}
	crossed := p.crossings(g, g.of[e])
	for i, d := range through(-1) {
		l.uses[i].mixed = crossed[l.uses[i].use.alias]&manyTensors != 0
		l.uses[i].direct = g.hidden(d)
	}
	for s := range p.trace.states {
		for i, d := range through(s) {
			l.uses[i].only = append(l.uses[i].only, g.hidden(d))
		}
	}
}

// What the paths from E to a value have crossed, as bits: bit i stands for paths in tensor i
// alone.
const (
	noTensor    uint64 = 1 << 63
	manyTensors uint64 = 1 << 62
)

// crossings says what the paths from e to each value cross.
func (p *Paths) crossings(g *Builder, e *value) map[*value]uint64 {
	tensor := map[*value]uint64{}
	for i, s := range p.trace.states {
		for _, v := range s.handed {
			tensor[v] = 1 << i
		}
	}
	found := map[*value]uint64{e: noTensor}
	for i := e.index; i >= 0; i-- {
		v := g.values[i]
		bits := found[v]
		if own := tensor[v]; own != 0 {
			bits = cross(bits, own)
		}
		if bits == 0 {
			continue
		}
		for _, c := range v.in {
			if !c.ids {
				found[c] |= bits
			}
		}
	}
	return found
}

// cross is what paths have crossed after a crossing in one more tensor.
func cross(bits, own uint64) uint64 {
	var after uint64
	if bits&(noTensor|own) != 0 {
		after |= own
	}
	if bits&^(noTensor|own) != 0 {
		after |= manyTensors
	}
	return after
}

// reached is the gradient of the scalar e with regard to each node, nil where there is no path to
// it. Nothing flows back through stops.
func (g *Builder) reached(e *Node, wrt []*Node, stops map[*value]bool) []*Node {
	grads := make([]*Node, len(wrt))
	s := &sweep{g: g, terms: make(map[*value][]term), want: make(map[*value]*Node), stops: stops}
	if len(wrt) == 0 || !s.begin([]*Node{e}, nil, wrt) {
		return grads
	}
	s.run()
	for i, n := range wrt {
		grads[i] = s.want[g.of[n]]
	}
	return grads
}

// hidden keeps a value for the package alone; nil stays nil.
func (g *Builder) hidden(n *Node) *value {
	if n == nil || g.err != nil {
		return nil
	}
	kept := g.apply(keep{n: len(g.outputs)}, n)
	if g.err != nil {
		return nil
	}
	g.core.outputs = append(g.outputs, &output{v: g.of[kept]})
	return g.of[kept]
}

// numbers is a copy of what a run left in a kept value.
func (p *Program) numbers(v *value) []float64 {
	switch {
	case v == nil:
		return nil
	case p.m64 != nil:
		return append([]float64(nil), p.m64.slot(v)...)
	}
	return widen(p.m32.slot(v))
}
