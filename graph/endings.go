package graph

import "github.com/unroll-go/unroll/internal/kernel"

// copying is done after the operations: carried state and gradients that could
// not be written where they belong.
type copying[F kernel.Float] struct{ to, from *kernel.Mat[F] }

// endings are the copies after the operations. A next state that lies in the
// memory of another carried tensor (two states that change places, say) is put
// aside before anything is copied there.
func (m *machine[F]) endings() {
	var aside, then []copying[F]
	for _, c := range m.p.g.carried {
		if c.next == c.leaf {
			continue
		}
		to, from := m.operand(c.leaf), m.operand(c.next)
		if m.inState(c.next) {
			held := kernel.NewMat[F](from.Rows, from.Cols)
			aside = append(aside, copying[F]{&held, from})
			from = &held
		}
		then = append(then, copying[F]{to, from})
	}
	m.finish = append(aside, then...)
	for _, u := range m.p.g.updates {
		if st, _, _ := m.p.locate(u.grad); st.kind == ofGrad && st.param == u.param {
			continue
		}
		r, c := dims(u.param.shape)
		to := &kernel.Mat[F]{Data: memoryOf[F](&store{kind: ofGrad, param: u.param}), Rows: r, Cols: c, Stride: c}
		m.finish = append(m.finish, copying[F]{to, m.operand(u.grad)})
	}
}

// operand is a new matrix of a value.
func (m *machine[F]) operand(v *value) *kernel.Mat[F] {
	into := &kernel.Mat[F]{}
	m.bound = append(m.bound, m.mat(v, into))
	return into
}

// inState says whether a value is carried state, or a view of it.
func (m *machine[F]) inState(v *value) bool {
	st, _, _ := m.p.locate(v)
	in, ok := st.roots[0].kind.(*input)
	return ok && in.carried
}
