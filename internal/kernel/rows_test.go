package kernel

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRows(t *testing.T) {
	t.Run("float32", rowFunctions[float32])
	t.Run("float64", rowFunctions[float64])
}

// logSumExp is the reference, straight from the definition, in float64.
func logSumExp[F Float](row []F) float64 {
	s := 0.0
	for _, v := range row {
		s += math.Exp(float64(v))
	}
	return math.Log(s)
}

// Softmax, its logarithm, the cross entropy and their gradients agree with their formulas, in place too.
func rowFunctions[F Float](t *testing.T) {
	r, tol := newSource(1), 8*tolerance[F]()
	sizes(func(rows, cols int) {
		if cols == 0 {
			return
		}
		x, out, dy := view[F](r, rows, cols), view[F](r, rows, cols), view[F](r, rows, cols)
		logp := from[F](rows, cols, func(i, j int) float64 { return float64(x.Row(i)[j]) - logSumExp(x.Row(i)) })
		p := from[F](rows, cols, func(i, j int) float64 { return math.Exp(float64(x.Row(i)[j]) - logSumExp(x.Row(i))) })
		sums := func(f func(i, j int) float64) []float64 {
			s := make([]float64, rows)
			for i := range rows {
				for j := range cols {
					s[i] += f(i, j)
				}
			}
			return s
		}
		d := func(i, j int) float64 { return float64(dy.Row(i)[j]) }
		at := func(m Mat[F], i, j int) float64 { return float64(m.Row(i)[j]) }
		pd, ds := sums(func(i, j int) float64 { return at(p, i, j) * d(i, j) }), sums(d)

		checkRow(t, "Softmax", Softmax[F], out, x, p, tol)
		checkRow(t, "LogSoftmax", LogSoftmax[F], out, x, logp, tol)
		want := from[F](rows, cols, func(i, j int) float64 { return at(p, i, j) * (d(i, j) - pd[i]) })
		checkRowGrad(t, "SoftmaxGrad", SoftmaxGrad[F], p, dy, want, tol*float64(cols))
		want = from[F](rows, cols, func(i, j int) float64 { return d(i, j) - at(p, i, j)*ds[i] })
		checkRowGrad(t, "LogSoftmaxGrad", LogSoftmaxGrad[F], logp, dy, want, tol*float64(cols))

		ids := make([]int, rows)
		for i := range ids {
			ids[i] = r.IntN(cols)
		}
		loss, dloss := view[F](r, rows, 1), view[F](r, rows, 1)
		tops, target := view[F](r, rows, 2), Target{IDs: ids, Smooth: float64(r.IntN(2)) / 10}
		weight := func(i, j int) float64 { // of column j in the target of row i
			if j == ids[i] {
				return 1 - target.Smooth + target.Smooth/float64(cols)
			}
			return target.Smooth / float64(cols)
		}
		ExpSum(tops, x)
		CrossEntropy(loss, x, target, tops)
		near(t, from[F](rows, 1, func(i, _ int) (nats float64) {
			for j := range cols {
				nats -= weight(i, j) * at(logp, i, j)
			}
			return nats
		}), loss, 2*tol, "CrossEntropy")
		want = from[F](rows, cols, func(i, j int) float64 { return (at(p, i, j) - weight(i, j)) * at(dloss, i, 0) })
		CrossEntropyGrad(out, x, target, tops, dloss)
		near(t, want, out, 2*tol, "CrossEntropyGrad")
		unharmed(t, out, x, dy, loss, dloss, tops)
		both, inPlace := view[F](r, rows, cols), clone(x)
		loss2, loss3 := view[F](r, rows, 1), clone(dloss)
		CrossEntropyBoth(loss2, both, x, target, dloss)
		unharmed(t, both, x, loss2, dloss)
		CrossEntropyBoth(loss3, inPlace, inPlace, target, loss3)
		CrossEntropyGrad(x, x, target, tops, dloss)
		for _, o := range []Mat[F]{x, both, inPlace} {
			same(t, out, o, "CrossEntropyGrad in place, CrossEntropyBoth, in place")
		}
		same(t, loss, loss2, "CrossEntropyBoth")
		same(t, loss, loss3, "CrossEntropyBoth in place")
	})
}

func checkRow[F Float](t *testing.T, name string, f func(out, x Mat[F]), out, x, want Mat[F], tol float64) {
	t.Helper()
	f(out, x)
	near(t, want, out, tol, name)
	y := clone(x)
	f(y, y)
	same(t, out, y, name+" in place")
}

func checkRowGrad[F Float](t *testing.T, name string, f func(out, y, dy Mat[F]), y, dy, want Mat[F], tol float64) {
	t.Helper()
	out, y2, dy2 := NewMat[F](y.Rows, y.Cols), clone(y), clone(dy)
	f(out, y, dy)
	near(t, want, out, tol, name)
	f(y2, y2, dy)
	same(t, out, y2, name+" over y")
	f(dy2, y, dy2)
	same(t, out, dy2, name+" over dy")
}

// Large logits neither overflow nor lose the loss; -Inf is a probability of 0; NaN and +Inf show.
func TestSoftmaxExtremes(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	line := func(v ...float32) Mat[float32] { return Mat[float32]{Data: v, Rows: 1, Cols: len(v), Stride: len(v)} }
	cases := []struct {
		name    string
		x, p, l Mat[float32]
	}{
		{"large", line(1000, 1000), line(.5, .5), line(-float32(math.Ln2), -float32(math.Ln2))},
		{"far", line(1000, -1000), line(1, 0), line(0, -2000)},
		{"masked", line(3, -inf), line(1, 0), line(0, -inf)},
		{"all masked", line(-inf, -inf), line(nan, nan), line(nan, nan)},
		{"NaN", line(1, nan), line(nan, nan), line(nan, nan)},
		{"infinite", line(1, inf), line(nan, nan), line(nan, nan)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			out := NewMat[float32](1, 2)
			Softmax(out, c.x)
			near(t, c.p, out, 0, "Softmax")
			LogSoftmax(out, c.x)
			near(t, c.l, out, 1e-7, "LogSoftmax")
		})
	}
	loss, sums := NewMat[float32](1, 1), NewMat[float32](1, 2)
	ExpSum(sums, line(1000, -1000))
	CrossEntropy(loss, line(1000, -1000), Target{IDs: []int{1}}, sums)
	assert.Equal(t, float32(2000), loss.Data[0])
}

func TestGather(t *testing.T) {
	r := newSource(5)
	table, out := view[float32](r, 5, 3), view[float32](r, 4, 3)
	ids := []int{4, 0, 4, 2}
	Gather(out, table, ids)
	for i, id := range ids {
		assert.Equal(t, table.Row(id), out.Row(i))
	}
	want := clone(table)
	for i, id := range ids {
		for j := range 3 {
			want.Row(id)[j] += out.Row(i)[j]
		}
	}
	ScatterAdd(table, ids, out)
	same(t, want, table, "ScatterAdd, 4 twice")
	unharmed(t, table, out)

	hot := view[float32](r, 4, 5)
	OneHot(hot, ids)
	same(t, from[float32](4, 5, func(i, j int) float64 {
		if j == ids[i] {
			return 1
		}
		return 0
	}), hot, "OneHot")
	unharmed(t, hot)

	assert.Equal(t, -1, CheckIDs(ids, 5))
	assert.Equal(t, 0, CheckIDs(ids, 4))
	assert.Equal(t, 1, CheckIDs([]int{0, -1}, 4))
	assert.Equal(t, -1, CheckIDs(nil, 0))

	mask := view[float32](r, 4, 1)
	LengthMask(mask, []int{0, 1, 2, 3}, 1)
	same(t, from[float32](4, 1, func(i, _ int) float64 { return float64(i / 2) }), mask, "LengthMask")
	unharmed(t, mask)
}
