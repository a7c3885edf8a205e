package graph

// element is the sum of element t of the first axis, or a scalar as it is.
func (g *Builder) element(x *Node, t int) *Node {
	switch v := g.of[x]; {
	case v == nil || len(v.shape) == 0:
		return x
	case len(v.shape) == 1:
		return g.SumAll(g.Cols(x, t, t+1))
	default:
		return g.SumAll(g.elementOf(v, t))
	}
}

// elementOf is element t of the first axis of v. Under a trace, what the formula does with every
// step by itself outside of the steps is done with step t alone, down to what the cells returned:
// so E_t has no path, not even one of zeros, to steps that it does not depend on, and a sweep goes
// back t steps, not T.
func (g *Builder) elementOf(v *value, t int) *Node {
	if g.trace != nil {
		if n := g.elementByRule(v, t); n != nil {
			return n
		}
	}
	return g.apply(rows{lo: t, hi: t + 1, drop: true}, v.node)
}

// elementByRule is nil where v is not made step by step.
func (g *Builder) elementByRule(v *value, t int) *Node {
	at := elementID{v, t}
	if n := g.trace.elements[at]; n != nil {
		return n
	}
	if s, ok := v.kind.(stack); ok && s.even && s.whole {
		return v.in[t].node
	}
	if !stepwise(v) || g.err != nil {
		return nil
	}
	in := make([]*Node, len(v.in))
	for i, c := range v.in {
		switch {
		case len(c.shape) > 0 && c.shape[0] == v.shape[0] && (len(c.shape) > 2 || c.ids && len(c.shape) == 2):
			in[i] = g.elementOf(c, t)
		case c.rows() > 1 && c != weightsOf(v):
			return nil // it has rows of its own that are not those of the steps
		default:
			in[i] = c.node
		}
	}
	n := g.apply(v.kind, in...)
	g.trace.elements[at] = n
	return n
}

// stepwise says whether every row of v is made of the same rows of its operands, beside weights
// and single rows.
func stepwise(v *value) bool {
	if len(v.shape) < 3 {
		return false
	}
	if _, ok := v.kind.(interface{ elementwise() }); ok {
		return true
	}
	switch k := v.kind.(type) {
	case matMul:
		return !k.tA
	case crossEntropy, column, concat, cols, gather:
		return true
	}
	return false
}

// weightsOf is the operand of a product or a look-up that serves all rows.
func weightsOf(v *value) *value {
	switch k := v.kind.(type) {
	case matMul:
		_, w := k.factors(v.in)
		return w
	case gather:
		return v.in[0]
	}
	return nil
}
