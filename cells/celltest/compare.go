package celltest

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/graph"
)

// draw is n normal deviates that depend on the name alone. They are rounded to
// float32, so that both number types begin with the same values.
func draw(name string, n int) []float64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))
	rng := rand.New(rand.NewPCG(h.Sum64(), 1))
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(float32(0.7 * rng.NormFloat64()))
	}
	return x
}

// floats is a copy of an output.
func floats(t *testing.T, prog *graph.Program, name string) []float64 {
	t.Helper()
	x, err := prog.Float64s(name)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// near asks that got be want up to an error relative to the norm of want.
func near(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if e := distance(got, want, 0); !(e <= tolerance) {
		t.Errorf("%s: relative error %.3g, at most %.0e is wanted\n got %.6g\nwant %.6g", what, e, tolerance, got, want)
	}
}

// bits asks that got be want exactly.
func bits(t *testing.T, what string, got, want []float64) {
	t.Helper()
	same := func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }
	if !slices.EqualFunc(got, want, same) {
		t.Errorf("%s: not the same bits\n got %v\nwant %v", what, got, want)
	}
}

// distance is |got - want| relative to |want|, or to the floor where that is
// more; infinite where they cannot be compared.
func distance(got, want []float64, floor float64) float64 {
	if len(got) != len(want) {
		return math.Inf(1)
	}
	d := make([]float64, len(want))
	for i := range want {
		d[i] = got[i] - want[i]
	}
	e := norm(d) / max(norm(want), floor)
	switch {
	case norm(d) == 0:
		return 0
	case math.IsNaN(e):
		return math.Inf(1)
	}
	return e
}

func norm(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	return math.Sqrt(sum)
}

func size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// row is row b of a tensor [B, ..].
func row(x []float64, B, b int) []float64 {
	n := len(x) / B
	return x[b*n : (b+1)*n]
}

// column is row b of all steps of a sequence [T, B, ..].
func column(x []float64, T, B, b int) []float64 {
	var all []float64
	for t := range T {
		all = append(all, row(row(x, T, t), B, b)...)
	}
	return all
}

// flipped is a sequence [T, ..] with the steps in reverse.
func flipped(x []float64, T int) []float64 {
	var all []float64
	for t := range T {
		all = append(all, row(x, T, T-1-t)...)
	}
	return all
}
