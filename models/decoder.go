package models

import (
	"fmt"
	"slices"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// Decoder writes a sequence of ids, each from those before it, from a state that
// it is given and from a memory that it looks at: the second half of a
// translator, and what a captioner writes with.
//
// Without attention all it knows of the source is its first state (Sutskever,
// Vinyals and Le 2014):
//
//	x_t = E[id_{t-1}]
//	y_t, s_t = RNN(x_t, s_{t-1}),  o_t = y_t
//
// With attention it looks after each step (Luong, Pham and Manning 2015),
//
//	c_t = attend(y_t, memory)
//	o_t = [y_t ; c_t], with a Width tanh([y_t ; c_t]·Wc)
//
// and with Feed x_t = [E[id_{t-1}] ; o_{t-1}], the paper's input feeding, o_0 =
// 0. With First it looks before the step, with the hidden state of its topmost
// layer (Bahdanau, Cho and Bengio 2015),
//
//	c_t = attend(s_{t-1}, memory)
//	x_t = [E[id_{t-1}] ; c_t]
//
// where o_t is as above in place of the paper's maxout layer. In every form
//
//	logits_t = o_t·W + b, or o_t·E' + b when tied      [B, Vocab]
//
// Parameters: embed/E [Vocab, Embed], those of RNN below rnn and of Attention
// below attention, mix/W [y + c, Width] with a Width, out/W unless tied, out/b.
type Decoder struct {
	Vocab     int
	Embed     int
	RNN       cells.Layer     // over inputs of InputWidth(); not bidirectional
	Attention cells.Attention // nil: none
	Memory    int             // width of the memory, with attention
	First     bool            // looks before the step, not after it
	Feed      bool            // the output before is part of the input
	Width     int             // of the output; 0: as it comes
	Tied      bool            // the output weights are the embedding table: output and embedding are equally wide
	Dropout   float64         // while training: of the embedded inputs and of the outputs
}

// context is the width of what the attention gives.
func (d Decoder) context() int {
	if d.Attention == nil {
		return 0
	}
	return d.Memory
}

// OutputWidth is the width of o_t, when that of the RNN is y.
func (d Decoder) OutputWidth(y int) int {
	if d.Width > 0 {
		return d.Width
	}
	return y + d.context()
}

// InputWidth is the width of x_t, when the output of the RNN has width y: what
// the RNN has to be made for.
func (d Decoder) InputWidth(y int) int {
	in := d.Embed
	if d.First {
		in += d.context()
	}
	if d.Feed {
		in += d.OutputWidth(y)
	}
	return in
}

// Memory is what a decoder reads of a source.
type Memory struct {
	Init   cells.State // of the decoder's RNN
	States *graph.Node // [S, B, M]; nil for a decoder without attention
	Keys   *graph.Node // [S, B, K] of the attention; nil: they are made of the states
	Lens   *graph.Node // of the rows, ids [B]; nil: all are full
}

// Decoding is a decoder with its parameters on a builder.
type Decoding struct {
	Decoder
	g      *graph.Builder
	embed  func(ids *graph.Node) *graph.Node
	rnn    cells.Run
	attend cells.Attend
	mix    func(x *graph.Node) *graph.Node
	out    func(o *graph.Node) *graph.Node
}

// Bind declares the parameters on g.
func (d Decoder) Bind(g *graph.Builder) *Decoding {
	d.RNN = layer(g, "Decoder.RNN", d.RNN)
	if ahead(d.RNN) {
		g.Fail(fmt.Errorf("decoder: a decoder cannot read its future; its RNN must not be bidirectional"))
	}
	y := d.RNN.Out()
	E := cells.Embedding{Rows: d.Vocab, Width: d.Embed}.Table(g.Scope("embed"))
	b := &Decoding{Decoder: d, g: g}
	b.embed = func(ids *graph.Node) *graph.Node { return g.Gather(E, ids) }
	b.rnn = d.RNN.Bind(g.Scope("rnn"))
	if d.Attention != nil {
		b.attend = d.Attention.Bind(g.Scope("attention"))
	}
	if d.Width > 0 {
		b.mix = cells.Dense{In: y + d.context(), Out: d.Width, NoBias: true}.Bind(g.Scope("mix"))
	}
	out := g.Scope("out")
	if !d.Tied {
		b.out = cells.Dense{In: d.OutputWidth(y), Out: d.Vocab}.Bind(out)
		return b
	}
	if d.OutputWidth(y) != d.Embed {
		g.Fail(fmt.Errorf("decoder: tied weights need outputs as wide as the embedding, got %d and %d",
			d.OutputWidth(y), d.Embed))
	}
	bias := out.Param("b", graph.Zeros, d.Vocab)
	b.out = func(o *graph.Node) *graph.Node { return out.Add(out.MatMulT(o, E), bias) }
	return b
}

// ahead says whether a layer reads a sequence backwards too.
func ahead(l cells.Layer) bool {
	switch l := l.(type) {
	case cells.Bidirectional:
		return true
	case cells.Stack:
		return slices.ContainsFunc(l.Layers, ahead)
	}
	return false
}

// Embed looks ids [..] up, with dropout while training: [.., Embed].
func (d *Decoding) Embed(ids *graph.Node) *graph.Node { return d.g.Dropout(d.embed(ids), d.Dropout) }

// Logits are those of outputs [.., W], with dropout while training: [.., Vocab].
func (d *Decoding) Logits(o *graph.Node) *graph.Node { return d.out(d.g.Dropout(o, d.Dropout)) }

// Keys are what the attention compares with, nil without attention.
func (d *Decoding) Keys(m Memory) *graph.Node {
	if d.Attention == nil || m.Keys != nil {
		return m.Keys
	}
	return d.attend.Keys(m.States)
}

// Start is the state before the first step: that of the RNN and, with Feed, the
// output before.
func (d *Decoding) Start(m Memory) cells.State {
	s := append(cells.State{}, m.Init...)
	if d.Feed {
		s = append(s, d.g.Zeros(d.g.B, d.OutputWidth(d.RNN.Out())))
	}
	return s
}

// read is the look at a memory, nil without attention.
func (d *Decoding) read(m Memory) cells.Read {
	if d.Attention == nil {
		return nil
	}
	if m.States == nil {
		d.g.Fail(fmt.Errorf("decoder: attention needs a memory"))
		return nil
	}
	return d.attend.With(m.States, d.Keys(m), m.Lens)
}

// Step is one step over a memory: embedded inputs [B, Embed] give o_t [B, W]. The
// weights of its look [B, S] are tapped as attention where the program is not for
// training.
func (d *Decoding) Step(m Memory) cells.Step {
	g, read := d.g, d.read(m)
	return func(x *graph.Node, s cells.State) (*graph.Node, cells.State) {
		var c, fed *graph.Node
		if d.Feed && len(s) == 0 {
			g.Fail(fmt.Errorf("decoder: a state that ends with the output before is needed, got none"))
			return x, s
		}
		if d.Feed {
			s, fed = s[:len(s)-1], s[len(s)-1]
		}
		in := []*graph.Node{x}
		if d.First && read != nil {
			c = d.look(read, cells.Last(g, d.RNN, s))
			in = append(in, c)
		}
		if fed != nil {
			in = append(in, fed)
		}
		ys, next := d.rnn(g.Stack(joined(g, in...)), cells.Seq{Init: s})
		y := g.At(ys, 0)
		if !d.First && read != nil {
			c = d.look(read, y)
		}
		o := d.output(y, c)
		if d.Feed {
			next = append(append(cells.State{}, next...), o)
		}
		return o, next
	}
}

// look reads the memory and taps the weights.
func (d *Decoding) look(read cells.Read, query *graph.Node) *graph.Node {
	c, weights := read(query)
	if !d.g.Train {
		d.g.Tap("attention", weights)
	}
	return c
}

// output is o of y and what was looked up, if anything was.
func (d *Decoding) output(y, c *graph.Node) *graph.Node {
	o := y
	if c != nil {
		o = joined(d.g, y, c)
	}
	if d.mix != nil {
		o = d.g.Tanh(d.mix(o))
	}
	return o
}

// joined is the parts side by side.
func joined(g *graph.Builder, parts ...*graph.Node) *graph.Node {
	if len(parts) == 1 {
		return parts[0]
	}
	return g.Concat(parts...)
}
