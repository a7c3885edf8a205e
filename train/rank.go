package train

import "math"

// Rank is the place of scores[at] among all, from 1 for the largest; equal scores
// share the mean of their places, NaN have none. It is NaN if scores[at] is or if
// there is no such score.
func Rank(scores []float64, at int) float64 {
	if at < 0 || at >= len(scores) || math.IsNaN(scores[at]) {
		return math.NaN()
	}
	larger, equal := 0, 0
	for _, x := range scores {
		switch {
		case x > scores[at]:
			larger++
		case x == scores[at]:
			equal++
		}
	}
	return float64(larger) + float64(equal+1)/2
}
