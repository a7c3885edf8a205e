package kernel

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// No kernel allocates.
func TestZeroAllocations(t *testing.T) {
	t.Run("float32", zeroAllocations[float32])
	t.Run("float64", zeroAllocations[float64])
}

func zeroAllocations[F Float](t *testing.T) {
	r := newSource(1)
	x, y, z, out := view[F](r, 70, 70), view[F](r, 70, 70), view[F](r, 70, 70), view[F](r, 70, 70)
	row, col, pair := view[F](r, 1, 70), view[F](r, 70, 1), view[F](r, 70, 2)
	w, g, m, v := make([]F, 9), make([]F, 9), make([]F, 9), make([]F, 9)
	ids := make([]int, 70)
	var sink F
	for name, f := range map[string]func(){
		"MatMul":           func() { MatMul(out, x, y, false, false, true) },
		"MatMul tA":        func() { MatMul(out, x, y, true, false, false) },
		"MatMul tB":        func() { MatMul(out, x, y, false, true, false) },
		"MatMul tA tB":     func() { MatMul(out, x, y, true, true, false) },
		"MatMul row tB":    func() { MatMul(row, x.Slice(0, 1, 0, 70), y, false, true, false) },
		"Transpose":        func() { Transpose(out, x) },
		"Sigmoid":          func() { Sigmoid(out, x) },
		"Tanh":             func() { Tanh(out, x) },
		"Exp":              func() { Exp(out, x) },
		"TanhGrad":         func() { TanhGrad(out, x, y) },
		"AddProduct":       func() { AddProduct(out, x, y, z) },
		"SumOfProducts":    func() { SumOfProducts(out, x, y, z, out) },
		"SigmoidGradOf":    func() { SigmoidGradOf(out, x, y, z) },
		"TanhGradOf":       func() { TanhGradOf(out, x, y, z) },
		"TanhGradAdd":      func() { TanhGradAdd(out, out, x, y, z) },
		"Add":              func() { Add(out, x, row) },
		"Div":              func() { Div(out, col, row) },
		"Copy":             func() { Copy(out, col) },
		"Where":            func() { Where(out, x, row, y) },
		"Softmax":          func() { Softmax(out, x) },
		"LogSoftmax":       func() { LogSoftmax(out, x) },
		"SoftmaxGrad":      func() { SoftmaxGrad(out, x, y) },
		"LogSoftmaxGrad":   func() { LogSoftmaxGrad(out, x, y) },
		"CrossEntropy":     func() { CrossEntropy(col, x, Target{IDs: ids}, pair) },
		"ExpSum":           func() { ExpSum(pair, x) },
		"CrossEntropyBoth": func() { CrossEntropyBoth(col, out, x, Target{IDs: ids}, col) },
		"CrossEntropyGrad": func() { CrossEntropyGrad(out, x, Target{IDs: ids}, pair, col) },
		"Gather":           func() { Gather(out, x, ids) },
		"ScatterAdd":       func() { ScatterAdd(out, ids, x) },
		"SumAll":           func() { sink = SumAll(x) },
		"dot":              func() { sink = dot(x.Row(0), y.Row(0)) },
		"SumSquares":       func() { sink = F(SumSquares(x.Data)) },
		"SumRows":          func() { SumRows(row, x, false) },
		"SumCols":          func() { SumCols(col, x, false) },
		"ArgMax":           func() { ArgMax(ids, x); clear(ids) },
		"Mask":             func() { Mask(out, 1, 0.5) },
		"Moments":          func() { Moments(pair, x, 1e-5) },
		"LayerNorm":        func() { LayerNorm(out, x, pair, row, row) },
		"LayerNormGrad":    func() { LayerNormGrad(out, y, x, pair, row) },
		"TimesNormal":      func() { TimesNormal(out, y, x, pair) },
		"ReLUGrad":         func() { ReLUGrad(out, x, y) },
		"Adam":             func() { Adam(w, g, m, v, AdamStep{Step: 1, Eps: 1}) },
		"SGD":              func() { SGD(w, g, v, SGDStep{Momentum: 1}) },
	} {
		assert.Zero(t, testing.AllocsPerRun(20, f), name)
	}
	_ = sink
}
