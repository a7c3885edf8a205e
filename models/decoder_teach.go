package models

import (
	"fmt"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// Teach is teacher forcing (Williams and Zipser 1989): the inputs are the right
// ids [T, B], whatever the decoder would have written. The result is the logits
// [T, B, Vocab] of what follows each.
func (d *Decoding) Teach(m Memory, ids *graph.Node) *graph.Node {
	g := d.g
	xs := d.Embed(ids)
	if d.First || d.Feed {
		o, _ := cells.Unroll(g, d.Step(m), xs, cells.Seq{Init: d.Start(m)})
		return d.Logits(o)
	}
	ys, _ := d.rnn(xs, cells.Seq{Init: m.Init}) // no step waits for what another has looked up
	var c *graph.Node
	if read := d.read(m); read != nil {
		var weights *graph.Node
		if c, weights = read(ys); !g.Train {
			g.Output("attention", weights)
		}
	}
	return d.Logits(d.output(ys, c))
}

// Sample is scheduled sampling (Bengio et al. 2015): where own [T, B, 1] is not 0
// the input is not the right id but the likeliest one of the step before, which
// the decoder has written itself. Nothing flows back through that choice, as in
// the paper. The first input is always the right one.
func (d *Decoding) Sample(m Memory, ids, own *graph.Node) *graph.Node {
	g := d.g
	rights, owns := g.Unstack(d.embed(ids)), g.Unstack(own)
	if len(owns) != len(rights) {
		g.Fail(fmt.Errorf("decoder: %d steps of choices for %d steps", len(owns), len(rights)))
	}
	if g.Err() != nil {
		return ids
	}
	step, s := d.Step(m), d.Start(m)
	logits := make([]*graph.Node, len(rights))
	for t, x := range rights {
		g.InStep(t, func() {
			if t > 0 {
				x = g.Where(owns[t], d.embed(g.ArgMax(logits[t-1])), x)
			}
			var o *graph.Node
			o, s = step(g.Dropout(x, d.Dropout), s)
			logits[t] = d.Logits(o)
		})
	}
	return g.Stack(logits...)
}

// The inputs of a program that writes, which are outputs of the one that has read
// the source.
const (
	memoryName = "memory"
	keysName   = "keys"
	lensName   = "lens"
	stateName  = "state"
)

// firstName is output i of the first state.
func firstName(i int) string { return fmt.Sprintf("first%d", i) }

// Expose makes outputs of what Generate reads: memory and keys with attention,
// first0 and so on the first state.
func (d *Decoding) Expose(m Memory) {
	if d.Attention != nil && m.States != nil {
		d.g.Output(memoryName, m.States)
		d.g.Output(keysName, d.Keys(m))
	}
	for i, s := range d.Start(m) {
		d.g.Output(firstName(i), s)
	}
}

// Generate is the formula of one step of writing, for Key.N steps of memory: the
// inputs ids [B] and, with attention, memory [N, B, M], keys [N, B, K] and lens
// [B], output logp, the log probabilities [B, Vocab], and with attention
// attention [1, B, N]; the state is carried from token to token. g is the scope
// of the decoder's parameters; inputs and outputs are below it too.
func (d Decoder) Generate(g *graph.Builder) {
	b := d.Bind(g)
	m := Memory{Init: b.RNN.Zero(g)}
	if d.Attention != nil {
		m.States = g.Input(memoryName, g.N, g.B, d.Memory)
		m.Keys = g.Input(keysName, g.N, g.B, d.Attention.KeyWidth())
		m.Lens = g.IDs(lensName, g.B)
	}
	s := g.Carry(stateName, b.Start(m))
	o, next := b.Step(m)(b.Embed(g.IDs("ids", g.B)), s)
	g.Next(stateName, next)
	g.Output("logp", g.LogSoftmax(b.Logits(o)))
}
