package graph

import (
	"fmt"

	"github.com/unroll-go/unroll/internal/kernel"
	"github.com/unroll-go/unroll/internal/pages"
)

// machine runs a plan in one number type.
type machine[F kernel.Float] struct {
	p       *plan
	arena   *arena[F]
	staff   *staff
	seen    int   // the arena's generation that the operands point into
	memory  [][]F // by store; nil for those in the arena
	ids     map[*value][]int
	derive  []instr[F] // of parameters alone
	body    []instr[F]
	team    *team[F]
	seed    uint64 // of the masks, in this run
	bound   []operand[F]
	finish  []copying[F]
	consts  []*value
	scratch []F // of the loops
	named   map[string]*value
	carried map[string][]*carried
}

// instr is one operation with its operands.
type instr[F kernel.Float] struct {
	run func(*call[F])
	c   *call[F]
	d   *derived
}

// operand is a matrix that must point into the memory of its store.
type operand[F kernel.Float] struct {
	m      *kernel.Mat[F]
	st     *store
	offset int
}

func newMachine[F kernel.Float](p *plan, a *arena[F], s *staff) *machine[F] {
	m := &machine[F]{p: p, arena: a, staff: s, seen: -1, ids: map[*value][]int{}, named: map[string]*value{}, carried: map[string][]*carried{}}
	for _, st := range p.stores {
		m.memory = append(m.memory, memoryOf[F](st))
	}
	for _, v := range p.order {
		m.plant(v)
	}
	m.scratch = make([]F, m.scratchFor())
	for _, v := range p.derive {
		m.derive = append(m.derive, m.compile(v))
	}
	for _, v := range p.body {
		m.body = append(m.body, m.compile(v))
	}
	if m32, ok := any(m).(*machine[float32]); ok {
		narrowProducts(m32)
		panelProducts(m32)
	}
	m.endings()
	m.names()
	m.arena.grow(p.arena)
	m.point()
	return m
}

// memoryOf is the memory of a store that is not in the arena.
func memoryOf[F kernel.Float](st *store) []F {
	pick := func(f32 []float32, f64 []float64) []F {
		if x, ok := any(f64).([]F); ok {
			return x
		}
		return any(f32).([]F)
	}
	switch st.kind {
	case outside:
		return pages.Make[F]((st.hi - st.lo) * st.cols)
	case ofParam:
		return pick(st.param.f32, st.param.f64)
	case ofGrad:
		return pick(st.param.g32, st.param.g64)
	case fromParams:
		return pick(st.derived.f32, st.derived.f64)
	}
	return nil
}

// plant makes the memory of integers and fills constants.
func (m *machine[F]) plant(v *value) {
	if v.ids {
		switch k := v.kind.(type) {
		case rows:
			x := v.in[0]
			n := size(x.shape) / x.shape[0]
			m.ids[v] = m.ids[x][k.lo*n : k.hi*n]
		default:
			m.ids[v] = make([]int, size(v.shape))
		}
		return
	}
	switch v.kind.(type) {
	case constant, *fixed:
		m.consts = append(m.consts, v)
	}
}

// mat makes the matrix of a value; the operand it returns is to be pointed at
// the value's memory.
func (m *machine[F]) mat(v *value, into *kernel.Mat[F]) operand[F] {
	st, row, col := m.p.locate(v)
	*into = kernel.Mat[F]{Rows: v.rows(), Cols: v.cols(), Stride: st.stride()}
	return operand[F]{into, st, (row-st.lo)*st.stride() + col}
}

// compile makes the instruction of a value that has to be computed.
func (m *machine[F]) compile(v *value) instr[F] {
	if l := m.p.loops[v.index]; l != nil {
		run, bound := m.loop(l, 0, v.rows(), m.scratch)
		m.bound = append(m.bound, bound...)
		return run
	}
	n := len(v.in)
	c := &call[F]{in: make([]kernel.Mat[F], n), ids: make([][]int, n), v: v, seed: &m.seed}
	s := splitOf(v)
	c.first = v.from
	for i, x := range v.in {
		from, n, some := v.rowsOf(s, i)
		switch {
		case x.ids && some:
			c.ids[i] = m.ids[x][from : from+n]
		case x.ids:
			c.ids[i] = m.ids[x]
		case some:
			m.bound = append(m.bound, m.slice(x, &c.in[i], byRows, from, from+n))
		default:
			m.bound = append(m.bound, m.mat(x, &c.in[i]))
		}
	}
	if v.ids {
		c.outIDs = m.ids[v]
	} else {
		m.bound = append(m.bound, m.mat(v, &c.out))
	}
	in := instr[F]{c: c}
	switch run := any(v.kind.run64).(type) {
	case func(*call[F]):
		in.run = run
	default:
		in.run = any(v.kind.run32).(func(*call[F]))
	}
	if m.p.fixed[v.index] {
		st, _, _ := m.p.locate(v)
		in.d = st.derived
	}
	return in
}

func (m *machine[F]) names() {
	for name, v := range m.p.g.named {
		if k, ok := v.kind.(*input); ok && !k.carried && m.p.at(v).live {
			m.named[name] = v
		}
	}
	for _, o := range m.p.g.outputs {
		if o.name != "" {
			m.named[o.name] = o.v
		}
	}
	for _, c := range m.p.g.carried {
		m.carried[c.name] = append(m.carried[c.name], c)
	}
}

// point lets all operands point into the arena where it is now.
func (m *machine[F]) point() {
	m.pointTo(m.bound)
	if m.team != nil {
		m.pointTo(m.team.bound)
	}
	m.seen = m.arena.generation
	m.fillConsts()
}

func (m *machine[F]) pointTo(operands []operand[F]) {
	for _, o := range operands {
		base := m.memory[o.st.id]
		if o.st.kind == inArena {
			base = m.arena.data[o.st.offset : o.st.offset+o.st.length()]
		}
		n := (o.m.Rows-1)*o.m.Stride + o.m.Cols
		o.m.Data = base[o.offset : o.offset+n : o.offset+n]
	}
}

func (m *machine[F]) fillConsts() {
	for _, v := range m.consts {
		x := m.slot(v)
		switch k := v.kind.(type) {
		case constant:
			for i := range x {
				x[i] = F(k.x)
			}
		case *fixed:
			switch data := k.value.Data().(type) {
			case []F:
				copy(x, data)
			case F:
				x[0] = data
			}
		}
	}
	m.consts = nil
}

// slot is the memory of a value that does not lie in the arena.
func (m *machine[F]) slot(v *value) []F {
	st, _, _ := m.p.locate(v)
	return m.memory[st.id]
}

// run executes the plan once. seed is that of the masks.
func (m *machine[F]) run(version, seed uint64) error {
	if m.seen != m.arena.generation {
		m.point()
	}
	for i := range m.derive {
		in := &m.derive[i]
		if err := in.d.refresh(version, func() error { in.run(in.c); return in.c.failed() }); err != nil {
			return err
		}
	}
	m.seed = seed
	if t := m.workers(); t != nil {
		if err := m.together(t); err != nil {
			return err
		}
	} else if err := m.alone(); err != nil {
		return err
	}
	for _, c := range m.finish {
		kernel.Copy(*c.to, *c.from)
	}
	return nil
}

// alone runs the body on one processor.
func (m *machine[F]) alone() error {
	for i := range m.body {
		in := &m.body[i]
		if in.run(in.c); in.c.err != nil {
			return in.c.failed()
		}
	}
	return nil
}

// failed takes the error of the last run, with its place.
func (c *call[F]) failed() error {
	if c.err == nil {
		return nil
	}
	err := c.err
	c.err = nil
	at := Builder{core: &core{step: c.v.step}, path: c.v.path}
	return fmt.Errorf("graph: %s%w", at.where(), err)
}
