package graph

import (
	"maps"
	"slices"

	"github.com/unroll-go/unroll/internal/kernel"
)

// Where the gradient of a cross entropy does not depend on its value, as that of
// a mean does not, the two are one loop over the rows of the logits: a row is
// read once, and its exponentials serve both.

// pair is the cross entropies and gradients that share the sums of some logits.
type pair struct{ losses, grads []*value }

// pairs finds those of one cross entropy with its gradient, by the sums.
func (p *plan) pairs() map[*value]*pair {
	found := map[*value]*pair{}
	for i, v := range p.g.values {
		if !p.spots[i].live || p.g.plain {
			continue
		}
		switch v.kind.(type) {
		case expSum:
			found[v] = &pair{}
		case crossEntropy:
			c := found[v.in[2]]
			c.losses = append(c.losses, v)
		case crossEntropyGrad:
			c := found[v.in[2]]
			c.grads = append(c.grads, v)
		}
	}
	maps.DeleteFunc(found, func(_ *value, c *pair) bool {
		return len(c.losses) != 1 || len(c.grads) != 1 || !sameLoss(c.losses[0], c.grads[0])
	})
	return found
}

// sameLoss says whether a gradient is that of a loss, given that it is one of its
// logits.
func sameLoss(loss, grad *value) bool {
	return loss.in[1] == grad.in[1] && loss.kind.(crossEntropy).smooth == grad.kind.(crossEntropyGrad).smooth
}

// both makes a unit of sums v, the loss and the gradient, if what the gradient
// needs beside them can be computed before.
func (f *fuser) both(v *value) bool {
	c := f.pairs[v]
	if c == nil {
		return false
	}
	var before []*value
	loss, grad := c.losses[0], c.grads[0]
	if !f.early(grad.in[1], &before) || !f.early(grad.in[3], &before) {
		return false
	}
	for _, x := range before {
		f.place(x)
	}
	u := f.open(false)
	for _, x := range []*value{v, loss, grad} {
		f.add(x, u)
	}
	return true
}

// early lists what has to be computed for v, in order. It must be little, so that
// it costs no memory to have it early; what depends on the logits' sums is not,
// for these have two columns.
func (f *fuser) early(v *value, list *[]*value) bool {
	if f.done[v.index] || slices.Contains(*list, v) {
		return true
	}
	_, loss := v.kind.(crossEntropy)
	if loss || (v.cols() > 1 && !isLeaf(v)) {
		return false
	}
	for _, x := range v.in {
		if !f.early(x, list) {
			return false
		}
	}
	*list = append(*list, v)
	return len(*list) <= earlyMost
}

// earlyMost is how many operations a gradient may wait for at most.
const earlyMost = 64

// isBoth says whether a loop is a loss with its gradient.
func (l *loop) isBoth() bool {
	_, ok := l.vs[0].kind.(expSum)
	return ok
}

// name is that of a loop's operation.
func (l *loop) name() string {
	if l.isBoth() {
		return "CrossEntropyBoth"
	}
	return "Loop"
}

// both is the instruction of rows lo to hi-1 of a loss with its gradient, and what
// is to be pointed at memory.
func (m *machine[F]) both(l *loop, lo, hi int) (instr[F], []operand[F]) {
	logits, ids, dy := l.vs[2].in[0], l.vs[2].in[1], l.vs[2].in[3]
	c := &call[F]{v: l.vs[1], first: lo, in: make([]kernel.Mat[F], 2), ids: [][]int{nil, m.ids[ids][lo:hi]}}
	bound := []operand[F]{
		m.slice(logits, &c.in[0], byRows, lo, hi),
		m.slice(dy, &c.in[1], byRows, lo, hi),
		m.slice(l.vs[1], &c.loss, byRows, lo, hi),
		m.slice(l.vs[2], &c.out, byRows, lo, hi),
	}
	return instr[F]{run: runBoth[F], c: c}, bound
}
