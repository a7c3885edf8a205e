package models

import (
	"fmt"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// Perceptron is the feed-forward network, one input and one answer, without any
// memory (Rumelhart, Hinton and Williams 1986):
//
//	h1 = f(x·W1 + b1), h2 = f(h1·W2 + b2) and so on      [B, Hidden]
//	y  = h·W + b                                         [B, Out]
//
// Without hidden layers it is a straight line, or the logistic regression.
// Parameters: layer0/W [In, Hidden], layer0/b [Hidden], .., out/W [Hidden, Out],
// out/b [Out].
type Perceptron struct {
	In, Hidden, Layers, Out int
	Activation              string // f: tanh, relu or sigmoid
	Dropout                 float64
	Classes                 bool // y are logits of Out classes, not numbers
}

// Bind declares the parameters on g and returns the map from x [B, In] to y [B, Out].
func (m Perceptron) Bind(g *graph.Builder) func(x *graph.Node) *graph.Node {
	f := map[string]func(*graph.Node) *graph.Node{"tanh": g.Tanh, "relu": g.ReLU, "sigmoid": g.Sigmoid}[m.Activation]
	if f == nil {
		g.Fail(fmt.Errorf("activation %q is unknown", m.Activation))
		return func(x *graph.Node) *graph.Node { return x }
	}
	in := m.In
	var layers []func(x *graph.Node) *graph.Node
	for i := range m.Layers {
		layers = append(layers, cells.Dense{In: in, Out: m.Hidden}.Bind(g.Scope(fmt.Sprintf("layer%d", i))))
		in = m.Hidden
	}
	out := cells.Dense{In: in, Out: m.Out}.Bind(g.Scope("out"))
	return func(x *graph.Node) *graph.Node {
		for _, layer := range layers {
			x = g.Dropout(f(layer(x)), m.Dropout)
		}
		return out(x)
	}
}

// Train is the formula of training: inputs x [B, In], weight [B, 1] and target, ids
// [B] of classes or numbers [B, Out], output loss: the weighted mean of the cross
// entropies in nats, or of half the squared errors.
func (m Perceptron) Train(g *graph.Builder) {
	y := m.Bind(g)(g.Input("x", g.B, m.In))
	var loss *graph.Node // [B, 1]
	if m.Classes {
		loss = g.CrossEntropies(y, g.IDs("target", g.B))
	} else {
		loss = g.Scale(g.SumCols(g.Square(g.Sub(y, g.Input("target", g.B, m.Out)))), 0.5)
	}
	weight := g.Input("weight", g.B, 1)
	g.Minimise("loss", weightedMean(g, loss, weight))
}

// Answer is the formula of prediction: input x [B, In], output y [B, Out].
func (m Perceptron) Answer(g *graph.Builder) { g.Output("y", m.Bind(g)(g.Input("x", g.B, m.In))) }
