package graph

import (
	"fmt"
	"slices"
)

// PathsOf says which gradient is taken apart.
type PathsOf struct {
	// Loss is the name of an output of the formula: E with a first axis of time, [T, ..], where
	// E_t is the sum of element t; or a scalar, which is one E.
	Loss string

	At  []int // the t of E_t, counted from 0; nil: the last one
	All bool  // every t, for the triangle

	// Param is the path of the parameter whose uses are told apart, such as rnn/layer0/Wh; ""
	// leaves only the gradients of the states.
	Param string

	// Routes also tells apart which state tensors a use's gradient came through.
	Routes bool
}

// Paths is back-propagation through time, taken apart: a program over a formula that also gives,
// for each E_t, what each use of a parameter adds to dE_t/dW, and dE_t/dh_k for every k. Set its
// inputs as those of any program, then ask for the Report.
//
// Two questions are kept apart.
//
// Which use of W. A parameter is used by every step. Each use is given an alias W_k = W of its
// own, so that by the chain rule
//
//	dE_t/dW = Σ_k ∂E_t/∂W_k           (W_k is varied, the others are not)
//
// For h_k = tanh(x_k·Wx + h_{k-1}·Wh) the term of k is h_{k-1}'·δ_k with δ_k = dE_t/dh_k ⊙ (1 -
// h_k²): "the gradient from h_k". It holds all that flows back to step k through all later steps
// (Werbos 1990; the terms are those of Pascanu et al. 2013, eq. 4). What a cell has made of W
// outside of its steps, such as some of its columns, is made of each alias again, and so each term
// has the shape of W.
//
// Which route. From step k to step t a gradient crosses from state to state, and where a cell
// hands on several tensors, an LSTM's h and c, each crossing is in one of them. PathsOf.Routes
// splits the term of k by what was crossed:
//
//	direct   no crossing: E_t is of step k itself, or reads its output as it is
//	only c   every crossing in c: back through c_j = f_j⊙c_{j-1} + .. with h_j held,
//	         a factor f_j for each step, the "constant error carousel"
//	only h   every crossing in h, with c_j held
//	mixed    the rest: paths that cross in h here and in c there
//
// "With c held" means that the derivative is taken with a copy of c that nothing flows back
// through, at every crossing; the forward values are untouched. Every path belongs to one part, so
// the parts sum to the term. In a stack, the tensors of all layers are parts ("only layer0 c"). A
// row that has ended (Seq.Lens) still hands its state on, and so crosses.
//
// Nothing is approximated: these are sweeps over the formula in the builder's Plain mode. Cost:
// one graph and one run. The graph has the formula once and one sweep for each E_t, with Routes
// one more and one for each state tensor; all T sweeps (All) are about T²/2 steps back, so twice T
// is four times the work. Each use keeps a matrix as large as W for each E_t. NewPaths refuses
// what would be too large.
type Paths struct {
	*Program
	of     PathsOf
	trace  *trace
	losses []lossNodes
	states [][]*value // what was handed on, by tensor and hand-over
}

// lossNodes are the nodes of one E_t.
type lossNodes struct {
	t      int
	loss   *value
	total  *value
	uses   []useNodes
	states [][]*value // dE_t/ds by tensor and hand-over, nil where E_t does not depend on it
}

type useNodes struct {
	use    *use
	matrix *value
	direct *value
	mixed  bool     // there are paths in several tensors
	only   []*value // by state tensor, with what is direct; nil: no such path
}

// Bounds of what NewPaths and NewJacobians take on.
const (
	maxPathSteps    = 10_000  // time steps
	maxPathOps      = 1 << 19 // operations, about 1 kB each
	maxPathElements = 1 << 25 // elements of all results, 8 bytes each
	maxRoutes       = 60      // state tensors
)

// NewPaths builds the formula f for key, in Plain mode and for evaluation (no dropout; a Minimise
// only names its loss), with the sweeps that of asks for. A loss, a step or a parameter that does
// not exist is an error, as is a request that would take too much, with its cost.
func NewPaths(params *Params, key Key, f func(g *Builder), of PathsOf) (*Paths, error) {
	key.Train = false
	if key.T > maxPathSteps {
		return nil, fmt.Errorf("graph: paths over %d steps: every step becomes operations of its own, forward and back; at most %d steps",
			key.T, maxPathSteps)
	}
	p := &Paths{of: of, trace: newTrace(of.Param)}
	prog, err := buildTraced(params, key, f, p.trace, p.sweeps)
	if err != nil {
		return nil, err
	}
	p.Program = prog
	return p, nil
}

// buildTraced builds f in Plain mode with a trace, and after it what more adds.
func buildTraced(params *Params, key Key, f func(*Builder), t *trace, more func(g *Builder)) (*Program, error) {
	if f == nil {
		return Build(params, key, nil)
	}
	return Build(params, key, func(g *Builder) {
		g.core.trace = t
		f(g)
		t.done = true
		if g.err == nil {
			more(g)
		}
	}, Plain)
}

// sweeps adds the gradients to the formula.
func (p *Paths) sweeps(g *Builder) {
	top := *g
	top.path = ""
	if err := p.check(&top); err != nil {
		top.Fail(err)
		return
	}
	for _, s := range p.trace.states {
		var kept []*value
		for _, v := range s.made {
			kept = append(kept, top.hidden(v.node))
		}
		p.states = append(p.states, kept)
	}
	o := top.output(p.of.Loss)
	for _, t := range p.of.At {
		if g.err == nil {
			p.losses = append(p.losses, p.sweep(&top, o.v.in[0], t))
		}
	}
}

// check resolves the steps and refuses what cannot be or costs too much.
func (p *Paths) check(g *Builder) error {
	o := g.output(p.of.Loss)
	if o == nil || o.v.ids {
		return fmt.Errorf("paths: the formula has no output %q of floats; it has %q", p.of.Loss, g.outputNames())
	}
	steps := 1
	if len(o.v.shape) > 0 {
		steps = o.v.shape[0]
	}
	switch {
	case (p.of.All && steps > maxPathSteps) || len(p.of.At) > maxPathSteps:
		return fmt.Errorf("paths: %d steps of the loss %q asked for; at most %d", max(len(p.of.At), steps), p.of.Loss, maxPathSteps)
	case p.of.All:
		p.of.At = nil
		for t := range steps {
			p.of.At = append(p.of.At, t)
		}
	case p.of.At == nil:
		p.of.At = []int{steps - 1}
	}
	for _, t := range p.of.At {
		if t < 0 || t >= steps {
			return fmt.Errorf("paths: the loss %q has no step %d; it has the steps 0 to %d", p.of.Loss, t, steps-1)
		}
	}
	if n := len(p.trace.states); p.of.Routes && n > maxRoutes {
		return fmt.Errorf("paths: routes through %d state tensors; at most %d", n, maxRoutes)
	}
	if p.of.Param != "" && p.trace.leaf == nil {
		return fmt.Errorf("paths: the formula uses no parameter %q; it has %q", p.of.Param, g.paramPaths())
	}
	return p.affordable(g, steps)
}

func (g *Builder) outputNames() []string {
	var names []string
	for _, o := range g.outputs {
		names = append(names, o.name)
	}
	return names
}

func (g *Builder) paramPaths() []string {
	var paths []string
	for path := range g.bound {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return paths
}

// affordable estimates the cost before it is spent.
func (p *Paths) affordable(g *Builder, steps int) error {
	each := 1
	if p.of.Routes && p.of.Param != "" {
		each += 1 + len(p.trace.states)
	}
	ops, elements := 0, 0
	for _, t := range p.of.At {
		n := len(g.values) * (t + 1) / steps // operations that E_t depends on, about
		ops += each * n
		for _, s := range p.trace.states {
			elements += size(s.made[0].shape) * len(s.made) * (t + 1) / steps
		}
		if p.trace.leaf != nil {
			elements += each * size(p.trace.leaf.shape) * len(p.trace.uses) * (t + 1) / steps
		}
	}
	if ops > maxPathOps || elements > maxPathElements {
		return fmt.Errorf("paths: %d losses over a formula of %d operations would take about %d operations and %d numbers; "+
			"at most %d and %d: ask for fewer steps of the loss, a shorter T, or no parameter",
			len(p.of.At), len(g.values), ops, elements, maxPathOps, maxPathElements)
	}
	return nil
}
