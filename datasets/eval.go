package datasets

import (
	"fmt"
	"iter"
)

// maxWindow bounds the items of an evaluation window, batch times sequence.
const maxWindow = 1 << 28

// Window is one piece of a text under evaluation: B lanes of T steps, time-major, so that lane b at step t is item
// t*B+b. Its slices are valid until the next window.
type Window struct {
	X      []int     // [T, B] inputs; 0 in padding
	Y      []int     // [T, B] targets, each the token after its input; 0 in padding
	Weight []float64 // [T, B] 1 for a prediction that counts, 0 for padding
	Count  int       // predictions that count: the sum of Weight
	First  bool      // the first window: the state should be zero. It carries over to the others
}

// EvalWindows cuts the n tokens of ids for measuring a loss: each of the n-1 predictions (a token from those before
// it) has weight 1 in exactly one window. The mean loss per token is the sum over all windows of Weight times loss,
// divided by n-1.
//
// The predictions are shared out to batch lanes as contiguous pieces whose lengths differ by at most 1, padded at
// their ends. Every lane starts from the zero state, so only batch 1 gives each prediction its whole past; more lanes
// are faster and cost batch-1 cold starts.
//
// The windows can be ranged over many times; each range allocates its buffers once. ids are not copied. It is an error if
// there are fewer than two tokens, if batch or seq is below 1, or if batch·seq is above 2^28.
func EvalWindows(ids []int, batch, seq int) (iter.Seq[Window], error) {
	if batch < 1 || seq < 1 {
		return nil, fmt.Errorf("datasets: evaluation: batch %d of sequence %d, wanted at least 1 each", batch, seq)
	}
	if batch > maxWindow/seq {
		return nil, fmt.Errorf("datasets: evaluation: batch %d of sequence %d: more than %d items in a window",
			batch, seq, maxWindow)
	}
	if len(ids) < 2 {
		return nil, fmt.Errorf("datasets: evaluation: %d tokens hold no prediction: at least 2 needed", len(ids))
	}
	longest := (len(ids)-1-1)/batch + 1 // predictions of the longest lane
	return func(yield func(Window) bool) {
		n := batch * seq
		w := Window{X: make([]int, n), Y: make([]int, n), Weight: make([]float64, n)}
		for from := 0; from < longest; from += seq {
			w.First = from == 0
			w.fill(ids, batch, from)
			if !yield(w) {
				return
			}
		}
	}, nil
}

// fill sets the window to steps from, from+1, … of every lane.
func (w *Window) fill(ids []int, batch, from int) {
	share, longer := (len(ids)-1)/batch, (len(ids)-1)%batch // the first lanes have one prediction more
	w.Count = 0
	for b := range batch {
		start, end := b*share+min(b, longer), (b+1)*share+min(b+1, longer)
		for i := b; i < len(w.X); i += batch {
			at := start + from + i/batch
			if at < end {
				w.X[i], w.Y[i], w.Weight[i] = ids[at], ids[at+1], 1
				w.Count++
			} else {
				w.X[i], w.Y[i], w.Weight[i] = 0, 0, 0
			}
		}
	}
}
