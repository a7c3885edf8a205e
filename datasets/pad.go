package datasets

// Pad lays rows of unequal length out time-major as [T·B]: row b of step t is item t*B+b, and pad stands past the end of
// a row and in the rows that are missing. What is beyond B rows or T steps is left out, as it has no place.
func Pad[V any](rows [][]V, T, B int, pad V) []V { return PadVectors(rows, T, B, 1, pad) }

// PadVectors is [Pad] for steps of D numbers: a row is [len·D], step after step, and the result [T·B·D], so that number
// d of row b at step t is item (t*B+b)*D+d. Sizes below 0 count as 0.
func PadVectors[V any](rows [][]V, T, B, D int, pad V) []V {
	T, B, D = max(T, 0), max(B, 0), max(D, 0)
	out := make([]V, T*B*D)
	for i := range out {
		out[i] = pad
	}
	for b, row := range rows[:min(len(rows), B)] {
		for t := range T {
			if t*D >= len(row) {
				break
			}
			at := (t*B + b) * D
			copy(out[at:at+D], row[t*D:])
		}
	}
	return out
}

// Lens returns the lengths of rows, [B], and 0 for the rows that are missing.
func Lens[V any](rows [][]V, B int) []int {
	lens := make([]int, max(B, 0))
	for b := range lens[:min(len(rows), len(lens))] {
		lens[b] = len(rows[b])
	}
	return lens
}

// StepWeights returns the mask of a loss that is taken at every step, time-major [T·B] with B = len(lens): 1 for the
// steps that a row has, 0 past its end.
func StepWeights(lens []int, T int) []float64 {
	B := len(lens)
	w := make([]float64, max(T, 0)*B)
	for b, n := range lens {
		for t := range min(n, T) {
			w[t*B+b] = 1
		}
	}
	return w
}
