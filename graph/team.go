package graph

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/unroll-go/unroll/internal/kernel"
)

// A program runs on as many workers as GOMAXPROCS allows. They wait for another
// run for a moment and end: none is left behind. Each computes its share of the
// rows of every operation of a segment, then waits for the others. An element of a
// result is computed the same way whatever the shares, so that the bits do not
// depend on the number of workers.

// worthwhile is the number of floating-point operations of a run from which on
// a second worker gains more than it costs to wake it.
const worthwhile = 4e6

// team is the workers of a machine.
type team[F kernel.Float] struct {
	size    int
	shares  [][]instr[F] // by worker: the operations of the body with their rows
	bound   []operand[F]
	scratch [][]F // by worker: of the loops
	start   []job // by worker, kept so that a run allocates nothing
	gate    gate
	failed  atomic.Bool
	patience
}

// workers returns the team for the number of processors there is now, nil when
// one does better alone.
func (m *machine[F]) workers() *team[F] {
	n := min(runtime.GOMAXPROCS(0), m.p.crew)
	if n < 2 || m.p.flops < worthwhile {
		return nil
	}
	if m.team == nil || m.team.size != n {
		m.team = m.newTeam(n)
	}
	return m.team
}

func (m *machine[F]) newTeam(n int) *team[F] {
	t := &team[F]{size: n, shares: make([][]instr[F], n), scratch: make([][]F, n), start: make([]job, n)}
	t.patience.init()
	t.gate.size = int32(n)
	t.gate.opened = sync.NewCond(&t.gate.mu)
	for w := range n {
		t.shares[w] = make([]instr[F], len(m.body))
		t.scratch[w] = make([]F, len(m.scratch))
		for i := range m.body {
			t.shares[w][i] = m.share(t, i, w)
		}
		t.start[w] = func() time.Duration {
			m.work(t, w)
			return t.afterRun()
		}
	}
	m.pointTo(t.bound)
	return t
}

// share is the part of operation i of the body that worker w of a team does;
// without a call when there is none.
func (m *machine[F]) share(t *team[F], i, w int) instr[F] {
	v, in := m.p.body[i], m.body[i]
	s := m.p.at(v).split
	lo, hi := s.share(w, t.size)
	if s.n == 0 {
		if w > 0 {
			return instr[F]{}
		}
		return in
	}
	if lo == hi {
		return instr[F]{}
	}
	if l := m.p.loops[v.index]; l != nil {
		run, bound := m.loop(l, lo, hi, t.scratch[w])
		t.bound = append(t.bound, bound...)
		return run
	}
	c := &call[F]{in: make([]kernel.Mat[F], len(v.in)), ids: make([][]int, len(v.in)), v: v, seed: in.c.seed}
	if s.cols {
		c.col = lo
	} else {
		c.first = v.from + lo
	}
	for i, x := range v.in {
		from, _, _ := v.rowsOf(s, i)
		switch p := s.parts(i); {
		case x.ids && p == all:
			c.ids[i] = in.c.ids[i]
		case x.ids:
			c.ids[i] = in.c.ids[i][lo:hi]
		default:
			t.bound = append(t.bound, m.slice(x, &c.in[i], p, from+lo, from+hi))
		}
	}
	switch {
	case v.ids:
		c.outIDs = in.c.outIDs[lo:hi]
	case s.cols:
		t.bound = append(t.bound, m.slice(v, &c.out, byCols, lo, hi))
	case s.parts(0) == byBatch:
		t.bound = append(t.bound, m.slice(v, &c.out, byBatch, lo, hi))
	default:
		t.bound = append(t.bound, m.slice(v, &c.out, byRows, lo, hi))
	}
	return instr[F]{run: in.run, c: c}
}

// share is the rows or columns of worker w of n: columns in whole cache lines,
// rows in whole units.
func (s split) share(w, n int) (lo, hi int) {
	if s.unit > 0 {
		return s.n / s.unit * w / n * s.unit, s.n / s.unit * (w + 1) / n * s.unit
	}
	lo, hi = s.n*w/n, s.n*(w+1)/n
	if s.cols {
		lo = lo / line * line
		if w < n-1 {
			hi = hi / line * line
		}
	}
	return lo, hi
}

// slice is the matrix of a part of a value, to be pointed at its memory.
func (m *machine[F]) slice(v *value, into *kernel.Mat[F], p part, lo, hi int) operand[F] {
	o := m.mat(v, into)
	switch p {
	case byRows:
		into.Rows = hi - lo
		o.offset += lo * into.Stride
	case byBatch: // what lies between belongs to others
		B, each := batch(v)
		into.Rows = (each-1)*B + hi - lo
		o.offset += lo * into.Stride
	case byCols:
		into.Cols = hi - lo
		o.offset += lo
	}
	return o
}

// together runs the body with a team.
func (m *machine[F]) together(t *team[F]) error {
	from := time.Now()
	for w := 1; w < t.size; w++ {
		m.staff.hire(&t.start[w])
	}
	m.work(t, 0)
	t.ran(time.Since(from))
	if !t.failed.Swap(false) {
		return nil
	}
	var first error
	for i := range m.body {
		for w := range t.shares {
			if c := t.shares[w][i].c; c != nil && c.err != nil {
				if err := c.failed(); first == nil {
					first = err
				}
			}
		}
	}
	return first
}

// work is what worker w does in a run.
func (m *machine[F]) work(t *team[F], w int) {
	for i, seg := range m.p.segs {
		for _, in := range t.shares[w][seg.from:seg.to] {
			if in.c == nil {
				continue
			}
			if in.run(in.c); in.c.err != nil {
				t.failed.Store(true)
			}
		}
		if i+1 == len(m.p.segs) || seg.n > 0 || m.p.segs[i+1].n > 0 {
			t.gate.wait(t.atGate())
		}
	}
}

// gate lets workers pass when all have come.
type gate struct {
	size   int32
	come   atomic.Int32
	passed atomic.Uint32

	parked atomic.Int32
	mu     sync.Mutex
	opened *sync.Cond
}

// wait stays awake for so long, for the others are usually about to come, then
// parks. It parks at once where there are fewer processors than workers.
func (g *gate) wait(awake time.Duration) {
	passed := g.passed.Load()
	if g.come.Add(1) == g.size {
		g.come.Store(0)
		g.passed.Add(1)
		if g.parked.Load() > 0 {
			g.mu.Lock()
			g.opened.Broadcast()
			g.mu.Unlock()
		}
		return
	}
	if int(g.size) <= runtime.NumCPU() && spin(awake, func() bool { return g.passed.Load() != passed }) {
		return
	}
	g.mu.Lock()
	g.parked.Add(1)
	for g.passed.Load() == passed {
		g.opened.Wait()
	}
	g.parked.Add(-1)
	g.mu.Unlock()
}
