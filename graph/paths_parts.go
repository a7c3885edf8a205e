package graph

import "math"

// BySteps adds up the uses of each step, without routes; the order is that of the steps, -1 first.
func (l *LossPaths) BySteps() []Use {
	var out []Use
	at := map[int]int{}
	last := -1
	for _, u := range l.Uses {
		last = max(last, u.Step)
	}
	for t := -1; t <= last; t++ {
		for _, u := range l.Uses {
			if u.Step != t {
				continue
			}
			i, seen := at[t]
			if !seen {
				at[t] = len(out)
				out = append(out, Use{Step: t, Path: u.Path, Op: u.Op, Matrix: append([]float64(nil), u.Matrix...), Norm: u.Norm, Share: u.Share})
				continue
			}
			plusTimes(out[i].Matrix, u.Matrix, 1)
			out[i].Norm, out[i].Share = frobenius(out[i].Matrix), share(out[i].Matrix, l.Total)
		}
	}
	return out
}

func plusTimes(to, x []float64, k float64) {
	for i := range x {
		to[i] += k * x[i]
	}
}

func dot(a, b []float64) float64 {
	s := 0.0
	for i := range a {
		s += a[i] * b[i]
	}
	return s
}

func frobenius(x []float64) float64 { return math.Sqrt(dot(x, x)) }

// share is the part of x in g.
func share(x, g []float64) float64 {
	if s := dot(g, g); s > 0 {
		return dot(x, g) / s
	}
	return 0
}

// gap is the distance of x from want, relative to want; absolute where that is 0.
func gap(x, want []float64) float64 {
	d := append([]float64(nil), x...)
	plusTimes(d, want, -1)
	if n := frobenius(want); n > 0 {
		return frobenius(d) / n
	}
	return frobenius(d)
}
