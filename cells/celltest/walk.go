package celltest

import (
	"fmt"
	"testing"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// walk says how the cell is unrolled along a sequence.
type walk struct {
	B, T    int
	x       []float64   // [T, B, D]; nil: drawn
	init    [][]float64 // each [B, ..]; nil: drawn
	zero    bool        // begin with Zero instead
	lens    []int
	reverse bool
	train   bool // with gradients; input and initial state are parameters
	opts    []graph.Option
}

// ways are all the ways to walk a sequence of 3 rows and 4 steps.
var ways = map[string]walk{
	"forward":          {B: 3, T: 4},
	"lengths":          {B: 3, T: 4, lens: []int{2, 4, 1}},
	"reverse":          {B: 3, T: 4, reverse: true},
	"lengths, reverse": {B: 3, T: 4, lens: []int{2, 4, 1}, reverse: true},
}

// result is what a walk gave.
type result struct {
	y     []float64            // [T, B, Out]
	final [][]float64          // each [B, ..]
	grads map[string][]float64 // by path
}

// formula unrolls the cell and minimises a weighted sum of all its outputs and
// final states. It notes the sizes of its inputs.
func (s *subject) formula(w walk, inputs map[string]int) func(g *graph.Builder) {
	return func(g *graph.Builder) {
		input := func(name string, shape ...int) *graph.Node {
			inputs[name] = size(shape)
			return g.Input(name, shape...)
		}
		leaf := input
		if w.train {
			leaf = func(name string, shape ...int) *graph.Node { return g.Param(name, graph.Normal(0.7), shape...) }
		}
		weighted := func(name string, x *graph.Node) *graph.Node {
			g.Output(name, x)
			return g.SumAll(g.Mul(x, input("weight of "+name, g.Shape(x)...)))
		}

		step := s.cell.Bind(g.Scope(scope))
		seq := cells.Seq{Reverse: w.reverse}
		for i, z := range s.cell.Zero(g) {
			if !w.zero {
				z = leaf(stateName("init", i), g.Shape(z)...)
			}
			seq.Init = append(seq.Init, z)
		}
		if w.lens != nil {
			seq.Lens = g.IDs("lens", g.B)
		}
		ys, final := cells.Unroll(g, step, leaf("x", g.T, g.B, s.in), seq)
		loss := weighted("y", ys)
		for i, f := range final {
			loss = g.Add(loss, weighted(stateName("final", i), f))
		}
		g.Minimise("loss", loss)
	}
}

// setter gives the inputs of a walk their values.
func (w walk) setter(inputs map[string]int) func(prog *graph.Program) error {
	return func(prog *graph.Program) error {
		values := map[string][]float64{"x": w.x}
		for i, x := range w.init {
			values[stateName("init", i)] = x
		}
		for name, n := range inputs {
			x := values[name]
			if x == nil {
				x = draw(name, n)
			}
			if err := prog.SetFloat64s(name, x); err != nil {
				return err
			}
		}
		if w.lens != nil {
			return prog.SetIDs("lens", w.lens)
		}
		return nil
	}
}

// walk builds the walk over the parameters and runs it.
func (s *subject) walk(t *testing.T, params *graph.Params, w walk) result {
	t.Helper()
	inputs := map[string]int{}
	prog, err := graph.Build(params, graph.Key{B: w.B, T: w.T, Train: w.train}, s.formula(w, inputs), w.opts...)
	if err == nil {
		err = w.setter(inputs)(prog)
	}
	if err == nil {
		err = prog.Run()
	}
	if err != nil {
		t.Fatalf("%+v: %v", s.cell, err)
	}
	r := result{y: floats(t, prog, "y"), grads: map[string][]float64{}}
	for i := range s.tensors {
		r.final = append(r.final, floats(t, prog, stateName("final", i)))
	}
	for _, p := range params.All() {
		if d := p.Grads(); d != nil {
			r.grads[p.Path()] = d
		}
	}
	return r
}

// draw gives w an input and an initial state, to be looked at and changed.
func (s *subject) draw(t *testing.T, w walk) walk {
	t.Helper()
	w.x = draw("x", w.T*w.B*s.in)
	_, err := graph.Build(graph.NewParams(1), graph.Key{B: w.B}, func(g *graph.Builder) {
		y, _ := s.step(g, g.Input("x", g.B, s.in))
		g.Output("y", y)
		for i, z := range s.cell.Zero(g) {
			w.init = append(w.init, draw(stateName("init", i), size(g.Shape(z))))
		}
	})
	if err != nil {
		t.Fatalf("%+v: %v", s.cell, err)
	}
	return w
}

// stateName names tensor i of a state.
func stateName(of string, i int) string { return fmt.Sprintf("%s%d", of, i) }
