package datasets

import (
	"fmt"
	"math/rand/v2"
)

// Addition is sums to be worked out letter by letter (Zaremba and Sutskever 2014): "16+75" is "91". Each of the two numbers
// has 1 to Digits digits, all lengths equally likely, and is uniform among the numbers of its length; 0 has one digit.
//
// The last digit of the answer comes from the last digits of both numbers, and a carry runs from right to left: a source, or
// a target, that is written backwards is easier.
type Addition struct {
	Digits int // 1 to 9
}

// Baseline is the part of exact matches of the best answer that is given without reading. That is 9, the commonest sum of
// two numbers of one digit: 0.1/Digits². It is 0 for Digits out of range.
func (a Addition) Baseline() float64 {
	if a.check() != nil {
		return 0
	}
	return 0.1 / float64(a.Digits*a.Digits)
}

func (a Addition) check() error {
	if a.Digits < 1 || a.Digits > 9 {
		return fmt.Errorf("datasets: addition: %d digits, wanted 1 to 9", a.Digits)
	}
	return nil
}

// Pairs draws n pairs by the seed. Digits out of range are an error.
func (a Addition) Pairs(n int, seed uint64) ([]Pair, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	return generate("addition", n, 3*a.Digits+2, seed, func(rng *rand.Rand) Pair {
		x, y := a.number(rng), a.number(rng)
		return Pair{Source: fmt.Sprintf("%d+%d", x, y), Target: fmt.Sprint(x + y)}
	})
}

// number draws a number of 1 to Digits digits.
func (a Addition) number(rng *rand.Rand) int {
	least := 1
	for range rng.IntN(a.Digits) {
		least *= 10
	}
	if least == 1 {
		return rng.IntN(10)
	}
	return between(rng, least, 10*least-1)
}
