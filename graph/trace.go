package graph

import (
	"fmt"
	"slices"
	"strings"
)

// Expose shows what a step computes, by the names of the paper, one word for each node:
// g.Expose("i f u o c h", i, f, u, o, c, h). It is free until somebody looks: a program built with
// Exposed keeps each as an output named after the path of g, such as rnn/layer0/i, stacked in the
// order of the time steps [T, B, H], and who looks inside back-propagation calls the state by
// these names.
func (g *Builder) Expose(names string, xs ...*Node) {
	if g.err != nil || (!g.exposing && g.trace == nil) {
		return
	}
	words := strings.Fields(names)
	if len(words) != len(xs) {
		g.Fail(fmt.Errorf("Expose: %d names (%s) for %d nodes", len(words), names, len(xs)))
		return
	}
	for i, x := range xs {
		switch {
		case g.of[x] == nil:
			g.Fail(fmt.Errorf("Expose: %s is not a node of this builder", words[i]))
			return
		case g.exposing:
			g.core.exposed = append(g.exposed, exposure{name: join(g.path, words[i]), step: g.step, n: x})
		default:
			g.trace.names[g.of[x]] = words[i]
		}
	}
}

// exposure is a node that a formula exposes.
type exposure struct {
	name string
	step int
	n    *Node
}

// finishExposed makes outputs of what was exposed.
func (g *Builder) finishExposed() {
	top := *g
	top.path = ""
	by := map[string][]*Node{}
	var names []string
	slices.SortStableFunc(g.exposed, func(a, b exposure) int { return a.step - b.step })
	for _, e := range g.exposed {
		if by[e.name] == nil {
			names = append(names, e.name)
		}
		by[e.name] = append(by[e.name], e.n)
	}
	for _, name := range names {
		top.Output(name, top.Stack(by[name]...))
	}
}

// Pass hands the state that a step has made to the next step; cells.Unroll calls it, a loop of
// your own may: once before its first step, then in each (InStep). It gives the same nodes back
// unless somebody looks inside, see NewPaths: then an alias of each, through which all that the
// later steps do with it must pass.
func (g *Builder) Pass(state []*Node) []*Node {
	if g.trace == nil || g.err != nil {
		return state
	}
	handed := make([]*Node, len(state))
	for i, n := range state {
		handed[i] = g.Alias(n)
		if g.err == nil {
			g.trace.passed(g, i, g.of[n], g.of[handed[i]])
		}
	}
	return handed
}

// trace notes how a formula uses one parameter and what it hands from step to step. It changes no
// number: its aliases are views.
type trace struct {
	param  string // path of the parameter whose uses are told apart, "" for none
	leaf   *value
	of     map[*value]bool // what is made of the parameter alone
	uses   []*use
	names  map[*value]string // what was exposed
	states []*tracedState
	done   bool // gradients are being made

	elements map[elementID]*Node // single steps of what the formula makes of all at once
}

// elementID is an element of the first axis of a value.
type elementID struct {
	v *value
	t int
}

// use is one operation on the parameter.
type use struct {
	step     int
	path, op string
	alias    *value
}

// tracedState is one tensor that is handed from step to step.
type tracedState struct {
	StateRef
	scope        string // the path without a number
	steps        []int
	made, handed []*value // by hand-over: what a step returned, what the next was given
}

func newTrace(param string) *trace {
	return &trace{param: param, of: map[*value]bool{}, names: map[*value]string{}, elements: map[elementID]*Node{}}
}

// passed notes a hand-over. One outside of all steps begins a sequence: a second one in the same
// scope is told apart by its number, as net#2.
func (t *trace) passed(g *Builder, index int, made, handed *value) {
	var s *tracedState
	n := 1
	for _, old := range t.states {
		if old.scope == g.path && old.Index == index {
			s, n = old, n+1
		}
	}
	if s == nil || g.step < 0 {
		path := g.path
		if n > 1 {
			path = fmt.Sprintf("%s#%d", path, n)
		}
		s = &tracedState{StateRef: StateRef{Path: path, Name: fmt.Sprint("state", index), Index: index}, scope: g.path}
		t.states = append(t.states, s)
	}
	if name := t.names[made]; name != "" {
		s.Name = name
	}
	s.steps = append(s.steps, g.step)
	s.made, s.handed = append(s.made, made), append(s.handed, handed)
}

// tellApart gives an operation an alias of its own in place of the parameter. What was made of the
// parameter outside of the step, such as some of its columns, is made again of the alias.
func (t *trace) tellApart(g *Builder, k kind, in []*value) {
	if t == nil || t.done || t.param == "" || g.err != nil {
		return
	}
	if _, own := k.(alias); own {
		return
	}
	for i, v := range in {
		if t.isLeaf(v) || (t.of[v] && v.step != g.step) {
			in[i] = t.again(g, k.name(), v, map[*value]*value{})
		}
	}
}

func (t *trace) isLeaf(v *value) bool {
	k, ok := v.kind.(*parameter)
	return ok && k.p.path == t.param
}

// again is v, which depends on the parameter alone, made of a new alias for op.
func (t *trace) again(g *Builder, op string, v *value, made map[*value]*value) *value {
	if w := made[v]; w != nil {
		return w
	}
	if t.isLeaf(v) {
		t.leaf = v
		made[v] = g.of[g.Alias(v.node)]
		t.uses = append(t.uses, &use{step: g.step, path: g.path, op: op, alias: made[v]})
		return made[v]
	}
	in := make([]*value, len(v.in))
	for i, c := range v.in {
		in[i] = c
		if _, use := c.kind.(alias); use && t.isLeaf(c.in[0]) {
			c = c.in[0]
		}
		if t.isLeaf(c) || t.of[c] {
			in[i] = t.again(g, op, c, made)
		}
	}
	made[v] = g.add(&value{kind: v.kind, in: in, shape: v.shape, ids: v.ids}, "")
	return made[v]
}

// enter notes what is made of the parameter alone, outside of the steps.
func (t *trace) enter(v *value) {
	if t == nil || t.done || !v.settled || v.step >= 0 {
		return
	}
	for _, c := range v.in {
		if t.isLeaf(c) || t.of[c] {
			t.of[v] = true
		}
	}
}
