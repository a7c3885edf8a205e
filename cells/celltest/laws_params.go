package celltest

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

func seeds(t *testing.T, s *subject) {
	each(t, func(t *testing.T, p precision) {
		w := walk{B: 2, T: 3}
		one, again, other := s.fresh(t, p, 1), s.fresh(t, p, 1), s.fresh(t, p, 2)
		differs := len(one.All()) == 0
		for _, q := range one.All() {
			bits(t, q.Path(), again.Get(q.Path()).Values(), q.Values())
			differs = differs || !slices.Equal(other.Get(q.Path()).Values(), q.Values())
		}
		if !differs {
			t.Error("seeds 1 and 2 draw the same values")
		}
		bits(t, "outputs", s.walk(t, again, w).y, s.walk(t, one, w).y)
	})
}

func paths(t *testing.T, s *subject) {
	want := s.paths(t, graph.NewParams(1), graph.Key{B: 2, T: 3}, "model/cell")
	again := graph.NewParams(7)
	for _, key := range []graph.Key{{B: 1, T: 1}, {B: 5, T: 2, Train: true}} {
		if got := s.paths(t, again, key, "model/cell"); !slices.Equal(got, want) {
			t.Errorf("parameters %v for %+v, before they were %v", got, key, want)
		}
	}
	if got := s.paths(t, graph.NewParams(1), graph.Key{B: 2, T: 3}, "other"); !slices.Equal(got, want) {
		t.Errorf("parameters %v in another scope, before they were %v", got, want)
	}

	twice := func(a, b string) error {
		_, err := graph.Build(graph.NewParams(1), graph.Key{B: 2}, func(g *graph.Builder) {
			x := g.Input("x", g.B, s.in)
			ya, _ := s.cell.Bind(g.Scope(a))(x, s.cell.Zero(g))
			yb, _ := s.cell.Bind(g.Scope(b))(x, s.cell.Zero(g))
			g.Output("ya", ya)
			g.Output("yb", yb)
		})
		return err
	}
	if err := twice("a", "b"); err != nil {
		t.Errorf("bound in two scopes: %v", err)
	}
	if err := twice("a", "a"); err == nil && len(want) > 0 {
		t.Error("bound twice in one scope: an error is wanted")
	}
}

// paths lists the parameters with their shapes, and asks that they be below
// the scope, which is left out.
func (s *subject) paths(t *testing.T, params *graph.Params, key graph.Key, scope string) []string {
	t.Helper()
	_, err := graph.Build(params, key, func(g *graph.Builder) {
		ys, _ := cells.Unroll(g, s.cell.Bind(g.Scope(scope)), g.Input("x", g.T, g.B, s.in), cells.Seq{Init: s.cell.Zero(g)})
		g.Output("y", ys)
	})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, p := range params.All() {
		name, below := strings.CutPrefix(p.Path(), scope+"/")
		if !below {
			t.Errorf("parameter %q is not below %q", p.Path(), scope)
		}
		list = append(list, fmt.Sprint(name, p.Shape()))
	}
	return list
}

func values(t *testing.T, s *subject) {
	each(t, func(t *testing.T, p precision) {
		w := walk{B: 2, T: 3}
		from, to := s.moved(t, p), s.fresh(t, p, 2)
		s.walk(t, to, w) // what a run remembers of the old values must go
		for _, q := range from.All() {
			if err := to.Set(q.Path(), q.Values()); err != nil {
				t.Fatal(err)
			}
			bits(t, q.Path(), to.Get(q.Path()).Values(), q.Values())
		}
		got, want := s.walk(t, to, w), s.walk(t, from, w)
		bits(t, "outputs", got.y, want.y)
		for i := range want.final {
			bits(t, stateName("final state, tensor ", i), got.final[i], want.final[i])
		}
	})
}

func wrongWidth(t *testing.T, s *subject) {
	if s.anyIn {
		t.Skip("the cell takes inputs of any width")
	}
	wrong := s.in + 1
	build := func(f func(g *graph.Builder, step cells.Step, zero cells.State) *graph.Node) error {
		_, err := graph.Build(graph.NewParams(1), graph.Key{B: 2, T: 3}, func(g *graph.Builder) {
			g.Output("y", f(g, s.cell.Bind(g.Scope(scope)), s.cell.Zero(g)))
		})
		return err
	}
	named(t, "a step", s.in, wrong, build(func(g *graph.Builder, step cells.Step, zero cells.State) *graph.Node {
		y, _ := step(g.Input("x", g.B, wrong), zero)
		return y
	}))
	named(t, "unrolled", s.in, wrong, build(func(g *graph.Builder, step cells.Step, zero cells.State) *graph.Node {
		ys, _ := cells.Unroll(g, step, g.Input("x", g.T, g.B, wrong), cells.Seq{Init: zero})
		return ys
	}))
}

// named asks for a *graph.ShapeError with the path and both sizes.
func named(t *testing.T, what string, right, wrong int, err error) {
	t.Helper()
	var shapes *graph.ShapeError
	if !errors.As(err, &shapes) {
		t.Errorf("%s with %d columns in place of %d: a *graph.ShapeError is wanted, got: %v", what, wrong, right, err)
		return
	}
	if !strings.Contains(err.Error(), scope) {
		t.Errorf("%s: the error does not name %q: %v", what, scope, err)
	}
	for _, n := range []int{right, wrong} {
		if !regexp.MustCompile(fmt.Sprintf(`\b%d\b`, n)).MatchString(err.Error()) {
			t.Errorf("%s: the error does not name the size %d: %v", what, n, err)
		}
	}
}
