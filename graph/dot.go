package graph

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/unroll-go/unroll/internal/svg"
)

// DOT writes the program's formula in the language of Graphviz, which draws it
// with "dot -Tsvg": one node for each value that a run computes, with its
// operation and shape, in clusters by scope and, forward, by time step. Inputs, parameters,
// carried state, constants, outputs and gradients differ in shape and in
// colour. Edges carry the operand's position where the order matters, and a, b
// and c at products. Gradients flow to the left, against the forward pass.
//
// The same formula gives the same bytes. There is no limit on the size; SVG
// draws small formulas without Graphviz. The error is ErrClosed after Close, or
// the writer's.
func (p *Program) DOT(w io.Writer) error {
	pic, err := p.picture()
	if err != nil {
		return err
	}
	d := &dotWriter{}
	d.document(pic)
	_, err = w.Write(d.Bytes())
	return err
}

// dotLook is how Graphviz draws a role. The colours are tints of those of Okabe
// and Ito (2008), https://jfly.uni-koeln.de/color/, with black text on them.
type dotLook struct{ shape, style, fill, line string }

var dotLooks = [roles]dotLook{
	roleInput:  {"parallelogram", "filled", "#d6ecfa", "#0072b2"},
	roleParam:  {"hexagon", "filled", "#fbe3b5", "#a06a00"},
	roleState:  {"cylinder", "filled", "#bfe8d9", "#00694d"},
	roleConst:  {"box", "filled,dashed", "#f2f2f2", "#666666"},
	roleOp:     {"box", "filled,rounded", "#ffffff", "#444444"},
	roleOutput: {"cds", "filled,bold", "#0072b2", "#004a75"},
	roleGrad:   {"octagon", "filled", "#f8d9c4", "#b34700"},
	roleSlope:  {"doubleoctagon", "filled,bold", "#eec3da", "#8f3a6b"},
	roleCell:   {"box", "filled,rounded,bold", "#ffffff", "#444444"},
}

type dotWriter struct {
	bytes.Buffer
	clusters int
}

func (d *dotWriter) line(indent int, format string, args ...any) {
	d.WriteString(strings.Repeat("\t", indent))
	fmt.Fprintf(d, format, args...)
	d.WriteByte('\n')
}

func (d *dotWriter) document(pic *picture) {
	d.line(0, "digraph unroll {")
	d.line(1, "graph [rankdir=LR, charset=%s, fontname=%s, bgcolor=white, nodesep=0.2, ranksep=0.35, label=%s];",
		dotQuote("UTF-8"), dotQuote("sans-serif"), dotQuote(pic.title))
	d.line(1, "node [fontname=%s, fontsize=11, height=0.3, margin=%s];", dotQuote("sans-serif"), dotQuote("0.1,0.04"))
	d.line(1, "edge [fontname=%s, fontsize=9, arrowsize=0.6, color=%s];", dotQuote("sans-serif"), dotQuote("#555555"))
	for _, s := range scopesOf(pic.marks) {
		d.scope(s)
	}
	for _, m := range pic.marks {
		for i, c := range m.in {
			d.edge(c, m, i)
		}
	}
	d.line(0, "}")
}

// scope is the marks of one path, forward or of gradients, by time step.
type scope struct {
	path  string
	back  bool
	steps []*dotStep
}

type dotStep struct {
	step  int
	marks []*mark
}

// scopesOf groups marks in the order in which their scopes appear.
func scopesOf(marks []*mark) []*scope {
	type id struct {
		path string
		back bool
	}
	var all []*scope
	byID := make(map[id]*scope)
	for _, m := range marks {
		s := byID[id{m.path, m.back}]
		if s == nil {
			s = &scope{path: m.path, back: m.back}
			byID[id{m.path, m.back}] = s
			all = append(all, s)
		}
		s.add(m)
	}
	return all
}

func (s *scope) add(m *mark) {
	for _, t := range s.steps {
		if t.step == m.step {
			t.marks = append(t.marks, m)
			return
		}
	}
	s.steps = append(s.steps, &dotStep{m.step, []*mark{m}})
}

// scope writes a cluster for a scope and, in it, one for each time step; what
// is at the top of the formula has no cluster of its own. Gradients have no
// clusters by step: Graphviz 2.43 cannot rank them beside those of the forward
// pass.
func (d *dotWriter) scope(s *scope) {
	title := s.path
	switch {
	case s.back && title == "":
		title = "gradients"
	case s.back:
		title += ": gradients"
	}
	indent := 1
	if title != "" {
		d.open(indent, title, "#999999", "rounded")
		indent++
	}
	for _, t := range s.steps {
		in := indent
		if t.step >= 0 && !s.back {
			d.open(indent, "step "+strconv.Itoa(t.step), "#bbbbbb", "rounded,dashed")
			in++
		}
		for _, m := range t.marks {
			d.node(in, m)
		}
		if t.step >= 0 && !s.back {
			d.line(indent, "}")
		}
	}
	if title != "" {
		d.line(1, "}")
	}
}

func (d *dotWriter) open(indent int, title, color, style string) {
	d.line(indent, "subgraph cluster_%d {", d.clusters)
	d.line(indent+1, "label=%s; tooltip=%[1]s; color=%s; style=%s; fontsize=11; labeljust=l;",
		dotQuote(title), dotQuote(color), dotQuote(style))
	d.clusters++
}

func (d *dotWriter) node(indent int, m *mark) {
	l := dotLooks[m.role]
	font := "black"
	if m.role == roleOutput {
		font = "white"
	}
	d.line(indent, "n%d [label=%s, tooltip=%s, shape=%s, style=%s, fillcolor=%s, color=%s, fontcolor=%s];",
		m.id, dotQuote(m.name+"\n"+m.shape), dotQuote(m.describe()), l.shape,
		dotQuote(l.style), dotQuote(l.fill), dotQuote(l.line), font)
}

// edge writes operand i of m. Edges among gradients are declared against their
// direction, so that ranks fall to the left; edges between the passes have no
// weight and may be long. (With newrank or constraint=false Graphviz 2.43
// takes minutes or loses edges.)
func (d *dotWriter) edge(from, m *mark, i int) {
	attrs := []string{"tooltip=" + dotQuote(from.name+" → "+m.name)}
	if p := m.ports[i]; p != "" {
		attrs = append(attrs, "label="+dotQuote(p))
	}
	tail, head := from, m
	switch {
	case from.back && m.back:
		tail, head = m, from
		attrs = append(attrs, "dir=back", "color="+dotQuote(dotLooks[roleGrad].line))
	case from.back != m.back:
		attrs = append(attrs, "weight=0", "style=dashed", "color="+dotQuote("#8a8a8a"))
	}
	d.line(1, "n%d -> n%d [%s];", tail.id, head.id, strings.Join(attrs, ", "))
}

// dotQuote is a quoted string of DOT that shows s as it is: Graphviz would
// read \N and &amp; in a label as something else.
func dotQuote(s string) string {
	return `"` + dotEscapes.Replace(svg.Printable(s)) + `"`
}

var dotEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "&", "&amp;")
