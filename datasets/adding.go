package datasets

import "math/rand/v2"

// Adding is the adding problem of Hochreiter and Schmidhuber (1997, section 5.4), in the form of Le, Jaitly and Hinton
// (2015) and Arjovsky et al. (2016): at each of T steps a number from [0, 1) and a marker; the answer is the sum of the
// two numbers that are marked with 1. One marker is in the first half, one in the second, each anywhere in it.
//
//	x_t = (number, marker)   [T, 2]       y = sum of the two marked numbers   [1]
//
// (The paper of 1997 draws from [-1, 1], marks steps of the first 10 and of the first half, also marks the ends by -1,
// and asks for 0.5 + sum/4.) Known results: LSTM and GRU solve it for T of hundreds; a tanh network stays at the baseline
// from T = 100 on or so (Bai, Kolter and Koltun 2018: 5.3e-5 for a GRU, 0.177 for a tanh network, at T = 600).
type Adding struct {
	Steps int // T, at least 2
}

// Baseline is the mean squared error of always answering 1, the best without memory: the variance of the sum of two
// uniform numbers, 2/12.
func (Adding) Baseline() float64 { return 1.0 / 6 }

// Examples draws n examples by the seed: X [T·2], Y [1]. Too few steps are an error.
func (a Adding) Examples(n int, seed uint64) ([]Numeric, error) {
	if err := atLeast("adding", "steps", a.Steps, 2); err != nil {
		return nil, err
	}
	return generate("adding", n, 2*a.Steps, seed, a.draw)
}

func (a Adding) draw(rng *rand.Rand) Numeric {
	x := make([]float64, 2*a.Steps)
	for t := range a.Steps {
		x[2*t] = rng.Float64()
	}
	half := a.Steps / 2
	first, second := rng.IntN(half), between(rng, half, a.Steps-1)
	x[2*first+1], x[2*second+1] = 1, 1
	return Numeric{X: x, Steps: a.Steps, Y: []float64{x[2*first] + x[2*second]}}
}
