package graph

import (
	"fmt"

	"gorgonia.org/gorgonia"
)

// Build runs the function f to collect a formula for the sizes of key over the
// parameters, and compiles it. It returns the formula's first error, with the
// path of the scope, the operation and the shapes. Parameters that are bound
// for the first time are added to params, also when Build fails later.
func Build(params *Params, key Key, f func(g *Builder), opts ...Option) (*Program, error) {
	return build(params, key, f, opts, &arena[float32]{}, &arena[float64]{})
}

func build(params *Params, key Key, f func(*Builder), opts []Option, a32 *arena[float32], a64 *arena[float64]) (*Program, error) {
	g, err := collect(params, key, f, opts)
	if err != nil {
		return nil, err
	}
	for _, u := range g.updates {
		u.param.trainable()
	}
	p := &Program{params: params, key: key, graph: g}
	pl := newPlan(g)
	if params.dtype == Float64 {
		p.m64 = newMachine(pl, a64, &params.staff)
	} else {
		p.m32 = newMachine(pl, a32, &params.staff)
	}
	p.ZeroState()
	p.link()
	return p, nil
}

// collect runs f and checks what it left.
func collect(params *Params, key Key, f func(*Builder), opts []Option) (*Builder, error) {
	switch {
	case params == nil || params.byPath == nil:
		return nil, fmt.Errorf("graph: there are no parameters; NewParams makes them")
	case f == nil:
		return nil, fmt.Errorf("graph: there is no formula, got nil")
	case key.B < 0 || key.T < 0 || key.N < 0:
		return nil, fmt.Errorf("graph: sizes must not be negative, got %+v", key)
	}
	narrow, err := narrowing(params, key, opts)
	if err != nil {
		return nil, err
	}
	g := newBuilder(params, key, opts)
	g.core.narrow = narrow
	err = recovered("the formula panicked", func() error { f(g); g.finishTaps(); g.finishExposed(); return nil })
	if g.err != nil {
		return nil, g.err // what a placeholder upset afterwards is of no interest
	}
	if err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	for _, c := range g.carried {
		if c.next == nil {
			return nil, fmt.Errorf("graph: state %q is carried, but Next does not say what it becomes", c.name)
		}
	}
	g.makeLate()
	if len(g.outputs) == 0 && len(g.carried) == 0 {
		return nil, fmt.Errorf("graph: the formula has no output; Output, Minimise or Next make one")
	}
	return g, nil
}

// link lets Gorgonia's nodes show the values of a run: outputs, inputs, carried
// state, parameters and their gradients.
func (p *Program) link() {
	g := p.graph
	for _, o := range g.outputs {
		x := p.tensorOf(o.v)
		_ = gorgonia.UnsafeLet(o.v.node, x)
		_ = gorgonia.UnsafeLet(o.v.in[0].node, x)
	}
	for _, v := range g.named {
		if _, ok := v.kind.(*input); ok && p.planned(v) {
			_ = gorgonia.UnsafeLet(v.node, p.tensorOf(v))
		}
	}
	for _, v := range g.bound {
		_ = gorgonia.UnsafeLet(v.node, v.kind.(*parameter).p.value)
	}
	for _, u := range g.updates {
		_ = gorgonia.UnsafeLet(u.grad.node, u.param.grad)
		gorgonia.SetDerivOf(u.grad.node, u.leaf.node)
	}
}

// planned says whether the program uses a value at all.
func (p *Program) planned(v *value) bool {
	if p.m64 != nil {
		return p.m64.p.at(v).live
	}
	return p.m32.p.at(v).live
}

// tensorOf is the memory of a value as Gorgonia sees it: what a run writes
// shows through.
func (p *Program) tensorOf(v *value) gorgonia.Value {
	switch {
	case v.ids && len(v.shape) == 0:
		return (*gorgonia.I)(&p.idsOf(v)[0])
	case v.ids:
		return newTensorOf(v.shape, p.idsOf(v))
	case p.m64 != nil && len(v.shape) == 0:
		return (*gorgonia.F64)(&p.m64.slot(v)[0])
	case p.m64 != nil:
		return newTensorOf(v.shape, p.m64.slot(v))
	case len(v.shape) == 0:
		return (*gorgonia.F32)(&p.m32.slot(v)[0])
	}
	return newTensorOf(v.shape, p.m32.slot(v))
}
