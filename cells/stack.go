package cells

import (
	"fmt"

	"github.com/unroll-go/unroll/graph"
)

// Stack is layers on top of each other, the lowest first. They are computed
// layer by layer, so that each layer's input projection is one product. The
// parameters of layer i are below the scope layer0, layer1 and so on.
type Stack struct {
	Layers []Layer

	// Dropout is the probability of dropping an output between two layers
	// while training (Zaremba et al. 2014); the last layer's are kept.
	Dropout float64

	// OneMask uses one dropout mask for all steps of a sequence (Gal and
	// Ghahramani 2016) instead of one for each.
	OneMask bool
}

var _ Layer = Stack{}

// Of is a stack of cells, the lowest first, each unrolled by a Recurrent.
func Of(cells ...Cell) Stack {
	var s Stack
	for _, c := range cells {
		s.Layers = append(s.Layers, Recurrent{c})
	}
	return s
}

// Bind declares the parameters of all layers on g.
func (s Stack) Bind(g *graph.Builder) Run {
	if len(s.Layers) == 0 {
		g.Fail(fmt.Errorf("stack: no layers"))
	}
	runs := make([]Run, len(s.Layers))
	scopes := make([]*graph.Builder, len(s.Layers))
	for i, l := range s.Layers {
		scopes[i] = g.Scope(fmt.Sprintf("layer%d", i))
		if !missing(scopes[i], "stack: the layer", l) {
			runs[i] = l.Bind(scopes[i])
		}
	}
	return func(xs *graph.Node, seq Seq) (*graph.Node, State) {
		if n := len(s.Zero(g)); len(seq.Init) != n {
			g.Fail(fmt.Errorf("stack: a state of %d tensors is needed, got %d", n, len(seq.Init)))
		}
		if g.Err() != nil {
			return xs, seq.Init
		}
		var final State
		for i, run := range runs {
			if i > 0 {
				xs = s.drop(scopes[i], xs)
			}
			layer := seq
			layer.Init = s.Layer(g, seq.Init, i)
			var last State
			xs, last = run(xs, layer)
			final = append(final, last...)
		}
		return xs, final
	}
}

// drop is the dropout before a layer.
func (s Stack) drop(g *graph.Builder, xs *graph.Node) *graph.Node {
	shape := g.Shape(xs)
	if !s.OneMask || len(shape) < 2 {
		return g.Dropout(xs, s.Dropout)
	}
	mask := g.DropMask(s.Dropout, shape[1:]...)
	if mask == nil {
		return xs
	}
	parts := g.Unstack(xs)
	for t, x := range parts {
		parts[t] = g.MaskWith(x, mask)
	}
	return g.Stack(parts...)
}

// Zero is the states of all layers, the lowest first.
func (s Stack) Zero(g *graph.Builder) State {
	var all State
	for i, l := range s.Layers {
		if missing(g, fmt.Sprintf("stack: layer %d", i), l) {
			return nil
		}
		all = append(all, l.Zero(g)...)
	}
	return all
}

// Layer is the part of a stack's state that belongs to layer i.
func (s Stack) Layer(g *graph.Builder, state State, i int) State {
	at := 0
	for j, l := range s.Layers {
		if missing(g, fmt.Sprintf("stack: layer %d", j), l) {
			return nil
		}
		n := len(l.Zero(g))
		if j == i {
			if at+n > len(state) {
				break
			}
			return state[at : at+n]
		}
		at += n
	}
	g.Fail(fmt.Errorf("stack: a state of %d tensors has no part for layer %d", len(state), i))
	return nil
}

// Out is the width of the last layer's outputs.
func (s Stack) Out() int {
	if len(s.Layers) == 0 || s.Layers[len(s.Layers)-1] == nil {
		return 0
	}
	return s.Layers[len(s.Layers)-1].Out()
}
