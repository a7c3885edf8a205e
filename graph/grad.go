package graph

import (
	"fmt"
	"sort"
)

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
		v := g.of[n]
		if v == nil || v.ids {
			g.Fail(fmt.Errorf("Grad: output %d is not a float node of this builder", i))
			return false
		}
		var seed *Node
		if i < len(seeds) {
			seed = seeds[i]
		}
		if seed == nil {
			seed = g.Const(1, v.shape...)
		}
		if w := g.of[seed]; w == nil || w.ids {
			g.Fail(fmt.Errorf("Grad: seed %d is not a float node of this builder", i))
			return false
		}
		if !sameShape(g.of[seed].shape, v.shape) {
			g.Fail(shapeError("Grad", []*value{v, g.of[seed]}, "the seed of output %d needs its shape", i))
			return false
		}
		s.terms[v] = append(s.terms[v], wholeTerm(seed))
	}
	return true
}

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

// total is the sum of the terms of v.
func (g *Builder) total(v *value, ts []term) *Node {
	for i, j := 0, len(ts)-1; i < j; i, j = i+1, j-1 { // the sweep met them last first
		ts[i], ts[j] = ts[j], ts[i]
	}
	sort.SliceStable(ts, func(i, j int) bool { return ts[i].step < ts[j].step })
	if n := g.rowSparse(v, ts); n != nil {
		return n
	}
	by := make(map[form][]term)
	for _, t := range ts {
		by[t.form] = append(by[t.form], t)
	}
	var acc *Node
	plus := func(n *Node) {
		if acc == nil {
			acc = n
		} else {
			acc = g.Add(acc, n)
		}
	}
	for _, t := range by[whole] {
		plus(t.n)
	}
	for _, layer := range g.layers(by[someRows]) {
		plus(g.joinRows(v, layer))
	}
	for _, layer := range g.layers(by[someCols]) {
		plus(g.joinCols(v, layer))
	}
	for _, t := range g.fewer(by[product]) {
		acc = g.times(acc, t.a, t.b, t.tA, t.tB)
	}
	for _, t := range g.fewerBatched(by[batchProduct]) {
		acc = g.accumulate(batched{tA: t.tA, tB: t.tB}, batched{tA: t.tA, tB: t.tB, acc: true}, acc, t.a, t.b)
	}
	for _, t := range g.allSteps(by[overSteps]) {
		plus(t.node(g))
	}
	for _, t := range g.below(by[overRows]) {
		acc = g.accumulate(sumRows{}, sumRows{acc: true}, acc, t.n)
	}
	for _, t := range by[scattered] {
		acc = g.accumulate(scatter{n: t.at}, scatter{n: t.at, acc: true}, acc, t.a, t.n)
	}
	return acc
}

// accumulate applies an operation alone, or its form that adds to acc.
func (g *Builder) accumulate(alone, adding kind, acc *Node, in ...*Node) *Node {
	if acc == nil {
		return g.apply(alone, in...)
	}
	return g.apply(adding, append([]*Node{acc}, in...)...)
}

// below makes one sum over stacked rows of several sums over rows.
func (g *Builder) below(ts []term) []term {
	if g.plain || len(ts) < 2 {
		return ts
	}
	xs := make([]*Node, len(ts))
	for i, t := range ts {
		xs[i] = t.n
	}
	g.core.did[ruleSummed] += len(ts)
	return []term{sumRowsTerm(g.stack(xs, false))}
}

// fewer makes one product of a sum of products: of A1'B1 + A2'B2 the product of
// the stacked rows, of A1·B + A2·B the product of the sum. The gradient of the
// recurrent weights becomes a single large product so.
func (g *Builder) fewer(ts []term) []term {
	if g.plain || len(ts) < 2 {
		return ts
	}
	var out []term
	var tall []term
	type right struct {
		b  *Node
		tB bool
	}
	sums := map[right]int{}
	for _, t := range ts {
		switch at, seen := sums[right{t.b, t.tB}]; {
		case t.tA && !t.tB:
			tall = append(tall, t)
		case !t.tA && seen && sameShape(g.of[out[at].a].shape, g.of[t.a].shape):
			out[at].a = g.Add(out[at].a, t.a)
		default:
			if !t.tA {
				sums[right{t.b, t.tB}] = len(out)
			}
			out = append(out, t)
		}
	}
	if len(tall) > 0 {
		var as, bs []*Node
		for _, t := range tall {
			as, bs = append(as, t.a), append(bs, t.b)
		}
		if len(tall) > 1 {
			g.core.did[ruleStacked] += len(tall)
		}
		out = append(out, productTerm(g.stack(as, false), g.stack(bs, false), true, false))
	}
	return out
}

// layers sorts ranges by position, adds those of one range and separates those
// that overlap otherwise.
func (g *Builder) layers(ts []term) [][]term {
	if len(ts) == 0 {
		return nil
	}
	extent := func(t term) int {
		if t.form == someRows {
			return g.of[t.n].rows()
		}
		return g.of[t.n].cols()
	}
	ts = append([]term(nil), ts...)
	sort.SliceStable(ts, func(i, j int) bool { return ts[i].at < ts[j].at })
	var layer, rest []term
	end := 0
	for _, t := range ts {
		last := len(layer) - 1
		switch {
		case t.at >= end:
			layer = append(layer, t)
			end = t.at + extent(t)
		case layer[last].at == t.at && sameShape(g.of[layer[last].n].shape, g.of[t.n].shape):
			layer[last].n = g.Add(layer[last].n, t.n)
		default:
			rest = append(rest, t)
		}
	}
	return append([][]term{layer}, g.layers(rest)...)
}

// joinRows stacks ranges of rows, with zeros where there are none.
func (g *Builder) joinRows(v *value, ts []term) *Node {
	var parts []*Node
	at := 0
	gap := func(to int) {
		if to > at {
			parts = append(parts, g.Zeros(to-at, v.cols()))
		}
	}
	for _, t := range ts {
		gap(t.at)
		parts = append(parts, t.n)
		at = t.at + g.of[t.n].rows()
	}
	gap(v.rows())
	n := g.stack(parts, false)
	if m := g.of[n]; m != nil && !sameShape(m.shape, v.shape) {
		n = g.cut(n, 0, v.shape)
	}
	return n
}

// joinCols joins ranges of columns, with zeros where there are none.
func (g *Builder) joinCols(v *value, ts []term) *Node {
	var parts []*Node
	at := 0
	gap := func(to int) {
		if to > at {
			parts = append(parts, g.Zeros(withCols(v.shape, to-at)...))
		}
	}
	for _, t := range ts {
		gap(t.at)
		parts = append(parts, t.n)
		at = t.at + g.of[t.n].cols()
	}
	gap(v.cols())
	return g.Concat(parts...)
}
