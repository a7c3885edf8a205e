package graph

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"gorgonia.org/gorgonia"

	"github.com/unroll-go/unroll/internal/kernel"
)

// Program is a formula ready to run: operations in order over memory that was
// planned once. Its steady state allocates nothing. It belongs to one
// goroutine. It is a gorgonia.VM.
type Program struct {
	params *Params
	key    Key
	graph  *Builder
	m32    *machine[float32]
	m64    *machine[float64]
	step   uint64
	closed bool
}

var _ gorgonia.VM = (*Program)(nil)

// ErrClosed is returned by a program after Close.
var ErrClosed = errors.New("graph: the program is closed")

// Key is the key the program was built for.
func (p *Program) Key() Key { return p.key }

// Params are the parameters the program works on.
func (p *Program) Params() *Params { return p.params }

// Run computes outputs, gradients and the next state from the inputs. An id
// outside of its table is an error that names the place; the state is then as
// before, outputs and gradients are not to be used.
func (p *Program) Run() error {
	if p.closed {
		return ErrClosed
	}
	seed := kernel.Mix(p.params.seed ^ kernel.Mix(p.step))
	p.step++
	p.graph.densify()
	if p.m64 != nil {
		return p.m64.run(p.params.version, seed)
	}
	return p.m32.run(p.params.version, seed)
}

// SetStep says which step the next run is. Dropout masks depend on it, so that
// training that is resumed at a step goes on as if never stopped. Each run adds
// one.
func (p *Program) SetStep(step uint64) { p.step = step }

// RunAll is Run, for gorgonia.VM.
func (p *Program) RunAll() error { return p.Run() }

// Reset does nothing: loops written for Gorgonia call it after every run, and
// carried state must survive that. ZeroState clears the state.
func (p *Program) Reset() {}

// Close lets go of the memory.
func (p *Program) Close() error {
	p.closed = true
	p.m32, p.m64, p.graph = nil, nil, nil
	return nil
}

// Names lists the inputs and outputs in alphabetical order.
func (p *Program) Names() []string {
	switch {
	case p.m64 != nil:
		return slices.Sorted(maps.Keys(p.m64.named))
	case p.m32 != nil:
		return slices.Sorted(maps.Keys(p.m32.named))
	}
	return nil
}

// find is the value under a name.
func (p *Program) find(name string, ids, setting bool) (*value, error) {
	var v *value
	switch {
	case p.closed:
		return nil, ErrClosed
	case p.m64 != nil:
		v = p.m64.named[name]
	default:
		v = p.m32.named[name]
	}
	if v == nil {
		return nil, fmt.Errorf("graph: the program has no %q; it has %q", name, p.Names())
	}
	if _, in := v.kind.(*input); setting && !in {
		return nil, fmt.Errorf("graph: %q is an output and cannot be set", name)
	}
	if v.ids != ids {
		return nil, fmt.Errorf("graph: %q holds %s, not %s", name, numbers(v.ids), numbers(ids))
	}
	return v, nil
}

func numbers(ids bool) string {
	if ids {
		return "ids"
	}
	return "floats"
}

func (p *Program) idsOf(v *value) []int {
	if p.m64 != nil {
		return p.m64.ids[v]
	}
	return p.m32.ids[v]
}

// SetIDs copies integers into an input of ids, row by row. Errors are as those of
// SetFloats; that an id is outside of its table is seen by Run.
func (p *Program) SetIDs(name string, ids []int) error {
	v, err := p.find(name, true, true)
	if err != nil {
		return err
	}
	return fill(name, v, p.idsOf(v), ids)
}

// SetFloats copies floats into an input, row by row; a float64 program has them
// widened. It is an error if there is no such input, if it is one of ids, or if
// there are more or fewer values than it has elements.
func (p *Program) SetFloats(name string, x []float32) error { return setFloats(p, name, x) }

// SetFloat64s is SetFloats for float64; a float32 program rounds them.
func (p *Program) SetFloat64s(name string, x []float64) error { return setFloats(p, name, x) }

func setFloats[E kernel.Float](p *Program, name string, x []E) error {
	v, err := p.find(name, false, true)
	if err != nil {
		return err
	}
	if p.m64 != nil {
		return fill(name, v, p.m64.slot(v), x)
	}
	return fill(name, v, p.m32.slot(v), x)
}

// fill copies numbers of one type into those of another.
func fill[A, B int | float32 | float64](name string, v *value, to []A, from []B) error {
	if len(to) != len(from) {
		return fmt.Errorf("graph: %q: shape %v wants %d values, got %d", name, v.shape, len(to), len(from))
	}
	for i, x := range from {
		to[i] = A(x)
	}
	return nil
}

// Shape is the shape of an input or output, nil for a scalar or an unknown name.
func (p *Program) Shape(name string) []int {
	for _, ids := range []bool{false, true} {
		if v, err := p.find(name, ids, false); err == nil {
			return slices.Clone(v.shape)
		}
	}
	return nil
}

// Scalar is an output of one element, such as a loss. It is an error if there is
// no such output, if it is one of ids, or if it has more elements.
func (p *Program) Scalar(name string) (float64, error) {
	v, err := p.find(name, false, false)
	if err != nil {
		return 0, err
	}
	if size(v.shape) != 1 {
		return 0, fmt.Errorf("graph: %q has shape %v, not one element", name, v.shape)
	}
	if p.m64 != nil {
		return p.m64.slot(v)[0], nil
	}
	return float64(p.m32.slot(v)[0]), nil
}

// Floats is an input or output of a float32 program, row by row: the memory
// itself, which the next run overwrites. An unknown name, one of ids, and a
// float64 program are errors.
func (p *Program) Floats(name string) ([]float32, error) {
	v, err := p.find(name, false, false)
	if err != nil {
		return nil, err
	}
	if p.m32 == nil {
		return nil, fmt.Errorf("graph: %q holds float64; use Float64s", name)
	}
	return p.m32.slot(v), nil
}

// Float64s is a copy of an input or output in float64, row by row, of programs
// of either number type. An unknown name and one of ids are errors.
func (p *Program) Float64s(name string) ([]float64, error) {
	v, err := p.find(name, false, false)
	if err != nil {
		return nil, err
	}
	if p.m64 != nil {
		return slices.Clone(p.m64.slot(v)), nil
	}
	return widen(p.m32.slot(v)), nil
}

// Integers is an input or output of ids: the memory itself.
func (p *Program) Integers(name string) ([]int, error) {
	v, err := p.find(name, true, false)
	if err != nil {
		return nil, err
	}
	return p.idsOf(v), nil
}
