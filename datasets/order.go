package datasets

import "math/rand/v2"

// TemporalOrder is the temporal order problem with three symbols (Hochreiter and Schmidhuber 1997, experiment 6b, with
// the places of Martens and Sutskever 2011 and Pascanu, Mikolov and Bengio 2013): a sequence of random letters a to d, but
// for an X or a Y at one step of each of [T/10, 2T/10), [3T/10, 4T/10) and [6T/10, 7T/10). Which of the eight orders,
// XXX to YYY, is the class.
//
//	ids   c a b X d a b c Y … X … d b     [T]      a b c d = 0 1 2 3, X = 4, Y = 5
//	label 4·y₁ + 2·y₂ + y₃                         where y is 1 for a Y
//
// (The paper of 1997 also frames it by a begin and an end sign, at T = 100 to 110.) Known results: the LSTM of 1997 has
// 2 of 2560 wrong after 571,100 sequences; a tanh network learns two symbols with clipping and a regulariser that keeps
// gradients from vanishing (Pascanu et al.).
type TemporalOrder struct {
	Steps int // T, at least 10
}

// The ids of [TemporalOrder] after its letters.
const (
	orderLetters = 4
	orderX       = orderLetters
)

// Inputs is the number of ids.
func (TemporalOrder) Inputs() int { return orderLetters + 2 }

// Classes is the number of labels.
func (TemporalOrder) Classes() int { return 8 }

// Baseline is the accuracy of guessing: all eight classes are equally likely.
func (TemporalOrder) Baseline() float64 { return 1.0 / 8 }

// Examples draws n examples by the seed, each of T steps. Fewer than 10 steps are an error.
func (o TemporalOrder) Examples(n int, seed uint64) ([]Labelled, error) {
	if err := atLeast("temporal order", "steps", o.Steps, 10); err != nil {
		return nil, err
	}
	return generate("temporal order", n, o.Steps, seed, o.draw)
}

func (o TemporalOrder) draw(rng *rand.Rand) Labelled {
	e := Labelled{IDs: make([]int, o.Steps)}
	for t := range e.IDs {
		e.IDs[t] = rng.IntN(orderLetters)
	}
	for _, tenth := range [...]int{1, 3, 6} {
		y := rng.IntN(2)
		at := between(rng, o.Steps*tenth/10, o.Steps*(tenth+1)/10-1)
		e.IDs[at] = orderX + y
		e.Label = 2*e.Label + y
	}
	return e
}
