package graph

import "slices"

// What the engine takes off the formula. Each rule is applied where a product
// is made, when it can be seen to hold, and none of them under Plain.

// product is acc + a·b (or a·b' with tB) after the rules. acc may be nil, a row
// [N] or of the shape of the result.
func (g *Builder) product(acc, a, b *Node, tB bool) *Node {
	va, vb := g.of[a], g.of[b]
	if g.plain || g.err != nil || !g.agree(acc, a, b, tB) { // errors show the shapes of the formula
		return g.times(acc, a, b, false, tB)
	}
	switch k := va.kind.(type) {
	case constant:
		if y := g.zeroProduct(acc, a, b, tB); y != nil {
			return y
		}
	case rows:
		if y := g.hoisted(acc, va, k, b, tB); y != nil {
			return y
		}
	case gather:
		if y := g.exchanged(acc, va, b, tB); y != nil {
			return y
		}
	case concat:
		if y := g.parted(acc, va, vb, tB); y != nil {
			return y
		}
	}
	return g.times(acc, a, b, false, tB)
}

// agree says whether the product can be made as written.
func (g *Builder) agree(acc, a, b *Node, tB bool) bool {
	in := []*value{g.of[a], g.of[b]}
	if acc != nil {
		in = append([]*value{g.of[acc]}, in...)
	}
	if slices.Contains(in, nil) {
		return false
	}
	_, _, err := matMul{tB: tB, acc: acc != nil}.infer(in)
	return err == nil
}

// times is the product as written.
func (g *Builder) times(acc, a, b *Node, tA, tB bool) *Node {
	if tB && !tA && g.turns(g.of[b]) {
		step := g.step
		g.core.step = -1 // it belongs to no single step
		b, tB = g.Transpose(b), false
		g.core.step = step
		g.core.did[ruleTurned]++
	}
	if acc == nil {
		return g.apply(matMul{tA: tA, tB: tB}, a, b)
	}
	return g.apply(matMul{tA: tA, tB: tB, acc: true}, acc, a, b)
}

// turns says whether weights are worth a transposed copy: those that many steps
// multiply by, and in programs that only evaluate all, for there the copy is
// kept until the parameters change.
func (g *Builder) turns(w *value) bool {
	return !g.plain && g.err == nil && w != nil && len(w.shape) == 2 && w.settled && (g.step >= 0 || !g.Train)
}

// zeroProduct is the product with an initial state of zeros: the addend.
func (g *Builder) zeroProduct(acc, a, b *Node, tB bool) *Node {
	if !g.isZero(a) || acc == nil {
		return nil
	}
	shape, _, err := matMul{tB: tB}.infer([]*value{g.of[a], g.of[b]})
	if err != nil || !sameShape(g.of[acc].shape, shape) {
		return nil
	}
	g.core.did[ruleZero]++
	return acc
}

// hoisted makes the product of a swept row once for all rows: the input
// projection of all time steps is one large product, and so is its gradient.
func (g *Builder) hoisted(acc *Node, row *value, k rows, b *Node, tB bool) *Node {
	if w := g.of[b]; !row.swept || w.varies || w.swept { // weights of one step alone
		return nil
	}
	x := row.in[0]
	at := acc
	if acc != nil {
		v := g.of[acc]
		switch ka, ok := v.kind.(rows); {
		case len(v.shape) == 1 && len(row.shape) > 1 && !v.varies && !v.swept: // a bias
		case ok && ka == k && v.swept && v.in[0].shape[0] == x.shape[0]: // a row of what was hoisted before
			at = v.in[0].node
		default:
			return nil
		}
	}
	g.core.did[ruleHoisted]++
	step := g.step
	g.core.step = x.step // it belongs to no single step
	all := g.product(at, x.node, b, tB)
	g.core.step = step
	y := g.apply(k, all)
	if v := g.of[y]; v != nil {
		v.swept = true
	}
	return y
}

// exchanged turns the product of looked-up rows into a look-up of the product,
// (Gather(E, ids))·W = Gather(E·W, ids): less work when the table is shorter
// than the ids, and in programs that only evaluate, where the table's product
// is kept until the parameters change.
func (g *Builder) exchanged(acc *Node, look *value, b *Node, tB bool) *Node {
	table, ids := look.in[0], look.in[1]
	kept := !g.Train && table.settled && g.of[b].settled && (acc == nil || g.of[acc].settled)
	if !kept && table.shape[0] > size(ids.shape) {
		return nil
	}
	if acc != nil && (len(g.of[acc].shape) != 1 || len(look.shape) < 2) {
		return nil
	}
	g.core.did[ruleExchanged]++
	return g.Gather(g.product(acc, table.node, b, tB), ids.node)
}

// parted is [x1 | x2]·W = x1·W[:k] + x2·W[k:], so that a vector beside the input
// does not hide that the input is swept.
func (g *Builder) parted(acc *Node, joined, w *value, tB bool) *Node {
	if tB || len(w.shape) != 2 || w.shape[0] != joined.cols() {
		return nil
	}
	var pairs []*Node
	at := 0
	for _, p := range joined.in {
		pairs = append(pairs, p.node, g.Rows(w.node, at, at+p.cols()))
		at += p.cols()
	}
	g.core.did[ruleParted]++
	return g.Affine(acc, pairs...)
}

// sweptFirst orders pairs so that the products that can be hoisted come first
// and take the bias with them.
func (g *Builder) sweptFirst(pairs []*Node) []int {
	var first, then []int
	for i := 0; i < len(pairs); i += 2 {
		v := g.of[pairs[i]]
		if v != nil && !g.plain && (v.swept || g.sweptPart(v)) {
			first = append(first, i)
		} else {
			then = append(then, i)
		}
	}
	return append(first, then...)
}

// sweptPart says whether a part of joined columns is swept.
func (g *Builder) sweptPart(v *value) bool {
	if _, ok := v.kind.(concat); !ok {
		return false
	}
	for _, p := range v.in {
		if p.swept {
			return true
		}
	}
	return false
}
