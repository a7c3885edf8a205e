package kernel

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// additiveSizes are those of queries, keys and rows: none, one, odd, and more keys than the scratch has room for.
var additiveSizes = [][3]int{{0, 3, 4}, {2, 0, 4}, {1, 1, 1}, {3, 5, 7}, {2, 33, 300}, {1, 3, 5000}}

// Scores and their derivatives are what their definitions say, in both number types and between the columns of others.
func TestAdditiveScores(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		additive[float64](t, 1e-12)
		additive[float32](t, 1e-5)
	})
}

func additive[F Float](t *testing.T, tolerance float64) {
	for _, n := range additiveSizes {
		T, S, W := n[0], n[1], n[2]
		t.Run(fmt.Sprintf("%T %v", F(0), n), func(t *testing.T) {
			gapped := func(rows, cols int, from float64) Mat[F] {
				m := NewMat[F](rows, cols+3)
				for i := range m.Data {
					m.Data[i] = F(math.Cos(from + float64(i)*1.7))
				}
				return m.Slice(0, rows, 1, cols+1)
			}
			q, k, v, ds := gapped(T, W, 1), gapped(S, W, 2), gapped(1, W, 3), gapped(T, S, 4)
			e, dq, dk, dv := gapped(T, S, 5), gapped(T, W, 6), gapped(S, W, 7), gapped(1, W, 8)
			x := Additive[F]{Q: q, K: k, V: v, DS: ds, U: AdditiveScratch[F](W), D: AdditiveScratch[F](W)}
			x.Scores(e)
			x.QueryGrad(dq)
			x.KeyGrad(dk)
			Fill(dv, 0)
			x.AddVectorGrad(dv)

			we, wq, wk, wv := NewMat[float64](T, S), NewMat[float64](T, W), NewMat[float64](S, W), NewMat[float64](1, W)
			for i := range T {
				for j := range S {
					for w := range W {
						u, d := math.Tanh(float64(q.Row(i)[w])+float64(k.Row(j)[w])), float64(ds.Row(i)[j])
						we.Row(i)[j] += u * float64(v.Row(0)[w])
						wq.Row(i)[w] += d * float64(v.Row(0)[w]) * (1 - u*u)
						wk.Row(j)[w] += d * float64(v.Row(0)[w]) * (1 - u*u)
						wv.Row(0)[w] += d * u
					}
				}
			}
			for i, pair := range [][2]any{{e, we}, {dq, wq}, {dk, wk}, {dv, wv}} {
				got, want := pair[0].(Mat[F]), pair[1].(Mat[float64])
				for r := range want.Rows {
					for c, x := range want.Row(r) {
						assert.InDelta(t, x, float64(got.Row(r)[c]), tolerance*math.Sqrt(float64(T+S+W)), "result %d at %d, %d", i, r, c)
					}
				}
			}
		})
	}
}

// Every picks the steps of one row of a batch.
func TestEvery(t *testing.T) {
	m := NewMat[float64](6, 2)
	for i := range m.Data {
		m.Data[i] = float64(i)
	}
	e := m.Every(1, 3)
	assert.Equal(t, [][]float64{{2, 3}, {8, 9}}, [][]float64{e.Row(0), e.Row(1)})
	assert.Equal(t, 2, e.Rows)
	part := m.Slice(1, 5, 0, 1) // rows 1 and 2 of each 3
	assert.Equal(t, []float64{8}, part.Every(0, 3).Row(1))
	assert.Equal(t, []float64{4}, part.Every(1, 3).Row(0))
	assert.Equal(t, 1, part.Every(2, 3).Rows)
	assert.Panics(t, func() { m.Every(3, 3) })
	assert.Panics(t, func() { m.Every(-1, 3) })
}
