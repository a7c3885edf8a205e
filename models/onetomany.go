package models

import (
	"fmt"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// OneToMany writes a sequence of ids about one picture, or about one vector (one
// to many).
//
// Without attention in the decoder the picture is its first state (Vinyals et
// al. 2015):
//
//	v = ReLU(norm(maps * W + b))         [B, Summary], kernels as large as the maps
//	s_0 = tanh(v·W_i + b_i)              each tensor i of the state
//
// norm, the layer normalisation, keeps so many inputs from saturating the state.
// With attention the decoder looks at the places of the maps as it writes (Xu et
// al. 2015, soft attention), and its first state comes from their mean:
//
//	m_s = maps at place s + place_s      [S, B, F]
//	v = mean of maps over s              [B, F]
//
// place is learnt: what a map shows does not tell where that is. Of a vector, v
// is the vector.
//
// Parameters: those of Encoder below encoder, without attention summary/conv/W
// [H', W', F, Summary] and b and summary/norm/gain and bias, with it place/E [S,
// F], init/0/W, init/0/b and so on, those of Decoder below decoder.
type OneToMany struct {
	Height, Width int // of the pictures
	Encoder       cells.ImageEncoder
	Summary       int  // width of v, without attention
	Features      int  // width of the vectors, in place of pictures; 0: pictures
	Blind         bool // pictures and vectors are not looked at: the decoder is a language model

	Decoder Decoder

	// While training.
	Dropout   float64 // of v and of the memory
	Smoothing float64 // part of the target that is spread over all ids
}

// Places is the number S of places that attention chooses from, 0 without.
func (m OneToMany) Places() int {
	if m.Decoder.Attention == nil {
		return 0
	}
	h, w := m.Encoder.Size(m.Height, m.Width)
	return h * w
}

// summary is the width of v.
func (m OneToMany) summary() int {
	switch {
	case m.Features > 0:
		return m.Features
	case m.Decoder.Attention != nil:
		return m.Encoder.Out()
	}
	return m.Summary
}

// Bind declares the parameters on g and returns the map from pictures [B, Height,
// Width, C], or vectors [B, Features], to what the decoder reads, and the decoder.
func (m OneToMany) Bind(g *graph.Builder) (see func(x *graph.Node) Memory, write *Decoding) {
	m.Decoder.RNN = layer(g, "Decoder.RNN", m.Decoder.RNN)
	look := m.look(g)
	zero := m.Decoder.RNN.Zero(g)
	var first []func(*graph.Node) *graph.Node
	for i, z := range zero {
		if s := g.Shape(z); len(s) == 2 {
			first = append(first, cells.Dense{In: m.summary(), Out: s[1]}.Bind(g.Scope(fmt.Sprintf("init/%d", i))))
		}
	}
	see = func(x *graph.Node) Memory {
		v, places := look(x)
		v = g.Dropout(v, m.Dropout)
		var s cells.State
		for _, f := range first {
			s = append(s, g.Tanh(f(v)))
		}
		return Memory{Init: s, States: places}
	}
	return see, m.Decoder.Bind(g.Scope("decoder"))
}

// look is the map to v and, with attention, to the memory.
func (m OneToMany) look(g *graph.Builder) func(x *graph.Node) (v, places *graph.Node) {
	if m.Features > 0 {
		return func(x *graph.Node) (v, places *graph.Node) { return x, nil }
	}
	encode := m.Encoder.Bind(g.Scope("encoder"))
	h, w := m.Encoder.Size(m.Height, m.Width)
	F := m.Encoder.Out()
	if m.Decoder.Attention != nil {
		E := cells.Embedding{Rows: h * w, Width: F}.Table(g.Scope("place"))
		return func(x *graph.Node) (v, places *graph.Node) {
			maps := encode(x)
			return g.GlobalMeanPool(maps), g.Dropout(m.placed(g, maps, E), m.Dropout)
		}
	}
	sum := g.Scope("summary")
	whole := cells.Conv2D{In: F, Out: m.Summary, Window: graph.Window{Size: [2]int{h, w}}}.Bind(sum.Scope("conv"))
	norm := cells.LayerNorm{Width: m.Summary}.Bind(sum.Scope("norm"))
	return func(x *graph.Node) (v, places *graph.Node) {
		return g.ReLU(norm(g.GlobalMeanPool(whole(encode(x))))), nil // the mean of one place: [B, Summary]
	}
}

// placed is the places of maps [B, H', W', F] with what tells where they are:
// [S, B, F].
func (m OneToMany) placed(g *graph.Builder, maps, E *graph.Node) *graph.Node {
	places := g.Unstack(g.Positions(maps))
	for s, x := range places {
		places[s] = g.Add(x, g.At(E, s))
	}
	return g.Stack(places...)
}

// given is the input: images [B, Height, Width, C] or features [B, Features],
// zeros if the model is blind.
func (m OneToMany) given(g *graph.Builder) *graph.Node {
	name, shape := imagesInput, []int{g.B, m.Height, m.Width, m.Encoder.In}
	if m.Features > 0 {
		name, shape = featuresInput, []int{g.B, m.Features}
	}
	if m.Blind {
		return g.Zeros(shape...)
	}
	return g.Input(name, shape...)
}

// The names of the inputs.
const (
	imagesInput   = "images"
	featuresInput = "features"
)

// taught is the logits [T, B, Vocab] under teacher forcing.
func (m OneToMany) taught(g *graph.Builder) *graph.Node {
	see, write := m.Bind(g)
	return write.Teach(see(m.given(g)), g.IDs("input", g.T, g.B))
}

// Train is the formula of training, for Key.T ids: inputs images or features,
// input [T, B] (the target's ids, each a step late), target [T, B] and weight
// [T, B, 1], which is 0 past a row's end, output loss in nats, the weighted mean
// of the smoothed cross entropies; see graph.SmoothCrossEntropies.
func (m OneToMany) Train(g *graph.Builder) {
	nats := g.SmoothCrossEntropies(m.taught(g), g.IDs("target", g.T, g.B), m.Smoothing)
	weight := g.Input("weight", g.T, g.B, 1)
	g.Minimise("loss", weightedMean(g, nats, weight))
}

// Score is the formula of what a model thinks of given targets: inputs as for
// Train, without the weight, output nats [T, B, 1], each -log p[target], and with
// attention decoder/attention [T, B, S], where each step has looked.
func (m OneToMany) Score(g *graph.Builder) {
	g.Output("nats", g.CrossEntropies(m.taught(g), g.IDs("target", g.T, g.B)))
}

// See is the formula of seeing: inputs images or features, outputs those of
// Decoding.Expose, below decoder.
func (m OneToMany) See(g *graph.Builder) {
	see, write := m.Bind(g)
	write.Expose(see(m.given(g)))
}

// Write is the formula of writing one token, for Key.N places; see
// Decoder.Generate.
func (m OneToMany) Write(g *graph.Builder) { m.Decoder.Generate(g.Scope("decoder")) }
