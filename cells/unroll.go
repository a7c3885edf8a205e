package cells

import (
	"fmt"

	"github.com/unroll-go/unroll/graph"
)

// Unroll applies a step along a sequence: xs [T, B, D], or ids [T, B], give ys
// [T, B, H] and the state after the last step. The step may be any function of
// that form, also one that closes over more than its cell's parameters. Lengths
// and direction are those of seq.
func Unroll(g *graph.Builder, step Step, xs *graph.Node, seq Seq) (ys *graph.Node, final State) {
	parts := g.Unstack(xs)
	if step == nil {
		g.Fail(fmt.Errorf("unroll: the step is nil"))
	}
	if len(seq.Init) == 0 {
		g.Fail(fmt.Errorf("unroll: an initial state is needed; Zero gives one"))
	}
	if g.Err() != nil {
		return g.Stack(), seq.Init
	}
	out := make([]*graph.Node, len(parts))
	s := State(g.Pass(seq.Init))
	final = seq.Init
	for i := range parts {
		t := i
		if seq.Reverse {
			t = len(parts) - 1 - i
		}
		g.InStep(t, func() {
			y, next := step(parts[t], s)
			if len(next) != len(s) {
				g.Fail(fmt.Errorf("unroll: the step returned %d state tensors, it got %d", len(next), len(s)))
				return
			}
			final = next
			next = g.Pass(next)
			if seq.Lens != nil {
				y, next = masked(g, g.LengthMask(seq.Lens, t), y, next, s)
				final = next
			}
			out[t], s = y, next
		})
		if g.Err() != nil {
			return g.Stack(), seq.Init
		}
	}
	return g.Stack(out...), final
}

// masked keeps the state and gives 0 where a row has no step.
func masked(g *graph.Builder, mask, y *graph.Node, next, s State) (*graph.Node, State) {
	held := make(State, len(next))
	for i := range next {
		held[i] = g.Where(mask, next[i], s[i])
	}
	return g.Where(mask, y, g.Zeros(g.Shape(y)...)), held
}

// Recurrent is the layer that unrolls a cell.
type Recurrent struct{ Cell Cell }

var _ Layer = Recurrent{}

// Bind declares the cell's parameters on g.
func (r Recurrent) Bind(g *graph.Builder) Run {
	if missing(g, "recurrent: the cell", r.Cell) {
		return func(xs *graph.Node, seq Seq) (*graph.Node, State) { return xs, seq.Init }
	}
	step := r.Cell.Bind(g)
	return func(xs *graph.Node, seq Seq) (*graph.Node, State) {
		if len(seq.Init) > 0 && g.B > 0 {
			if n := len(r.Cell.Zero(g)); len(seq.Init) != n {
				g.Fail(fmt.Errorf("recurrent: a state of %d tensors is needed, got %d", n, len(seq.Init)))
				return xs, seq.Init
			}
		}
		return Unroll(g, step, xs, seq)
	}
}

// Zero is the cell's.
func (r Recurrent) Zero(g *graph.Builder) State {
	if missing(g, "recurrent: the cell", r.Cell) {
		return nil
	}
	return r.Cell.Zero(g)
}

// Out is the cell's.
func (r Recurrent) Out() int {
	if r.Cell == nil {
		return 0
	}
	return r.Cell.Out()
}
