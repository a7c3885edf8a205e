package graph

import (
	"fmt"

	"github.com/unroll-go/unroll/internal/kernel"
)

// Output keeps a node's value under a name after each run.
func (g *Builder) Output(name string, n *Node) {
	if g.err != nil {
		return
	}
	path := join(g.path, name)
	switch {
	case name == "":
		g.Fail(fmt.Errorf("an output needs a name"))
	case g.output(path) != nil:
		g.Fail(fmt.Errorf("output %q is named twice", path))
	case g.named[path] != nil:
		g.Fail(fmt.Errorf("output %q: the name is that of an input", path))
	}
	kept := g.apply(keep{n: len(g.outputs)}, n)
	if g.err == nil {
		g.core.outputs = append(g.outputs, &output{path, g.of[kept]})
	}
}

// output is the output of a name, nil when there is none.
func (c *core) output(name string) *output {
	for _, o := range c.outputs {
		if o.name == name {
			return o
		}
	}
	return nil
}

// Tap collects a node that is made once per time step: the program keeps all of
// them, stacked along a first axis in the order of the calls, under the name.
func (g *Builder) Tap(name string, n *Node) {
	path := join(g.path, name)
	if g.taps[path] == nil {
		g.core.tapped = append(g.tapped, path)
	}
	g.taps[path] = append(g.taps[path], n)
}

// finishTaps makes outputs of what was tapped.
func (g *Builder) finishTaps() {
	top := *g
	top.path = ""
	for _, path := range g.tapped {
		top.Output(path, top.Stack(g.taps[path]...))
	}
}

// keep is a copy in memory that nothing else uses.
type keep struct {
	apart
	n int
}

func (keep) name() string { return "Output" }

func (keep) infer(in []*value) ([]int, bool, error)     { return in[0].shape, in[0].ids, nil }
func (keep) diff(_ *Builder, _ *value, dy *Node) []term { return []term{wholeTerm(dy)} }
func (keep) run32(c *call[float32])                     { runKeep(c) }
func (keep) run64(c *call[float64])                     { runKeep(c) }

func runKeep[F kernel.Float](c *call[F]) {
	if c.v.ids {
		copy(c.outIDs, c.ids[0])
		return
	}
	kernel.Copy(c.out, c.in[0])
}
