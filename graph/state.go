package graph

import (
	"fmt"
	"slices"

	"github.com/unroll-go/unroll/internal/kernel"
)

// ZeroState gives all carried state its first values.
func (p *Program) ZeroState() {
	if p.m64 != nil {
		p.m64.zeroState()
	} else if p.m32 != nil {
		p.m32.zeroState()
	}
}

// State is a copy of the tensors carried under name, in the order of Carry.
// Float32 values survive the way through float64 unchanged.
func (p *Program) State(name string) ([][]float64, error) {
	cs, err := p.state(name)
	if err != nil {
		return nil, err
	}
	out := make([][]float64, len(cs))
	for i, c := range cs {
		if p.m64 != nil {
			out[i] = slices.Clone(p.m64.slot(c.leaf))
		} else {
			out[i] = widen(p.m32.slot(c.leaf))
		}
	}
	return out, nil
}

// SetState sets the tensors carried under name.
func (p *Program) SetState(name string, state [][]float64) error {
	cs, err := p.state(name)
	if err != nil {
		return err
	}
	if len(state) != len(cs) {
		return fmt.Errorf("graph: state %q has %d tensors, got %d", name, len(cs), len(state))
	}
	for i, c := range cs {
		if len(state[i]) != size(c.leaf.shape) {
			return fmt.Errorf("graph: state %q, tensor %d: shape %v wants %d values, got %d",
				name, i, c.leaf.shape, size(c.leaf.shape), len(state[i]))
		}
	}
	for i, c := range cs {
		if p.m64 != nil {
			err = fill(name, c.leaf, p.m64.slot(c.leaf), state[i])
		} else {
			err = fill(name, c.leaf, p.m32.slot(c.leaf), state[i])
		}
	}
	return err
}

// Reorder makes row rows[i] of each carried tensor its row i: a beam search
// lets hypotheses inherit the states of those they continue.
func (p *Program) Reorder(name string, rows []int) error {
	cs, err := p.state(name)
	if err != nil {
		return err
	}
	for _, c := range cs {
		if len(rows) != c.leaf.rows() {
			return fmt.Errorf("graph: state %q has %d rows, got an order of %d", name, c.leaf.rows(), len(rows))
		}
		if bad := kernel.CheckIDs(rows, len(rows)); bad >= 0 {
			return fmt.Errorf("graph: state %q: row %d at position %d is outside [0, %d)", name, rows[bad], bad, len(rows))
		}
	}
	for _, c := range cs {
		if p.m64 != nil {
			reorder(p.m64.slot(c.leaf), rows, c.leaf.cols())
		} else {
			reorder(p.m32.slot(c.leaf), rows, c.leaf.cols())
		}
	}
	return nil
}

func reorder[F any](x []F, rows []int, cols int) {
	old := slices.Clone(x)
	for i, r := range rows {
		copy(x[i*cols:(i+1)*cols], old[r*cols:])
	}
}

// state finds what is carried under a name.
func (p *Program) state(name string) ([]*carried, error) {
	var cs []*carried
	switch {
	case p.closed:
		return nil, ErrClosed
	case p.m64 != nil:
		cs = p.m64.carried[name]
	default:
		cs = p.m32.carried[name]
	}
	if cs == nil {
		return nil, fmt.Errorf("graph: the program carries no state %q", name)
	}
	return cs, nil
}

func (m *machine[F]) zeroState() {
	for _, c := range m.p.g.carried {
		x := m.slot(c.leaf)
		for i := range x {
			x[i] = F(c.fill)
		}
	}
}
