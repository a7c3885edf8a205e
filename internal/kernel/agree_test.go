package kernel

import (
	"fmt"
	"math"
	"testing"
)

// rowwise are the float32 kernels, the product apart, that have vector code: out [rows, cols] from x and y of that size.
var rowwise = withBroadcasts(map[string]func(out, x, y Mat[float32]){
	"Exp":            func(out, x, _ Mat[float32]) { Exp(out, x) },
	"Sigmoid":        func(out, x, _ Mat[float32]) { Sigmoid(out, x) },
	"Tanh":           func(out, x, _ Mat[float32]) { Tanh(out, x) },
	"SigmoidGrad":    func(out, x, y Mat[float32]) { SigmoidGrad(out, x, y) },
	"TanhGrad":       func(out, x, y Mat[float32]) { TanhGrad(out, x, y) },
	"Scale":          func(out, x, _ Mat[float32]) { Scale(out, x, 0.3) },
	"AddConst":       func(out, x, _ Mat[float32]) { AddConst(out, x, 0.3) },
	"Softmax":        func(out, x, _ Mat[float32]) { Softmax(out, x) },
	"LogSoftmax":     func(out, x, _ Mat[float32]) { LogSoftmax(out, x) },
	"SoftmaxGrad":    func(out, x, y Mat[float32]) { SoftmaxGrad(out, x, y) },
	"LogSoftmaxGrad": func(out, x, y Mat[float32]) { LogSoftmaxGrad(out, x, y) },
	"SumCols":        func(out, x, _ Mat[float32]) { SumCols(out.Slice(0, out.Rows, 0, 1), x, false) },
	"Dot":            func(out, x, y Mat[float32]) { out.Row(0)[0] = Dot(x, y) },
	"SumAll":         func(out, x, _ Mat[float32]) { out.Row(0)[0] = SumAll(x) },
	"CrossEntropy": func(out, x, _ Mat[float32]) {
		CrossEntropy(out.Slice(0, out.Rows, 0, 1), x, make([]int, x.Rows))
	},
	"CrossEntropyGrad": func(out, x, y Mat[float32]) {
		column := y.Slice(0, y.Rows, 0, 1)
		CrossEntropyGrad(out, x, column, make([]int, x.Rows), column)
	},
})

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
