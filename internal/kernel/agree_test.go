package kernel

import (
	"fmt"
	"math"
	"testing"
)

// rowwise are the float32 kernels, the product apart, that have vector code: out [rows, cols] from x and y of that size.
var rowwise = withBroadcasts(map[string]func(out, x, y Mat[float32]){
	"Exp":           func(out, x, _ Mat[float32]) { Exp(out, x) },
	"Sigmoid":       func(out, x, _ Mat[float32]) { Sigmoid(out, x) },
	"Tanh":          func(out, x, _ Mat[float32]) { Tanh(out, x) },
	"SigmoidGrad":   func(out, x, y Mat[float32]) { SigmoidGrad(out, x, y) },
	"TanhGrad":      func(out, x, y Mat[float32]) { TanhGrad(out, x, y) },
	"ReLU":          func(out, x, _ Mat[float32]) { ReLU(out, x) },
	"ReLUGrad":      func(out, x, y Mat[float32]) { ReLUGrad(out, x, y) },
	"AddProduct":    func(out, x, y Mat[float32]) { AddProduct(out, x, y, out) },
	"SumOfProducts": func(out, x, y Mat[float32]) { SumOfProducts(out, x, y, out, y) },
	"SigmoidGradOf": func(out, x, y Mat[float32]) { SigmoidGradOf(out, x, y, out) },
	"TanhGradOf":    func(out, x, y Mat[float32]) { TanhGradOf(out, x, y, out) },
	"TanhGradAdd":   func(out, x, y Mat[float32]) { TanhGradAdd(out, y, x, out, y) },
	"SumRows":       func(out, x, _ Mat[float32]) { SumRows(out.Slice(0, 1, 0, out.Cols), x, false) },
	"SumRows acc":   func(out, x, _ Mat[float32]) { SumRows(out.Slice(0, 1, 0, out.Cols), x, true) },
	"Gather":        func(out, x, _ Mat[float32]) { Gather(out, x, make([]int, out.Rows)) },
	"ScatterAdd":    func(out, x, _ Mat[float32]) { ScatterAdd(out, make([]int, x.Rows), x) },
	"SumSquares":    func(out, x, _ Mat[float32]) { out.Row(0)[0] = float32(SumSquares(x.Row(0))) },
	"Adam":          adamRows,
	"SGD":           func(out, x, _ Mat[float32]) { sgdRows(out, x, nil, SGDStep{Rate: 0.1, Decay: 0.2, Scale: 0.3}) },
	"SGD momentum": func(out, x, y Mat[float32]) {
		sgdRows(out, x, clone(y).Row, SGDStep{Rate: 0.1, Decay: 0.2, Momentum: 0.9, Scale: 0.3})
	},
	"SGD Nesterov": func(out, x, y Mat[float32]) {
		sgdRows(out, x, clone(y).Row, SGDStep{Rate: 0.1, Momentum: 0.9, Nesterov: true, Scale: 0.3})
	},
	"Scale":          func(out, x, _ Mat[float32]) { Scale(out, x, 0.3) },
	"AddConst":       func(out, x, _ Mat[float32]) { AddConst(out, x, 0.3) },
	"Softmax":        func(out, x, _ Mat[float32]) { Softmax(out, x) },
	"LogSoftmax":     func(out, x, _ Mat[float32]) { LogSoftmax(out, x) },
	"SoftmaxGrad":    func(out, x, y Mat[float32]) { SoftmaxGrad(out, x, y) },
	"LogSoftmaxGrad": func(out, x, y Mat[float32]) { LogSoftmaxGrad(out, x, y) },
	"SumCols":        func(out, x, _ Mat[float32]) { SumCols(out.Slice(0, out.Rows, 0, 1), x, false) },
	"dot":            func(out, x, y Mat[float32]) { out.Row(0)[0] = dot(x.Row(0), y.Row(0)) },
	"SumAll":         func(out, x, _ Mat[float32]) { out.Row(0)[0] = SumAll(x) },
	"Moments": func(out, x, _ Mat[float32]) {
		m := NewMat[float32](x.Rows, 2)
		Moments(m, x, 1e-5)
		Copy(out, m.Slice(0, x.Rows, 0, 1))
		Mul(out, out, m.Slice(0, x.Rows, 1, 2))
	},
	"LayerNorm": func(out, x, y Mat[float32]) {
		LayerNorm(out, x, pairs(y), y.Slice(0, 1, 0, y.Cols), y.Slice(1, 2, 0, y.Cols))
	},
	"LayerNormGrad": func(out, x, y Mat[float32]) { LayerNormGrad(out, y, x, pairs(y), y.Slice(0, 1, 0, y.Cols)) },
	"TimesNormal":   func(out, x, y Mat[float32]) { TimesNormal(out, y, x, pairs(y)) },
	"CrossEntropy": func(out, x, _ Mat[float32]) {
		sums := NewMat[float32](x.Rows, 2)
		ExpSum(sums, x)
		CrossEntropy(out.Slice(0, out.Rows, 0, 1), x, Target{IDs: make([]int, x.Rows), Smooth: 0.1}, sums)
	},
	"CrossEntropyGrad": func(out, x, y Mat[float32]) {
		column := y.Slice(0, y.Rows, 0, 1)
		CrossEntropyGrad(out, x, Target{IDs: make([]int, x.Rows), Smooth: 0.1}, pairs(y), column)
	},
})

// pairs are the first and the last column of y, to be taken for moments.
func pairs(y Mat[float32]) Mat[float32] {
	return from[float32](y.Rows, 2, func(i, j int) float64 { return float64(y.Row(i)[j*(y.Cols-1)]) })
}

// adamRows makes a step with the rows of out for weights, of x for gradients and of y for averages.
func adamRows(out, x, y Mat[float32]) {
	m, v := clone(y), clone(y)
	Mul(v, v, v)
	for i := range out.Rows {
		s := AdamStep{Rate: 0.1, Beta1: 0.9, Beta2: 0.99, Eps: 1e-3, Decay: 0.1, Scale: 0.5, Step: 3 + i}
		Adam(out.Row(i), x.Row(i), m.Row(i), v.Row(i), s)
	}
	Add(out, out, m) // what is written beside the weights shows, too
	Add(out, out, v)
}

// sgdRows makes a step with the rows of out for weights and of x for gradients.
func sgdRows(out, x Mat[float32], vel func(i int) []float32, s SGDStep) {
	for i := range out.Rows {
		if vel == nil {
			SGD(out.Row(i), x.Row(i), nil, s)
			continue
		}
		v := vel(i)
		SGD(out.Row(i), x.Row(i), v, s)
		vectorVector(add, out.Row(i), out.Row(i), v)
	}
}

// withBroadcasts adds the binary operations, with the second operand full, a row or a column, and the first a column.
func withBroadcasts(m map[string]func(out, x, y Mat[float32])) map[string]func(out, x, y Mat[float32]) {
	for name, f := range map[string]func(out, a, b Mat[float32]){
		"Add": Add[float32], "Sub": Sub[float32], "Mul": Mul[float32], "Div": Div[float32],
	} {
		m[name] = f
		m[name+" row"] = func(out, x, y Mat[float32]) { f(out, x, y.Slice(0, 1, 0, y.Cols)) }
		m[name+" column"] = func(out, x, y Mat[float32]) { f(out, x, y.Slice(0, y.Rows, 0, 1)) }
		m[name+" to column"] = func(out, x, y Mat[float32]) { f(out, x.Slice(0, x.Rows, 0, 1), y) }
	}
	return m
}

// Every kernel but the product has the bits of plain Go on every path, special values included.
func TestPathsAgree(t *testing.T) {
	special := []float32{
		float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.Copysign(0, -1)), 0, 1e-40, 100, -100,
	}
	for name, f := range rowwise {
		r := newSource(31)
		for cols := 1; cols < 600; cols += 1 + cols/17 {
			x, y, out := view[float32](r, 3, cols), view[float32](r, 3, cols), view[float32](r, 3, cols)
			if r.IntN(2) == 0 {
				x.Row(r.IntN(3))[r.IntN(cols)] = special[r.IntN(len(special))]
				y.Row(r.IntN(3))[r.IntN(cols)] = special[r.IntN(len(special))]
			}
			want := clone(out)
			for _, p := range paths() {
				use(t, p)
				got := clone(out)
				f(got, x, y)
				if p == plain {
					want = got
					continue
				}
				same(t, want, got, fmt.Sprintf("%s, %s, %d columns", p, name, cols))
			}
			f(out, x, y) // on the last path
			unharmed(t, x, y, out)
		}
	}
}

// The sums over many rows have the bits of plain Go, too, and row i of a scatter comes before row i+1.
func TestSumsOfManyRowsAgree(t *testing.T) {
	r := newSource(32)
	for _, rows := range []int{0, 1, 31, 32, 33, 64, 65, 200} {
		for _, cols := range []int{1, 7, 8, 17, 64, 100, 130, 256, 300} {
			x, ids := view[float32](r, rows, cols), make([]int, rows)
			for i := range ids {
				ids[i] = r.IntN(5)
			}
			var sums, table Mat[float32]
			for _, p := range paths() {
				use(t, p)
				s, b := NewMat[float32](1, cols), NewMat[float32](5, cols)
				SumRows(s, x, true)
				ScatterAdd(b, ids, x)
				if p == plain {
					sums, table = s, b
					continue
				}
				same(t, sums, s, "SumRows, %s, %dx%d", p, rows, cols)
				same(t, table, b, "ScatterAdd, %s, %dx%d", p, rows, cols)
			}
		}
	}
}
