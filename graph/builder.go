package graph

import (
	"fmt"
	"strconv"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Node is a symbolic value: a node of a Gorgonia expression graph.
type Node = gorgonia.Node

// Key says for which sizes and for which purpose a formula is built. Programs
// are cached by it.
type Key struct {
	B int // rows of a batch
	T int // time steps
	N int // a second length, for formulas that need one (an encoder's, say)

	// Train asks for gradients and for dropout; without it the program only
	// evaluates.
	Train bool
}

// Builder collects a formula. Its methods are the operations; each returns a
// node. The first error stays: from then on operations do nothing and return
// a placeholder, and Build reports that error.
type Builder struct {
	*core
	path string

	B, T, N int  // sizes, from the Key
	Train   bool // gradients and dropout wanted, from the Key
}

// core is what all scopes of one builder share.
type core struct {
	params *Params
	expr   *gorgonia.ExprGraph
	plain  bool
	wired  bool   // add edges to every node, as Gorgonia's own machines want them
	narrow Option // BFloat16 or Int8: the form of the weights
	err    error

	values []*value         // in order of creation, which is a topological order
	of     map[*Node]*value // the value behind a node
	same   map[any]*value   // by structure
	bad    *Node            // what operations return after an error

	step    int // the time step being built, -1 outside of one
	serial  uint32
	aliases int
	did     [rules]int // what was taken off the formula, for Explain
	masks   int

	named   map[string]*value // inputs, carried state and constants by name
	bound   map[string]*value // parameters by path
	carried []*carried
	outputs []*output
	taps    map[string][]*Node
	tapped  []string
	updates []update // parameters with their gradients

	updating bool // Minimise differentiates

	exposing bool       // keep what is exposed
	exposed  []exposure // in the order of the calls
	trace    *trace     // notes how values are used, nil unless somebody looks inside
}

// carried is one tensor of a state that lives from run to run.
type carried struct {
	name       string // of the state, shared by its tensors
	leaf, next *value
	fill       float64
}

// output is a value that a program keeps under a name.
type output struct {
	name string // "" for what only the package reads
	v    *value
}

// update is a parameter and its gradient.
type update struct {
	param *Param
	leaf  *value
	grad  *value
}

func newBuilder(params *Params, key Key, opts []Option) *Builder {
	c := &core{
		params: params,
		expr:   gorgonia.NewGraph(),
		of:     map[*Node]*value{},
		same:   map[any]*value{},
		named:  map[string]*value{},
		bound:  map[string]*value{},
		taps:   map[string][]*Node{},
		step:   -1,
	}
	for _, o := range opts {
		c.plain = c.plain || o == Plain
		c.wired = c.wired || o == wired
		c.exposing = c.exposing || o == Exposed
	}
	g := &Builder{core: c, B: key.B, T: key.T, N: key.N, Train: key.Train}
	c.bad = gorgonia.NewUniqueNode(gorgonia.In(gorgonia.NewGraph()), gorgonia.WithType(c.typeOf(nil, false)),
		gorgonia.WithName("placeholder"))
	return g
}

// Scope returns a builder for the same formula whose parameters, inputs and
// errors carry name in their path: Param("Wx") in Scope("layer0") is layer0/Wx.
func (g *Builder) Scope(name string) *Builder {
	s := *g
	s.path = join(g.path, name)
	return &s
}

// Path returns the path of the scope, empty at the top.
func (g *Builder) Path() string { return g.path }

// InStep runs f as the formula of time step t: errors name the step, and
// gradients of shared parameters are summed in the order of the steps. Inside of
// a step it is f alone: a layer that a step calls for one input has steps of its
// own, but they are part of that one.
func (g *Builder) InStep(t int, f func()) {
	old := g.step
	if old >= 0 {
		f()
		return
	}
	g.core.step = t
	f()
	g.core.step = old
}

// Err returns the first error of the formula so far.
func (g *Builder) Err() error { return g.err }

// Fail makes err the builder's error unless it already has one. Formulas use
// it for what they can check themselves; the path is put before it.
func (g *Builder) Fail(err error) {
	if g.err == nil && err != nil {
		g.core.err = fmt.Errorf("graph: %s%w", g.where(), err)
	}
}

// where is the path and step as the head of a message.
func (g *Builder) where() string {
	s := g.path
	if g.step >= 0 {
		s = join(s, "step "+strconv.Itoa(g.step))
	}
	if s == "" {
		return ""
	}
	return s + ": "
}

// Shape returns the shape of a node of this builder; nil for a scalar and for
// a node it does not know.
func (g *Builder) Shape(n *Node) []int {
	if v := g.of[n]; v != nil {
		return append([]int(nil), v.shape...)
	}
	return nil
}

// apply makes the node of an operation, or returns the one that has the same
// structure already.
func (g *Builder) apply(k kind, in ...*Node) *Node {
	if g.err != nil {
		return g.bad
	}
	vs := make([]*value, len(in))
	for i, n := range in {
		v := g.of[n]
		if v == nil {
			g.Fail(fmt.Errorf("%s: operand %d is not a node of this builder", k.name(), i))
			return g.bad
		}
		vs[i] = v
	}
	g.trace.tellApart(g, k, vs)
	shape, ids, err := k.infer(vs)
	if err == nil {
		err = checkResult(k, shape)
	}
	if err != nil {
		g.Fail(err)
		return g.bad
	}
	key := structure(k, vs)
	if old := g.same[key]; old != nil && !g.plain {
		return old.node
	}
	v := g.add(&value{kind: k, in: vs, shape: shape, ids: ids}, "")
	g.same[key] = v
	g.trace.enter(v)
	return v.node
}

// known is x, or the placeholder after an error if x is no node of the builder.
// Operations that may return their operand as it is ask for it.
func (g *Builder) known(op string, x *Node) *Node {
	if g.of[x] == nil {
		g.Fail(fmt.Errorf("%s: operand 0 is not a node of this builder", op))
	}
	if g.err != nil {
		return g.bad
	}
	return x
}

// maxValues bounds a formula; an operation takes about 1 kB.
const maxValues = 1 << 22

// add enters a value, making its Gorgonia node. Leaves have a name.
func (g *Builder) add(v *value, name string) *value {
	v.index, v.path, v.step = len(g.values), g.path, g.step
	v.inherit()
	if v.node == nil {
		v.node = g.newNode(v, name)
	}
	if len(g.values) == maxValues {
		g.Fail(fmt.Errorf("the formula has more than %d operations", maxValues))
	}
	if g.of[v.node] != nil { // Gorgonia takes inputs of one name and shape for one
		g.Fail(fmt.Errorf("the name %q is taken", name))
		return g.of[v.node]
	}
	g.core.values = append(g.values, v)
	g.of[v.node] = v
	return v
}

// newNode makes a node without edges: Gorgonia looks up both ends of an edge
// by scanning all nodes, which would make building quadratic. The children
// are set afterwards, edges only when wire is called.
func (g *Builder) newNode(v *value, name string) *Node {
	opts := []gorgonia.NodeConsOpt{gorgonia.In(g.expr), gorgonia.WithType(g.typeOf(v.shape, v.ids))}
	if len(v.shape) > 0 {
		opts = append(opts, gorgonia.WithShape(v.shape...))
	}
	if len(v.in) == 0 {
		return gorgonia.NewUniqueNode(append(opts, gorgonia.WithName(name))...)
	}
	g.core.serial++
	op := &symbol{kind: v.kind, serial: g.serial, v: v, g: g}
	n := gorgonia.NewUniqueNode(append(opts, gorgonia.WithOp(op))...)
	kids := make(gorgonia.Nodes, len(v.in))
	for i, c := range v.in {
		kids[i] = c.node
	}
	gorgonia.WithChildren(kids)(n)
	if g.wired {
		for _, c := range kids {
			g.expr.SetEdge(edge{n, c})
		}
	}
	return n
}

// dtype is the type of the integers or floats of a value.
func (c *core) dtype(ids bool) tensor.Dtype {
	switch {
	case ids:
		return tensor.Int
	case c.params.dtype == Float64:
		return tensor.Float64
	}
	return tensor.Float32
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	if name == "" {
		return path
	}
	return path + "/" + name
}
