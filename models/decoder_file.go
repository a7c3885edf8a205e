package models

import "github.com/unroll-go/unroll/cells"

// layout is the decoder's part of a file, with r as its RNN: modules decoder.embed,
// decoder.rnn, decoder.attention, decoder.mix and decoder.out. Tied weights are
// written twice, as PyTorch's state_dict has them.
func (d Decoder) layout(r Recurrent) layout {
	l := join(
		embedding("decoder/embed", d.Vocab, d.Embed),
		recurrent("decoder/rnn", r, d.InputWidth(r.Hidden)),
		attentionLayout(d.Attention),
	)
	if d.Width > 0 {
		l = join(l, denseNoBias("decoder/mix", r.Hidden+d.context(), d.Width))
	}
	out := d.OutputWidth(r.Hidden)
	if d.Tied {
		return join(l, tied("decoder/embed/E", "decoder/out", d.Vocab, out))
	}
	return join(l, dense("decoder/out", out, d.Vocab))
}

// attentionLayout is the attention of a decoder: query, memory and score of
// Bahdanau, general of Luong.
func attentionLayout(a cells.Attention) layout {
	const at, name = "decoder/attention", "decoder.attention"
	weight := func(path, part string, in, out int) entry {
		return entry{path: at + "/" + path, name: name + "." + part + ".weight", shape: []int{out, in}, form: turned}
	}
	switch a := a.(type) {
	case cells.Bahdanau:
		bias := entry{path: at + "/b", name: name + ".memory.bias", shape: []int{a.Width}}
		score := entry{path: at + "/v", name: name + ".score.weight", shape: []int{1, a.Width}, form: row}
		return layout{weight("Wq", "query", a.Query, a.Width), weight("Wm", "memory", a.Memory, a.Width), bias, score}
	case cells.Luong:
		if a.General {
			return layout{weight("W", "general", a.Memory, a.Query)}
		}
	}
	return nil
}
