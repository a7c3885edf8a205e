package graph

import "gorgonia.org/gorgonia"

// What is made once for all time steps, the look-up or the input projection of a
// whole sequence, is far from the caches when its rows are read one step after
// the other. Where nothing but the steps reads it, and a step's share of it
// costs no more than its share of the whole, each step makes its own rows, just
// before it reads them. The numbers are those of the whole, which falls away.

const (
	// lateRows is the least number of rows of a step's product: below it the
	// product of all steps is faster.
	lateRows = 16

	// lateWeights is the greatest number of weights of a step's product: more of
	// them do not stay in the second-level cache from step to step.
	lateWeights = 64 << 10
)

// makeLate lets steps make their rows themselves.
func (g *Builder) makeLate() {
	if g.plain || g.wired || g.narrow != 0 {
		return
	}
	readers := make([][]*value, len(g.values))
	for _, v := range g.values {
		for _, x := range v.in {
			readers[x.index] = append(readers[x.index], v)
		}
	}
	for _, c := range g.carried {
		readers[c.next.index] = append(readers[c.next.index], nil)
	}
	for _, u := range g.updates {
		readers[u.grad.index] = append(readers[u.grad.index], nil)
	}
	for _, v := range g.values {
		if v.mayBeLate() && onlySteps(readers[v.index]) {
			for _, r := range readers[v.index] {
				r.takeOver(v)
			}
			g.core.did[ruleLate]++
		}
	}
}

// mayBeLate says whether v is something of which steps can make their rows.
func (v *value) mayBeLate() bool {
	if len(v.shape) < 3 || v.step >= 0 || v.ids {
		return false
	}
	switch k := v.kind.(type) {
	case gather:
		return true
	case matMul:
		_, w := k.factors(v.in)
		return !k.tA && v.rows()/v.shape[0] >= lateRows && size(w.shape) <= lateWeights
	}
	return false
}

// onlySteps says whether there are readers and all are rows of single steps.
func onlySteps(readers []*value) bool {
	for _, r := range readers {
		if r == nil {
			return false
		}
		if k, ok := r.kind.(rows); !ok || !k.drop || r.step < 0 {
			return false
		}
	}
	return len(readers) > 0
}

// takeOver turns rows of whole into what computes them.
func (v *value) takeOver(whole *value) {
	k := v.kind.(rows)
	v.late, v.from = true, k.lo*k.stride(whole)
	v.kind, v.in, v.path = whole.kind, whole.in, whole.path
	if op, ok := v.node.Op().(*symbol); ok {
		op.kind = v.kind
	}
	kids := make(gorgonia.Nodes, len(v.in))
	for i, c := range v.in {
		kids[i] = c.node
	}
	gorgonia.WithChildren(kids)(v.node)
}

// rowsOf is where the rows of operand i that v needs begin and how many they are,
// if v is late and needs only some.
func (v *value) rowsOf(s split, i int) (from, n int, some bool) {
	if !v.late || s.parts(i) != byRows {
		return 0, 0, false
	}
	return v.from, v.rows(), true
}
