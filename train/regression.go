package train

import (
	"fmt"
	"math"
)

// RMSE is the root of the mean squared error √(Σ(p-y)²/n) of predictions p of
// the values y, in their unit. It is an error if they are not as many, or none.
func RMSE(p, y []float64) (float64, error) {
	mse, err := meanOver(p, y, func(d float64) float64 { return d * d })
	return math.Sqrt(mse), err
}

// MAE is the mean absolute error Σ|p-y|/n, in the unit of the values; errors are
// those of RMSE.
func MAE(p, y []float64) (float64, error) { return meanOver(p, y, math.Abs) }

// Pinball is the mean quantile loss (Koenker and Bassett 1978), which is least
// when a part q of the values lies below the predictions:
//
//	max(q·(y-p), (q-1)·(y-p))
//
// It is an error if q is not in (0, 1). At q = 1/2 it is half the MAE.
func Pinball(p, y []float64, q float64) (float64, error) {
	if !(q > 0 && q < 1) {
		return 0, fmt.Errorf("train: the quantile must be in (0, 1), got %v", q)
	}
	return meanOver(p, y, func(d float64) float64 { return max(-q*d, (1-q)*d) })
}

// meanOver is the mean of f(p-y). It is an error if there are no values or not
// as many predictions.
func meanOver(p, y []float64, f func(d float64) float64) (float64, error) {
	if len(y) == 0 || len(p) != len(y) {
		return math.NaN(), fmt.Errorf("train: %d predictions of %d values, wanted as many and at least 1", len(p), len(y))
	}
	sum := 0.0
	for i := range y {
		sum += f(p[i] - y[i])
	}
	return sum / float64(len(y)), nil
}
