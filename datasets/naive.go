package datasets

import "math"

// Naive forecasts a series from its own past without learning anything: what a model has to beat (Hyndman and
// Athanasopoulos, Forecasting: Principles and Practice, 2021, section 5.2). With m = Season, and k·m the smallest
// multiple of m that is at least h:
//
//	Season 0            x̂[t+h] = x[t]                              the last value
//	Season m            x̂[t+h] = x[t+h-k·m]                        the same season, the last time it was known
//	Season m, Change    x̂[t+h] = x[t] + x[t+h-k·m] - x[t-k·m]      the last value, changed as it changed then
type Naive struct {
	Season int  // moments of a cycle: 12 for months, 24 for hours. 0: none
	Change bool // follow the change of the last season, not its value; without a season there is nothing to follow
}

// Forecast returns the forecast of x[t+h] from x[0] to x[t]: NaN if they do not reach back far enough, if a value that
// it needs is missing, or if t, h ≥ 1 make no sense.
func (n Naive) Forecast(x []float64, t, h int) float64 {
	if t < 0 || t >= len(x) || h < 1 {
		return math.NaN()
	}
	if n.Season <= 0 {
		return x[t]
	}
	cycles := (h-1)/n.Season + 1
	if cycles > len(x)/n.Season {
		return math.NaN()
	}
	back := t - cycles*n.Season // the same season as t
	switch {
	case !n.Change && back+h >= 0:
		return x[back+h]
	case n.Change && back >= 0:
		return x[t] + x[back+h] - x[back]
	}
	return math.NaN()
}

// RMSE is the root mean squared error of forecasting each x[t], t ≥ from, from h moments before, and how many forecasts
// that were. Those that cannot be made, and those of missing values, do not count; NaN if none is left.
func (n Naive) RMSE(x []float64, from, h int) (rmse float64, count int) {
	sum := 0.0
	for t := max(from, 0); t < len(x); t++ {
		if e := n.Forecast(x, t-h, h) - x[t]; !math.IsNaN(e) {
			sum += e * e
			count++
		}
	}
	return math.Sqrt(sum / float64(count)), count
}
