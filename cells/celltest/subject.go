package celltest

import (
	"testing"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// scope is where the cell's parameters are bound.
const scope = "model/cell"

// maxIn is the widest input that is tried.
const maxIn = 64

// subject is a cell with what was found out about it.
type subject struct {
	cell    cells.Cell
	in      int  // width of the input
	anyIn   bool // every width is accepted
	tensors int  // of a state
}

// newSubject finds the input's width: the largest that the step accepts, since
// a width of 1 may stand for any by broadcasting.
func newSubject(t *testing.T, cell cells.Cell) *subject {
	t.Helper()
	s := &subject{cell: cell}
	var refused error
	accepted := 0
	for in := 1; in <= maxIn; in++ {
		if err := s.tries(in); err != nil {
			refused = err
			continue
		}
		s.in = in
		accepted++
	}
	switch accepted {
	case 0:
		t.Fatalf("%+v: the step accepts no input [B, D] with D from 1 to %d: %v", cell, maxIn, refused)
	case maxIn:
		s.in, s.anyIn = 3, true
	}
	return s
}

// tries builds one step for an input of the width.
func (s *subject) tries(in int) error {
	_, err := graph.Build(graph.NewParams(1), graph.Key{B: 2}, func(g *graph.Builder) {
		y, _ := s.step(g, g.Input("x", g.B, in))
		g.Output("y", y)
	})
	return err
}

// step binds the cell and makes its first step.
func (s *subject) step(g *graph.Builder, x *graph.Node) (*graph.Node, cells.State) {
	step := s.cell.Bind(g.Scope(scope))
	zero := s.cell.Zero(g)
	s.tensors = len(zero)
	return step(x, zero)
}

// fresh are parameters as the seed draws them.
func (s *subject) fresh(t *testing.T, p precision, seed uint64) *graph.Params {
	t.Helper()
	params := p.params(seed)
	_, err := graph.Build(params, graph.Key{B: 2}, func(g *graph.Builder) {
		y, _ := s.step(g, g.Input("x", g.B, s.in))
		g.Output("y", y)
	})
	if err != nil {
		t.Fatalf("%+v: %v", s.cell, err)
	}
	return params
}

// moved are parameters that are not as the seed draws them.
func (s *subject) moved(t *testing.T, p precision) *graph.Params {
	t.Helper()
	params := s.fresh(t, p, 1)
	move(t, params)
	return params
}

// move takes parameters a little away from their first values: biases begin at 0
// and would not show what becomes of them.
func move(t *testing.T, params *graph.Params) {
	t.Helper()
	for _, q := range params.All() {
		w := q.Values()
		for i, d := range draw(q.Path(), len(w)) {
			w[i] += d / 2
		}
		if err := params.Set(q.Path(), w); err != nil {
			t.Fatal(err)
		}
	}
}

// precision is a number type with the relative error that is let pass.
type precision struct {
	name      string
	params    func(seed uint64) *graph.Params
	tolerance float64
}

func double() precision { return precision{"float64", graph.NewParams64, 1e-12} }
func single() precision { return precision{"float32", graph.NewParams, 1e-5} }

// each checks in both number types.
func each(t *testing.T, check func(t *testing.T, p precision)) {
	t.Helper()
	for _, p := range []precision{double(), single()} {
		t.Run(p.name, func(t *testing.T) { check(t, p) })
	}
}
