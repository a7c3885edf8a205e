package graph

import "slices"

// total is the sum of the terms of v.
func (g *Builder) total(v *value, ts []term) *Node {
	slices.Reverse(ts) // the sweep met them last first
	slices.SortStableFunc(ts, func(a, b term) int { return a.step - b.step })
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
	ts = slices.Clone(ts)
	slices.SortStableFunc(ts, func(a, b term) int { return a.at - b.at })
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
