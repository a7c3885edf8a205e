package models

import (
	"fmt"
	"slices"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// EncoderDecoder reads a sequence of ids and writes another (many to many):
// Sutskever, Vinyals and Le (2014) without attention, Bahdanau, Cho and Bengio
// (2015) and Luong, Pham and Manning (2015) with it; see [Decoder].
//
//	m_1 .. m_S, e = RNN(E[source_1] .. E[source_S], 0)
//	s_0 = e, or with a Bridge tanh(last(e)·W_i + b_i) for each tensor i of the state
//	p(target_t | target_1 .. target_{t-1}, source) = decoder(target_{t-1}, s_{t-1}, m)
//
// last(e) is the hidden state of the topmost layer, both directions joined; the
// paper of Bahdanau takes the backward one alone.
//
// Parameters: embed/E [Source, Embed] and those of RNN below encoder/rnn, bridge/0/W
// and bridge/0/b and so on with a Bridge, those of the decoder below decoder.
type EncoderDecoder struct {
	Source  int         // ids of the source
	Embed   int         // width of their embedding
	RNN     cells.Layer // of the encoder, over inputs of width Embed
	Bridge  bool        // the decoder's first state is made from the encoder's last; false: it is that, of the same sizes
	Decoder Decoder

	// While training.
	Dropout   float64 // of the embedded source and of the memory
	Smoothing float64 // part of the target that is spread over all ids (Szegedy et al. 2016)
	Own       bool    // scheduled sampling: see Train
}

// Bind declares the parameters on g and returns the map from source ids [S, B]
// and lengths [B] to what the decoder reads, and the decoder.
func (m EncoderDecoder) Bind(g *graph.Builder) (encode func(source, lens *graph.Node) Memory, decode *Decoding) {
	enc := g.Scope("encoder")
	m.RNN = layer(g, "EncoderDecoder.RNN", m.RNN)
	m.Decoder.RNN = layer(g, "Decoder.RNN", m.Decoder.RNN)
	embed := cells.Embedding{Rows: m.Source, Width: m.Embed}.Bind(enc.Scope("embed"))
	rnn := m.RNN.Bind(enc.Scope("rnn"))
	bridge := m.bridge(g)
	encode = func(source, lens *graph.Node) Memory {
		xs := enc.Dropout(embed(source), m.Dropout) // [S, B, E]
		ys, final := rnn(xs, cells.Seq{Init: m.RNN.Zero(enc), Lens: lens})
		memory := Memory{Init: bridge(final)}
		if m.Decoder.Attention != nil {
			memory.States, memory.Lens = enc.Dropout(ys, m.Dropout), lens
		}
		return memory
	}
	return encode, m.Decoder.Bind(g.Scope("decoder"))
}

// bridge is the map from the encoder's last to the decoder's first state.
func (m EncoderDecoder) bridge(g *graph.Builder) func(final cells.State) cells.State {
	b := g.Scope("bridge")
	zero := m.Decoder.RNN.Zero(g)
	if !m.Bridge {
		return func(final cells.State) cells.State {
			if err := fits(g, final, zero); err != nil {
				b.Fail(err)
			}
			return final
		}
	}
	last := cells.Last(g, m.RNN, m.RNN.Zero(g))
	in := g.Shape(last)
	var maps []func(*graph.Node) *graph.Node
	for i, z := range zero {
		if len(in) == 2 {
			out := g.Shape(z)
			maps = append(maps, cells.Dense{In: in[1], Out: out[1]}.Bind(b.Scope(fmt.Sprint(i))))
		}
	}
	return func(final cells.State) cells.State {
		e := cells.Last(g, m.RNN, final)
		s := make(cells.State, len(maps))
		for i, f := range maps {
			s[i] = b.Tanh(f(e))
		}
		return s
	}
}

// fits compares the states of an encoder and a decoder.
func fits(g *graph.Builder, final, zero cells.State) error {
	if len(final) != len(zero) {
		return fmt.Errorf("the encoder's last state has %d tensors, the decoder's first %d; a bridge makes one of the other",
			len(final), len(zero))
	}
	for i := range final {
		if a, b := g.Shape(final[i]), g.Shape(zero[i]); !slices.Equal(a, b) {
			return fmt.Errorf("tensor %d of the encoder's last state is %v, of the decoder's first %v; "+
				"a bridge makes one of the other", i, a, b)
		}
	}
	return nil
}

// taught binds the model to its inputs, for Key.N steps of the source and Key.T of
// the target: the logits [T, B, Vocab] under teacher forcing.
func (m EncoderDecoder) taught(g *graph.Builder) *graph.Node {
	encode, decode := m.Bind(g)
	memory := encode(g.IDs("source", g.N, g.B), g.IDs("lens", g.B))
	ids := g.IDs("input", g.T, g.B)
	if m.Own && g.Train {
		return decode.Sample(memory, ids, g.Input("own", g.T, g.B, 1))
	}
	return decode.Teach(memory, ids)
}

// Train is the formula of training, for Key.N steps of the source and Key.T of
// the target: inputs source [N, B], lens [B], input [T, B] (the target's ids, each
// a step late), target [T, B] and weight [T, B, 1], with Own also own [T, B, 1]
// (see Decoding.Sample), output loss in nats, the weighted mean of
//
//	(1-Smoothing)·-log p[target] + Smoothing·mean over the ids of -log p
//
// The weight is 0 past a row's end.
func (m EncoderDecoder) Train(g *graph.Builder) {
	logits := m.taught(g)
	nats := g.SmoothCrossEntropies(logits, g.IDs("target", g.T, g.B), m.Smoothing) // [T, B, 1]
	weight := g.Input("weight", g.T, g.B, 1)
	g.Minimise("loss", weightedMean(g, nats, weight))
}

// Score is the formula of what a model thinks of given targets: inputs as for
// Train, without weight and own, output nats [T, B, 1], each -log p[target], and with
// attention decoder/attention [T, B, N], where each step has looked.
func (m EncoderDecoder) Score(g *graph.Builder) {
	g.Output("nats", g.CrossEntropies(m.taught(g), g.IDs("target", g.T, g.B)))
}

// Read is the formula of reading: inputs source [N, B] and lens [B], outputs those
// of Decoding.Expose, below decoder.
func (m EncoderDecoder) Read(g *graph.Builder) {
	encode, decode := m.Bind(g)
	decode.Expose(encode(g.IDs("source", g.N, g.B), g.IDs("lens", g.B)))
}

// Write is the formula of writing one token; see Decoder.Generate.
func (m EncoderDecoder) Write(g *graph.Builder) { m.Decoder.Generate(g.Scope("decoder")) }
