package graph

import (
	"slices"

	"github.com/unroll-go/unroll/internal/kernel"
)

// recipe is a loop in the terms of its kernel: steps on slots, which are what it
// reads, what it leaves, then scratch.
type recipe struct {
	steps []kernel.Step
	slots []*value
	spare int
	over  int // results that lie where an operand does
}

// writer turns a loop into a recipe.
type writer struct {
	p     *plan
	l     *loop
	r     recipe
	parts []*chain
	slot  map[*value]int      // where a value is at hand
	hurt  map[*value][]*value // what a result is written over
	left  map[*value]int      // parts to come that read a value
	free  []int
}

// chain is an operation of the loop, or several that one kernel computes.
type chain struct {
	v    *value // the result
	op   kernel.Op
	k    float64
	in   []*value
	done bool
}

// recipe orders the operations of a loop such that a result which lies over an
// operand is computed when nothing else reads that operand any more. Where two
// wait for each other, one is computed in scratch and copied at the end of a
// block.
func (p *plan) recipe(l *loop) *recipe {
	w := &writer{p: p, l: l, parts: p.fold(l), slot: map[*value]int{}, hurt: map[*value][]*value{}, left: map[*value]int{}}
	w.r.slots = append(slices.Clone(l.in), l.out...)
	for i, v := range w.r.slots {
		w.slot[v] = i
	}
	for _, t := range w.parts {
		for _, x := range t.in {
			w.left[x]++
		}
	}
	for _, y := range l.out {
		st, r := p.region(y)
		for _, x := range l.in {
			if s, q := p.region(x); s == st && q.meets(r) {
				w.hurt[y] = append(w.hurt[y], x)
			}
		}
	}
	w.r.over = len(w.hurt)
	w.write()
	return &w.r
}

// write makes the steps.
func (w *writer) write() {
	var copies []kernel.Step
	for range w.parts {
		t, safe := w.next()
		t.done = true
		s := kernel.Step{Op: t.op, K: t.k}
		for i, x := range t.in {
			s.In[i] = w.slot[x]
		}
		w.release(t)
		to, leaves := w.slot[t.v]
		switch {
		case !leaves:
			w.slot[t.v] = w.scratch()
		case !safe:
			w.slot[t.v] = w.scratch()
			w.left[t.v]++ // by the copy
			copies = append(copies, kernel.Step{Op: kernel.OpCopy, Out: to, In: [4]int{w.slot[t.v]}})
		}
		s.Out = w.slot[t.v]
		w.r.steps = append(w.r.steps, s)
	}
	w.r.steps = append(w.r.steps, copies...)
}

// next is the first part whose operands are at hand and whose result hurts no
// other, or else the first whose operands are at hand.
func (w *writer) next() (t *chain, safe bool) {
	for _, c := range w.parts {
		if c.done || !w.ready(c) {
			continue
		}
		if !w.hurts(c) {
			return c, true
		}
		if t == nil {
			t = c
		}
	}
	return t, false
}

// ready says whether the operands of a part have been computed.
func (w *writer) ready(t *chain) bool {
	for _, c := range w.parts {
		if !c.done && slices.Contains(t.in, c.v) {
			return false
		}
	}
	return true
}

// hurts says whether the result of a part would be written over an operand that
// others have still to read.
func (w *writer) hurts(t *chain) bool {
	for _, x := range w.hurt[t.v] {
		n := w.left[x]
		for _, c := range t.in {
			if c == x {
				n--
			}
		}
		if n > 0 {
			return true
		}
	}
	return false
}

// release gives back the scratch that a part is the last to read.
func (w *writer) release(t *chain) {
	for _, x := range t.in {
		if w.left[x]--; w.left[x] == 0 && w.slot[x] >= len(w.r.slots) {
			w.free = append(w.free, w.slot[x])
		}
	}
}

// scratch is a slot that holds nothing of use.
func (w *writer) scratch() int {
	if n := len(w.free); n > 0 {
		s := w.free[n-1]
		w.free = w.free[:n-1]
		return s
	}
	w.r.spare++
	return len(w.r.slots) + w.r.spare - 1
}

// loop is the instruction of rows lo to hi-1 of a loop, and what is to be pointed
// at memory.
func (m *machine[F]) loop(l *loop, lo, hi int, scratch []F) (instr[F], []operand[F]) {
	if l.isBoth() {
		return m.both(l, lo, hi)
	}
	r := m.p.recipeOf(l)
	n := len(r.slots)
	v := l.vs[0]
	slots := make([]kernel.Mat[F], n+r.spare)
	bound := make([]operand[F], n)
	for i, x := range r.slots {
		if x.rows() == v.rows() {
			bound[i] = m.slice(x, &slots[i], byRows, lo, hi)
		} else {
			bound[i] = m.mat(x, &slots[i])
		}
	}
	size := kernel.LoopSize{Rows: hi - lo, Cols: v.cols(), Block: blockOf[F](r), Spare: r.spare}
	k := kernel.NewLoop(r.steps, slots, size, scratch)
	return instr[F]{run: runLoop[F], c: &call[F]{v: v, loop: k}}, bound
}

func runLoop[F kernel.Float](c *call[F]) { c.loop.Run() }

// blockOf is how many elements a block of a loop has.
func blockOf[F kernel.Float](r *recipe) int {
	return kernel.LoopBlock[F](len(r.slots) + r.spare - r.over)
}

// scratchFor is how much scratch the loops need.
func (m *machine[F]) scratchFor() int {
	n := 0
	for _, v := range m.p.body {
		if l := m.p.loops[v.index]; l != nil && !l.isBoth() {
			r := m.p.recipeOf(l)
			n = max(n, r.spare*blockOf[F](r))
		}
	}
	return n
}

// recipeOf is the recipe of a loop, written once.
func (p *plan) recipeOf(l *loop) *recipe {
	if l.recipe == nil {
		l.recipe = p.recipe(l)
	}
	return l.recipe
}
