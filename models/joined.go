package models

import (
	"fmt"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// Joined is the network that reads categories, numbers and a text side by side:
//
//	x = E_1[id_1] | E_2[id_2] | .. | onehot | .. | numbers | mean of RNN(text)     [B, In]
//	h_l = relu(h_{l-1}·W_l + b_l),  h_0 = x                                     [B, Body_l]
//	y = h_L·W + b                                                               [B, Out]
//
// A table of embeddings is a one-hot row times a matrix, so the joined x is what
// numbers and categories have in common: a vector (Guo and Berkhahn 2016).
//
// Parameters: tables/0/E, tables/1/E and so on, text/embed/E and those of the RNN
// below text/rnn, body/0/W, body/0/b and so on, out/W, out/b.
type Joined struct {
	Tables  []cells.Embedding
	OneHots []int       // inputs of each one-hot column; the id behind the last is a row of zeros
	Numbers int         // inputs that are numbers
	Text    *JoinedText // nil: no text
	Body    []int       // widths of the hidden layers; none: a linear model
	Out     int         // classes, or 1 number

	Regress bool    // the loss is the squared error of a number
	Dropout float64 // while training: of the elements of embeddings, of the text's vector and of hidden layers
}

// JoinedText is the branch that reads a text.
type JoinedText struct {
	Embed cells.Embedding
	RNN   cells.Layer
}

// In is the width of what is joined.
func (j Joined) In() int {
	n := j.Numbers
	for _, t := range j.Tables {
		n += t.Width
	}
	for _, k := range j.OneHots {
		n += k
	}
	if j.Text != nil && j.Text.RNN != nil {
		n += j.Text.RNN.Out()
	}
	return n
}

// JoinedInputs are the nodes that a Joined reads.
type JoinedInputs struct {
	Tables  []*graph.Node // ids [B] each
	OneHots []*graph.Node // ids [B] each
	Numbers *graph.Node   // [B, Numbers]; nil if there are none
	Text    *graph.Node   // ids [T, B]; nil if there is none
	Lens    *graph.Node   // ids [B], of the texts
}

// Bind declares the parameters on g and returns the map to y [B, Out].
func (j Joined) Bind(g *graph.Builder) func(in JoinedInputs) *graph.Node {
	if j.Text != nil {
		j.Text = &JoinedText{j.Text.Embed, layer(g, "JoinedText.RNN", j.Text.RNN)}
	}
	join := j.bindInputs(g)
	var body []func(*graph.Node) *graph.Node
	width := j.In()
	for l, hidden := range j.Body {
		body = append(body, cells.Dense{In: width, Out: hidden}.Bind(g.Scope("body").Scope(fmt.Sprint(l))))
		width = hidden
	}
	out := cells.Dense{In: width, Out: j.Out}.Bind(g.Scope("out"))
	return func(in JoinedInputs) *graph.Node {
		h := join(in) // [B, In]
		for _, layer := range body {
			h = g.Dropout(g.ReLU(layer(h)), j.Dropout) // [B, Body_l]
		}
		return out(h)
	}
}

// bindInputs declares what makes x of the inputs.
func (j Joined) bindInputs(g *graph.Builder) func(in JoinedInputs) *graph.Node {
	var look []func(*graph.Node) *graph.Node
	for i, t := range j.Tables {
		look = append(look, t.Bind(g.Scope("tables").Scope(fmt.Sprint(i))))
	}
	read := j.bindText(g)
	return func(in JoinedInputs) *graph.Node {
		var parts []*graph.Node
		for i, ids := range in.Tables {
			parts = append(parts, g.Dropout(look[i](ids), j.Dropout))
		}
		for i, ids := range in.OneHots {
			parts = append(parts, g.Cols(g.OneHot(ids, j.OneHots[i]+1), 0, j.OneHots[i]))
		}
		if in.Numbers != nil {
			parts = append(parts, in.Numbers)
		}
		if in.Text != nil {
			parts = append(parts, read(in.Text, in.Lens))
		}
		return g.Concat(parts...)
	}
}

// bindText declares the branch that reads the text: ids [T, B] and lengths [B]
// give [B, H].
func (j Joined) bindText(g *graph.Builder) func(ids, lens *graph.Node) *graph.Node {
	if j.Text == nil {
		return nil
	}
	scope := g.Scope("text")
	embed, rnn := j.Text.Embed.Bind(scope.Scope("embed")), j.Text.RNN.Bind(scope.Scope("rnn"))
	pool := cells.MeanPool{}.Bind(scope)
	return func(ids, lens *graph.Node) *graph.Node {
		xs := g.Dropout(embed(ids), j.Dropout) // [T, B, E]
		ys, final := rnn(xs, cells.Seq{Init: j.Text.RNN.Zero(scope), Lens: lens})
		return g.Dropout(pool(ys, final, lens), j.Dropout)
	}
}

// read binds the network to its inputs.
func (j Joined) read(g *graph.Builder) *graph.Node {
	var in JoinedInputs
	for i := range j.Tables {
		in.Tables = append(in.Tables, g.IDs(fmt.Sprintf("table%d", i), g.B))
	}
	for i := range j.OneHots {
		in.OneHots = append(in.OneHots, g.IDs(fmt.Sprintf("onehot%d", i), g.B))
	}
	if j.Numbers > 0 {
		in.Numbers = g.Input("numbers", g.B, j.Numbers)
	}
	if j.Text != nil {
		in.Text, in.Lens = g.IDs("text", g.T, g.B), g.IDs("lens", g.B)
	}
	return j.Bind(g)(in)
}

// Train is the formula of training: inputs table0, table1 .. and onehot0 .. [B],
// numbers [B, Numbers], text [T, B] and lens [B] as far as there are such; target [B],
// ids, and weight [B], or with Regress y and weight [B, 1]. Output loss is the weighted
// mean of -log p[target] in nats, or of (ŷ-y)².
func (j Joined) Train(g *graph.Builder) {
	y := j.read(g)
	if !j.Regress {
		g.Minimise("loss", g.WeightedCrossEntropy(y, g.IDs("target", g.B), g.Input("weight", g.B)))
		return
	}
	weight := g.Input("weight", g.B, 1)
	squares := g.Square(g.Sub(y, g.Input("y", g.B, 1)))
	g.Minimise("loss", weightedMean(g, squares, weight))
}

// Answer is the formula of prediction: inputs as for Train without weight and
// target, output y [B, Out].
func (j Joined) Answer(g *graph.Builder) { g.Output("y", j.read(g)) }
