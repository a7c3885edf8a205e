package kernel

import "testing"

func TestTranspose(t *testing.T) {
	onEachPath(t, transposeIsItsDefinition[float32])
	t.Run("float64", transposeIsItsDefinition[float64])
}

func transposeIsItsDefinition[F Float](t *testing.T) {
	r := newSource(21)
	for m := range 40 {
		for n := range 40 {
			x, out := view[F](r, m, n), view[F](r, n, m)
			want := from[F](n, m, func(i, j int) float64 { return float64(x.Row(j)[i]) })
			Transpose(out, x)
			same(t, want, out, "%dx%d", m, n)
			unharmed(t, x, out)
		}
	}
}
