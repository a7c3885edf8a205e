// Package cells holds the recurrent cells, one file each, and what carries them
// through time.
//
// A [Cell] is a value with its sizes in it. Bind declares its parameters and
// returns its [Step], the formula of one time step. [Unroll] applies a step
// along a sequence; [Recurrent], [Stack] and [Bidirectional] are layers, which
// map a whole sequence to a whole sequence and its final state:
//
//	rnn := cells.Stack{Layers: []cells.Layer{
//		cells.Recurrent{Cell: cells.LSTM{In: 64, Hidden: 128}},
//		cells.Recurrent{Cell: cells.LSTM{In: 128, Hidden: 128}},
//	}}
//	run := rnn.Bind(g.Scope("rnn"))
//	ys, final := run(xs, cells.Seq{Init: rnn.Zero(g)}) // [T, B, 128]
//
// An [Attention], [Bahdanau] or [Luong], looks at a whole memory [S, B, M] from
// within a step:
//
//	read := cells.Luong{Query: 128, Memory: 128}.Bind(g.Scope("attention")).To(ys, lens)
//	context, weights := read(h) // [B, 128], [B, S]
//
// [ImageEncoder] makes feature maps of pictures with [Conv2D] layers; their places
// are a sequence too, for [Attention].
//
// Sequences are time-major, [T, B, D]; weights are [in, out]; gates stand in
// PyTorch's order. A cell knows one step: time, direction, lengths, dropout and
// stacking are here once for all cells, also for those written elsewhere.
package cells
