package cells

import (
	"fmt"

	"github.com/unroll-go/unroll/graph"
)

// Pool makes one vector of a sequence, for tasks with one answer (many to one):
// from the outputs ys [T, B, H] of a layer, its final state and the lengths, ids
// [B] (nil: all rows are full), to [B, H]. Steps past a row's end do not count.
type Pool func(ys *graph.Node, final State, lens *graph.Node) *graph.Node

// Pooling declares the parameters of a pool, if it has any, and returns it.
type Pooling interface {
	Bind(g *graph.Builder) Pool
}

var _, _, _ Pooling = LastState{}, MeanPool{}, AttentionPool{}

// LastState is the hidden state of the topmost layer when all steps have been
// read: the one that the lecture classifies by. Both directions of a
// Bidirectional are joined; the backward one has read the first step last.
type LastState struct{ Layer Layer }

// Bind returns the pool; it has no parameters.
func (l LastState) Bind(g *graph.Builder) Pool {
	return func(_ *graph.Node, final State, _ *graph.Node) *graph.Node { return Last(g, l.Layer, final) }
}

// Last is the hidden state [B, H] of a layer's final state: of a Stack that of
// the topmost layer, of a Bidirectional both joined.
func Last(g *graph.Builder, l Layer, final State) *graph.Node {
	switch l := l.(type) {
	case Stack:
		if top := len(l.Layers) - 1; top >= 0 {
			return Last(g, l.Layers[top], l.Layer(g, final, top))
		}
	case Bidirectional:
		if forward, backward := l.Halves(g, final); len(forward) > 0 && len(backward) > 0 {
			return g.Concat(forward[0], backward[0])
		}
	default:
		if len(final) > 0 {
			return final[0]
		}
	}
	g.Fail(fmt.Errorf("last: a final state of %d tensors has no hidden state of the topmost layer", len(final)))
	return g.Zeros(g.B, max(l.Out(), 1))
}

// MeanPool is the mean of the outputs over a row's steps.
//
//	y = Σ_t y_t / len      [B, H]
type MeanPool struct{}

// Bind returns the pool; it has no parameters.
func (MeanPool) Bind(g *graph.Builder) Pool {
	return func(ys *graph.Node, _ State, lens *graph.Node) *graph.Node {
		steps := g.Unstack(ys)
		if lens == nil {
			return g.Scale(g.Sum(steps...), 1/float64(max(len(steps), 1)))
		}
		masks := make([]*graph.Node, len(steps)) // [B, 1] each
		for t, y := range steps {
			masks[t] = g.LengthMask(lens, t)
			steps[t] = g.Where(masks[t], y, g.Zeros(g.Shape(y)...))
		}
		count := g.Sum(masks...)
		one := g.Const(1, g.Shape(count)...)
		return g.Div(g.Sum(steps...), g.Where(count, count, one)) // an empty row gives 0
	}
}

// AttentionPool is the mean of the outputs by learnt weights (Yang et al. 2016):
// how far each step agrees with a vector that stands for what matters.
//
//	u_t = tanh(y_t·W + b)               [B, Width]
//	α = softmax over t of u_t·v         [B, T], 0 past a row's end
//	y = Σ_t α_t y_t                     [B, H], 0 for a row without steps
//
// Parameters: proj/W [In, Width], proj/b [Width], query/W [Width, 1].
type AttentionPool struct{ In, Width int }

// Bind declares the parameters on g and returns the pool. Where the program is
// not for training its output attention, below the path of g, is α [B, T].
func (a AttentionPool) Bind(g *graph.Builder) Pool {
	project := Dense{In: a.In, Out: a.Width}.Bind(g.Scope("proj"))
	query := Dense{In: a.Width, Out: 1, NoBias: true}.Bind(g.Scope("query"))
	return func(ys *graph.Node, _ State, lens *graph.Node) *graph.Node {
		scores := g.Concat(g.Unstack(query(g.Tanh(project(ys))))...) // [B, T]
		y, alpha := weighted(g, scores, ys, lens)
		if !g.Train {
			g.Output("attention", alpha)
		}
		return y
	}
}
