package datasets

import (
	"math"
	"math/rand/v2"
)

// CopyMemory is the copying problem (Hochreiter and Schmidhuber 1997, in the form of Arjovsky, Shah and Bengio 2016,
// section 4.1): ten random symbols, a long wait, a sign, and then the ten symbols are to be said again in order.
//
//	ids      s0 … s9   _ × (T-1)   >   _ × 10             T+20 steps
//	labels   _ × (T+10)                s0 … s9            [T+20]
//
// Symbols are 0 to 7, the blank _ is 8, the sign > is 9: 10 ids in, 9 classes out. Known results: an LSTM stays at the
// baseline for long waits (Arjovsky et al. from T = 100 on; Bai, Kolter and Koltun 2018 at T = 1000: LSTM 0.0204, GRU
// 0.0197 of 0.0204), and gets below it for T = 20 to 50.
type CopyMemory struct {
	Wait int // T, at least 1
}

// The ids of [CopyMemory].
const (
	copyItems   = 10 // symbols to remember
	copySymbols = 8  // different ones
	copyBlank   = copySymbols
	copySign    = copySymbols + 1
)

// Steps is T+20, the length of an example.
func (c CopyMemory) Steps() int { return c.Wait + 2*copyItems }

// Inputs is the number of ids.
func (CopyMemory) Inputs() int { return copySymbols + 2 }

// Classes is the number of labels.
func (CopyMemory) Classes() int { return copySymbols + 1 }

// Baseline is the mean cross entropy per step, in nats, of knowing when to answer but not what: 10·ln 8 / (T+20). It
// is 0.5199 for T = 20.
func (c CopyMemory) Baseline() float64 {
	return copyItems * math.Log(copySymbols) / float64(c.Steps())
}

// Examples draws n examples by the seed, each of T+20 steps. A wait below 1 is an error.
func (c CopyMemory) Examples(n int, seed uint64) ([]Tagged, error) {
	if err := atLeast("copy memory", "wait", c.Wait, 1); err != nil {
		return nil, err
	}
	return generate("copy memory", n, 2*c.Steps(), seed, c.draw)
}

func (c CopyMemory) draw(rng *rand.Rand) Tagged {
	n := c.Steps()
	e := Tagged{IDs: make([]int, n), Labels: make([]int, n)}
	for t := range n {
		e.IDs[t], e.Labels[t] = copyBlank, copyBlank
	}
	for k := range copyItems {
		s := rng.IntN(copySymbols)
		e.IDs[k], e.Labels[n-copyItems+k] = s, s
	}
	e.IDs[n-copyItems-1] = copySign
	return e
}
