package graph

import "fmt"

// Grad differentiates: node i of the result is the sum over the outputs of
// seed·d(output)/d(wrt[i]), with the shape of wrt[i]. A nil seed, or nil seeds,
// stand for ones. What no output depends on has the gradient 0. Grad is one
// sweep over the formula in reverse, for any nodes, as often as wanted.
func (g *Builder) Grad(outputs, seeds, wrt []*Node) []*Node {
	grads := g.placeholders(len(wrt))
	if g.err != nil {
		return grads
	}
	s := &sweep{g: g, terms: make(map[*value][]term), want: make(map[*value]*Node)}
	if !s.begin(outputs, seeds, wrt) {
		return grads
	}
	s.run()
	for i, n := range wrt {
		grads[i] = s.want[g.of[n]]
		if grads[i] == nil {
			grads[i] = g.Zeros(g.of[n].shape...)
		}
	}
	return grads
}

// Minimise makes loss, a scalar, an output of the program under name and, with
// Key.Train, the gradients of all parameters of the formula part of its runs.
func (g *Builder) Minimise(name string, loss *Node) {
	g.Output(name, loss)
	if g.err != nil || !g.Train {
		return
	}
	if v := g.of[loss]; len(v.shape) != 0 || v.ids {
		g.Fail(shapeError("Minimise", []*value{v}, "a scalar of floats is needed"))
		return
	}
	if len(g.updates) > 0 {
		g.Fail(fmt.Errorf("Minimise: called twice; add the losses"))
		return
	}
	var wrt []*Node
	for _, v := range g.values {
		if _, ok := v.kind.(*parameter); ok {
			wrt = append(wrt, v.node)
		}
	}
	g.core.updating = true // nobody else gets hold of these gradients: they may be row-sparse
	grads := g.Grad([]*Node{loss}, nil, wrt)
	g.core.updating = false
	for i, d := range grads {
		if leaf := g.of[wrt[i]]; g.err == nil {
			g.core.updates = append(g.updates, update{leaf.kind.(*parameter).p, leaf, g.of[d]})
		}
	}
}

// sweep is one reverse pass.
type sweep struct {
	g     *Builder
	top   int               // values above belong to gradients
	needs []bool            // by index: depends on something wanted
	terms map[*value][]term // what a value has received so far
	want  map[*value]*Node  // the gradients asked for
	stops map[*value]bool   // nothing flows back through these
}

// begin checks what Grad was given, finds what depends on wrt and seeds the outputs.
func (s *sweep) begin(outputs, seeds, wrt []*Node) bool {
	g := s.g
	if len(seeds) > len(outputs) {
		g.Fail(fmt.Errorf("Grad: %d seeds for %d outputs", len(seeds), len(outputs)))
		return false
	}
	s.top = len(g.values)
	s.needs = make([]bool, s.top)
	for i, n := range wrt {
		v := g.of[n]
		if v == nil || v.ids {
			g.Fail(fmt.Errorf("Grad: variable %d is not a float node of this builder", i))
			return false
		}
		s.needs[v.index] = true
		s.want[v] = nil
	}
	for _, v := range g.values {
		for _, c := range v.in {
			s.needs[v.index] = s.needs[v.index] || s.needs[c.index]
		}
	}
	for i, n := range outputs {
		var seed *Node
		if i < len(seeds) {
			seed = seeds[i]
		}
		if !s.sow(i, n, seed) {
			return false
		}
	}
	return true
}

// sow gives output i its seed, ones if that is nil.
func (s *sweep) sow(i int, output, seed *Node) bool {
	g := s.g
	v := g.of[output]
	if v == nil || v.ids {
		g.Fail(fmt.Errorf("Grad: output %d is not a float node of this builder", i))
		return false
	}
	if seed == nil {
		seed = g.Const(1, v.shape...)
	}
	w := g.of[seed]
	if w == nil || w.ids {
		g.Fail(fmt.Errorf("Grad: seed %d is not a float node of this builder", i))
		return false
	}
	if !sameShape(w.shape, v.shape) {
		g.Fail(shapeError("Grad", []*value{v, w}, "the seed of output %d needs its shape", i))
		return false
	}
	s.terms[v] = append(s.terms[v], wholeTerm(seed))
	return true
}

// run goes from the last value to the first and hands each gradient to the operands.
func (s *sweep) run() {
	g := s.g
	old := g.step
	for i := s.top - 1; i >= 0 && g.err == nil; i-- {
		v := g.values[i]
		ts := s.terms[v]
		if len(ts) == 0 || !s.needs[i] {
			continue
		}
		delete(s.terms, v)
		if s.stops[v] {
			continue
		}
		g.core.step = v.step
		dy := g.total(v, ts)
		if _, ok := s.want[v]; ok {
			s.want[v] = dy
		}
		for j, t := range v.kind.diff(g, v, dy) {
			if c := v.in[j]; t.form != none && s.needs[c.index] {
				t.step = v.step
				s.terms[c] = append(s.terms[c], t)
			}
		}
	}
	g.core.step = old
}
