package cells

import (
	"fmt"

	"github.com/unroll-go/unroll/graph"
)

// Bidirectional walks a sequence in both directions with a cell for each and
// joins the outputs (Schuster and Paliwal 1997): ys [T, B, Hf+Hb]. The
// parameters are below the scopes forward and backward. State: that of the
// forward cell, then that of the backward cell.
type Bidirectional struct{ Forward, Backward Cell }

var _ Layer = Bidirectional{}

// Bind declares the parameters of both cells on g.
func (b Bidirectional) Bind(g *graph.Builder) Run {
	forward := Recurrent{b.Forward}.Bind(g.Scope("forward"))
	backward := Recurrent{b.Backward}.Bind(g.Scope("backward"))
	return func(xs *graph.Node, seq Seq) (*graph.Node, State) {
		ahead, back := seq, seq
		ahead.Init, back.Init = b.Halves(g, seq.Init)
		back.Reverse = !seq.Reverse
		yf, sf := forward(xs, ahead)
		yb, sb := backward(xs, back)
		return g.Concat(yf, yb), append(append(State{}, sf...), sb...)
	}
}

// Zero is the states of both directions.
func (b Bidirectional) Zero(g *graph.Builder) State {
	return append(Recurrent{b.Forward}.Zero(g), Recurrent{b.Backward}.Zero(g)...)
}

// Halves are the parts of a state that belong to the forward and the backward
// cell.
func (b Bidirectional) Halves(g *graph.Builder, s State) (forward, backward State) {
	n, m := len(Recurrent{b.Forward}.Zero(g)), len(Recurrent{b.Backward}.Zero(g))
	if len(s) != n+m {
		g.Fail(fmt.Errorf("bidirectional: a state of %d tensors is needed, got %d", n+m, len(s)))
		return nil, nil
	}
	return s[:n], s[n:]
}

// Out is the width of the joined outputs.
func (b Bidirectional) Out() int { return Recurrent{b.Forward}.Out() + Recurrent{b.Backward}.Out() }
