package cells

import (
	"fmt"

	"github.com/unroll-go/unroll/graph"
)

// State is what a cell or layer hands from step to step: one tensor [B, H] or
// more. It is never nil where a state is asked for; Zero gives the first one.
type State []*graph.Node

// Step is one time step: from the input x [B, D] (or ids [B]) and the state to
// the output y [B, H] and the next state.
type Step func(x *graph.Node, s State) (y *graph.Node, next State)

// Cell is the formula of one time step with its sizes.
type Cell interface {
	// Bind declares the parameters on g and returns the step.
	Bind(g *graph.Builder) Step

	// Zero is the state before the first step, zeros for g.B rows.
	Zero(g *graph.Builder) State

	// Out is the width of the step's output.
	Out() int
}

// Seq says how a sequence is walked.
type Seq struct {
	// Init is the state before the first step.
	Init State

	// Lens are the lengths of the rows, ids [B]; nil: all rows are full. A row
	// that has ended keeps its state, and its outputs are 0. A row of a
	// reversed sequence keeps the initial state until it begins.
	Lens *graph.Node

	// Reverse walks from the last step to the first. Outputs stay in the
	// order of the inputs.
	Reverse bool
}

// Run maps a sequence xs [T, B, D] to ys [T, B, H] and the state after the
// last step.
type Run func(xs *graph.Node, seq Seq) (ys *graph.Node, final State)

// Layer maps sequences to sequences.
type Layer interface {
	// Bind declares the parameters on g and returns the map.
	Bind(g *graph.Builder) Run

	// Zero is the state before the first step, zeros for g.B rows.
	Zero(g *graph.Builder) State

	// Out is the width of the outputs.
	Out() int
}

// missing says whether a part is nil, which it makes an error of.
func missing(g *graph.Builder, what string, part any) bool {
	if part != nil {
		return false
	}
	g.Fail(fmt.Errorf("%s is nil", what))
	return true
}

// zeros is a state of n tensors [B, H].
func zeros(g *graph.Builder, n, hidden int) State {
	s := make(State, n)
	for i := range s {
		s[i] = g.Zeros(g.B, hidden)
	}
	return s
}
