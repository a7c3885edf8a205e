package celltest

import (
	"slices"
	"testing"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

func shapes(t *testing.T, s *subject) {
	for _, B := range []int{1, 4} {
		_, err := graph.Build(graph.NewParams(1), graph.Key{B: B, T: 3}, func(g *graph.Builder) {
			step := s.cell.Bind(g.Scope(scope))
			zero := s.cell.Zero(g)
			y, next := step(g.Input("x", B, s.in), zero)
			ys, final := cells.Unroll(g, step, g.Input("xs", g.T, B, s.in), cells.Seq{Init: zero})
			g.Output("y", y)
			if g.Err() != nil {
				return
			}
			for i, z := range zero {
				if got := g.Shape(z); len(got) < 2 || got[0] != B {
					t.Errorf("Zero, tensor %d: shape %v, wanted [%d, ..]", i, got, B)
				}
			}
			shape(t, g, "output of a step", y, B, s.cell.Out())
			shape(t, g, "output of the unrolled cell", ys, g.T, B, s.cell.Out())
			sameShapes(t, g, "state after a step", next, zero)
			sameShapes(t, g, "state after the unrolled cell", final, zero)
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func shape(t *testing.T, g *graph.Builder, what string, n *graph.Node, want ...int) {
	t.Helper()
	if got := g.Shape(n); !slices.Equal(got, want) {
		t.Errorf("%s: shape %v, wanted %v", what, got, want)
	}
}

func sameShapes(t *testing.T, g *graph.Builder, what string, got, want cells.State) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d tensors, wanted %d", what, len(got), len(want))
		return
	}
	for i := range want {
		shape(t, g, what, got[i], g.Shape(want[i])...)
	}
}

func zeroState(t *testing.T, s *subject) {
	if s.tensors == 0 {
		t.Fatal("Zero has no tensors")
	}
	w := s.draw(t, walk{B: 3, T: 2})
	prog, err := graph.Build(graph.NewParams(1), graph.Key{B: w.B}, func(g *graph.Builder) {
		for i, z := range s.cell.Zero(g) {
			g.Output(stateName("zero", i), z)
		}
		if _, next := s.step(g, g.Input("x", g.B, s.in)); len(next) != s.tensors {
			t.Errorf("Zero has %d tensors, the step returns %d", s.tensors, len(next))
		}
	})
	if err == nil {
		err = prog.Run()
	}
	if err != nil {
		t.Fatal(err)
	}
	for i := range w.init {
		clear(w.init[i])
		bits(t, stateName("tensor ", i), floats(t, prog, stateName("zero", i)), w.init[i])
	}
	params := s.moved(t, double())
	want := s.walk(t, params, w)
	w.zero = true
	got := s.walk(t, params, w)
	got.near(t, want, double().tolerance)
}

func oneStep(t *testing.T, s *subject) {
	each(t, func(t *testing.T, p precision) {
		params := s.moved(t, p)
		w := s.draw(t, walk{B: 3, T: 1})
		s.stepped(t, params, w).near(t, s.walk(t, params, w), p.tolerance)
	})
}

func stepping(t *testing.T, s *subject) {
	each(t, func(t *testing.T, p precision) {
		params := s.moved(t, p)
		w := s.draw(t, walk{B: 3, T: 5})
		s.stepped(t, params, w).near(t, s.walk(t, params, w), p.tolerance)
	})
}

// stepped is a walk made by a program of a single step that runs T times.
func (s *subject) stepped(t *testing.T, params *graph.Params, w walk) result {
	t.Helper()
	prog, err := graph.Build(params, graph.Key{B: w.B}, func(g *graph.Builder) {
		state := g.Carry("state", s.cell.Zero(g))
		y, next := s.cell.Bind(g.Scope(scope))(g.Input("x", g.B, s.in), state)
		g.Next("state", next)
		g.Output("y", y)
	})
	if err == nil {
		err = prog.SetState("state", w.init)
	}
	if err != nil {
		t.Fatal(err)
	}
	var r result
	for i := range w.T {
		if err := prog.SetFloat64s("x", row(w.x, w.T, i)); err != nil {
			t.Fatal(err)
		}
		if err := prog.Run(); err != nil {
			t.Fatal(err)
		}
		r.y = append(r.y, floats(t, prog, "y")...)
	}
	if r.final, err = prog.State("state"); err != nil {
		t.Fatal(err)
	}
	return r
}

// near asks that outputs and final states agree.
func (r result) near(t *testing.T, want result, tolerance float64) {
	t.Helper()
	near(t, "outputs", r.y, want.y, tolerance)
	for i := range want.final {
		near(t, stateName("final state, tensor ", i), r.final[i], want.final[i], tolerance)
	}
}

func rows(t *testing.T, s *subject) {
	each(t, func(t *testing.T, p precision) {
		const B, T, changed = 4, 3, 1
		params := s.moved(t, p)
		w := s.draw(t, walk{B: B, T: T})
		want := s.walk(t, params, w)

		other := s.draw(t, walk{B: B, T: T})
		for i := range T {
			negate(row(row(other.x, T, i), B, changed))
		}
		for _, x := range other.init {
			negate(row(x, B, changed))
		}
		got := s.walk(t, params, other)

		for b := range B {
			if b == changed {
				continue
			}
			bits(t, stateName("outputs of row ", b), column(got.y, T, B, b), column(want.y, T, B, b))
			alone := walk{B: 1, T: T, x: column(w.x, T, B, b)}
			for i := range want.final {
				bits(t, stateName("final state of row ", b), row(got.final[i], B, b), row(want.final[i], B, b))
				alone.init = append(alone.init, row(w.init[i], B, b))
			}
			s.walk(t, params, alone).near(t, want.row(w, b), p.tolerance)
		}
	})
}

// row is the result of one row of a walk.
func (r result) row(w walk, b int) result {
	one := result{y: column(r.y, w.T, w.B, b)}
	for _, f := range r.final {
		one.final = append(one.final, row(f, w.B, b))
	}
	return one
}

func negate(x []float64) {
	for i := range x {
		x[i] = -x[i] - 0.25
	}
}
