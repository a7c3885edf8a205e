package benchmarks

import "math/rand/v2"

// Window is a batch, time-major: the tokens X [T, B] and the targets Y, [T, B]
// for a language model, [B] for classes.
type Window struct{ X, Y []int }

// windows is how many different windows a run sees before it sees them again.
const windows = 64

// Windows are the windows of a task, in order.
func (c Config) Windows() []Window {
	if c.Classes > 0 {
		return c.labelled()
	}
	lanes := make([][]int, c.Batch)
	for b := range lanes {
		lanes[b] = Stream(windows*c.Seq+1, c.Vocab, uint64(b))
	}
	ws := make([]Window, windows)
	for k := range ws {
		for t := range c.Seq {
			for _, lane := range lanes {
				i := k*c.Seq + t
				ws[k].X, ws[k].Y = append(ws[k].X, lane[i]), append(ws[k].Y, lane[i+1])
			}
		}
	}
	return ws
}

// Stream is n tokens of [0, vocab): the next one is (5·cur + 7) mod vocab nine
// times out of ten, else drawn uniformly.
func Stream(n, vocab int, seed uint64) []int {
	rng := rand.New(rand.NewPCG(seed, 7))
	x := make([]int, n)
	for i := 1; i < n; i++ {
		if x[i] = (5*x[i-1] + 7) % vocab; rng.Float64() < 0.1 {
			x[i] = rng.IntN(vocab)
		}
	}
	return x
}

// labelled are windows of uniform tokens, as many different ones as a text of a
// large vocabulary has, of which the last one of a row names its class.
func (c Config) labelled() []Window {
	rng := rand.New(rand.NewPCG(1, 7))
	ws := make([]Window, windows)
	for k := range ws {
		x, y := make([]int, c.Tokens()), make([]int, c.Batch)
		for i := range x {
			x[i] = rng.IntN(c.Vocab)
		}
		for b := range y {
			y[b] = rng.IntN(c.Classes)
			x[len(x)-c.Batch+b] = y[b]
		}
		ws[k] = Window{x, y}
	}
	return ws
}
