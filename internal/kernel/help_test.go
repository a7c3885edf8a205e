package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// poison surrounds every view; a kernel that reads it spoils its result, one that writes it is found by unharmed.
const poison = 12345

type source struct{ *rand.Rand }

func newSource(seed uint64) *source { return &source{rand.New(rand.NewPCG(seed, 7))} }

// view returns random elements in [-2, 2) inside a larger poisoned matrix (gapless one time in four).
func view[F Float](r *source, rows, cols int) Mat[F] {
	gap := r.IntN(4)
	m := Mat[F]{Rows: rows, Cols: cols, Stride: cols + gap, Data: make([]F, rows*(cols+gap)+8)}
	for i := range m.Data {
		m.Data[i] = poison
	}
	for i := range rows {
		for j := range cols {
			m.Data[i*m.Stride+j] = F(r.Float64()*4 - 2)
		}
	}
	return m
}

// unharmed checks the poison around views.
func unharmed[F Float](t *testing.T, views ...Mat[F]) {
	t.Helper()
	for _, m := range views {
		for k, v := range m.Data {
			inside := m.Stride > 0 && k/m.Stride < m.Rows && k%m.Stride < m.Cols
			if !inside && v != poison {
				require.Fail(t, "wrote outside", "element %d of %dx%d stride %d", k, m.Rows, m.Cols, m.Stride)
			}
		}
	}
}

// clone returns the same elements in a gapless matrix.
func clone[F Float](m Mat[F]) Mat[F] {
	c := NewMat[F](m.Rows, m.Cols)
	for i := range m.Rows {
		copy(c.Row(i), m.Row(i))
	}
	return c
}

// same demands equal bits, any NaN being as good as another.
func same[F Float](t *testing.T, want, got Mat[F], msg string, args ...any) {
	t.Helper()
	near(t, want, got, 0, msg, args...)
}

// near demands |got - want| <= tol·max(1, |want|) for each element.
func near[F Float](t *testing.T, want, got Mat[F], tol float64, msg string, args ...any) {
	t.Helper()
	require.Equal(t, want.Rows, got.Rows)
	require.Equal(t, want.Cols, got.Cols)
	for i := range want.Rows {
		g := got.Row(i)
		for j, w := range want.Row(i) {
			a, b := float64(w), float64(g[j])
			if a == b && math.Signbit(a) == math.Signbit(b) || a != a && b != b {
				continue
			}
			if !(math.Abs(a-b) <= tol*max(1, math.Abs(a))) || tol == 0 {
				require.Failf(t, "differs", msg+": (%d,%d) got %v want %v", append(args, i, j, b, a)...)
			}
		}
	}
}

// from returns the matrix of f(i, j), computed in float64.
func from[F Float](rows, cols int, f func(i, j int) float64) Mat[F] {
	m := NewMat[F](rows, cols)
	for i := range rows {
		for j := range cols {
			m.Row(i)[j] = F(f(i, j))
		}
	}
	return m
}

// tolerance is some units in the last place of F.
func tolerance[F Float]() float64 {
	if F(1)+F(1e-10) == 1 {
		return 2e-6
	}
	return 1e-14
}
