package graph

import (
	"fmt"
	"strings"
)

// role is what a node of a picture stands for; each has a shape and a colour.
type role uint8

const (
	roleInput role = iota
	roleParam
	roleState // carried from run to run: where it is read, and what comes next
	roleConst
	roleOp
	roleOutput
	roleGrad  // an operation of the gradients
	roleSlope // the gradient of a parameter
	roleCell  // several operations of a scope
	roles
)

// mark is a node of a picture: a live value, or a result that has no value of
// its own (the next state, the gradient of a parameter).
type mark struct {
	id    int // position in the picture: operands come first
	role  role
	name  string // of the operation, or the leaf's own
	shape string
	path  string
	step  int
	back  bool // belongs to the gradients
	in    []*mark
	ports []string // what operand i is to the operation, "" where all are alike
	out   []*mark  // who reads it, once for each operand
	view  bool     // only picks rows
	holds string   // the operations that it stands for

	spot place // filled by the layout of SVG
}

// picture is the nodes in an order in which operands come first.
type picture struct {
	title  string
	words  *wording
	titles map[int]string // of steps that are not called by their number alone
	marks  []*mark
	edges  int
}

// picture collects the live values of the program.
func (p *Program) picture() (*picture, error) { return p.pictureIn(english()) }

func (p *Program) pictureIn(words *wording) (*picture, error) {
	if p.closed {
		return nil, ErrClosed
	}
	g := p.graph
	d := &picture{words: words}
	of := make(map[*value]*mark, len(g.values))
	names := g.leafNames()
	back := p.gradients()
	for _, v := range g.values {
		if !p.planned(v) {
			continue
		}
		m := &mark{role: roleOf(v, back[v.index]), name: names[v], shape: shapeText(v), path: v.path, step: v.step}
		m.back = back[v.index]
		_, m.view = v.kind.(rows)
		if m.name == "" {
			m.name = opText(v)
		}
		m.ports = portNames(v)
		for _, c := range v.in {
			m.in = append(m.in, of[c])
		}
		of[v] = d.add(m)
	}
	for _, c := range g.carried {
		d.result(of[c.next], roleState, "next "+names[c.leaf], c.leaf.path)
	}
	for _, u := range g.updates {
		d.result(of[u.grad], roleSlope, "∂ "+u.param.path, u.leaf.path)
	}
	d.pullConstants()
	d.title = fmt.Sprintf(words.title, p.key.B, p.key.T, len(d.marks), d.edges)
	return d, nil
}

// add enters a mark after its operands.
func (d *picture) add(m *mark) *mark {
	m.id = len(d.marks)
	d.marks = append(d.marks, m)
	d.edges += len(m.in)
	for _, c := range m.in {
		c.out = append(c.out, m)
	}
	return m
}

// result enters what a value becomes after the run.
func (d *picture) result(from *mark, r role, name, path string) {
	d.add(&mark{
		role: r, name: name, shape: from.shape, path: path, step: -1,
		back: r == roleSlope, in: []*mark{from}, ports: []string{""},
	})
}

// pullConstants lets a constant that only gradients read stand with them.
func (d *picture) pullConstants() {
	for _, m := range d.marks {
		if m.role != roleConst || len(m.out) == 0 {
			continue
		}
		m.back = true
		for _, o := range m.out {
			m.back = m.back && o.back
		}
	}
}

// leafNames are the names of inputs, parameters, carried state, constants and
// outputs.
func (c *core) leafNames() map[*value]string {
	names := make(map[*value]string)
	for name, v := range c.named {
		names[v] = name
	}
	for path, v := range c.bound {
		names[v] = path
	}
	for _, o := range c.outputs {
		names[o.v] = o.name
	}
	return names
}

// gradients says, by index, which values belong to gradients. Values do not
// record who made them, so it is told from use: what the outputs and the next
// state can do without serves the parameters' gradients alone; else, it is an
// operation that only derivatives are made of, or reads one.
func (p *Program) gradients() []bool {
	g := p.graph
	needed := make([]bool, len(g.values))
	for _, o := range g.outputs {
		needed[o.v.index] = true
	}
	for _, c := range g.carried {
		needed[c.leaf.index], needed[c.next.index] = true, true
	}
	for i := len(g.values) - 1; i >= 0; i-- {
		for _, c := range g.values[i].in {
			needed[c.index] = needed[c.index] || needed[i]
		}
	}
	back := make([]bool, len(g.values))
	for i, v := range g.values {
		back[i] = len(v.in) > 0 && (!needed[i] || derivative(v.kind))
		for _, c := range v.in {
			back[i] = back[i] || back[c.index]
		}
	}
	return back
}

// derivative says whether only derivatives are made of an operation.
func derivative(k kind) bool {
	switch k.(type) {
	case unaryGrad, softmaxGrad, crossEntropyGrad, scatter, uncolumn, spread:
		return true
	}
	return strings.HasSuffix(k.name(), "Grad")
}

func roleOf(v *value, back bool) role {
	switch k := v.kind.(type) {
	case *parameter:
		return roleParam
	case *input:
		if k.carried {
			return roleState
		}
		return roleInput
	case constant, *fixed:
		return roleConst
	case keep:
		return roleOutput
	}
	if back {
		return roleGrad
	}
	return roleOp
}
