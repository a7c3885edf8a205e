package kernel

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestUnary(t *testing.T) {
	t.Run("float32", unaryAgainstMath[float32])
	t.Run("float64", unaryAgainstMath[float64])
}

// Each unary function agrees with package math for every small size and stride, in place too, and writes nothing
// else.
func unaryAgainstMath[F Float](t *testing.T) {
	cases := []struct {
		name string
		f    func(out, x Mat[F])
		want func(float64) float64
	}{
		{"Sigmoid", Sigmoid[F], func(v float64) float64 { return 1 / (1 + math.Exp(-v)) }},
		{"Tanh", Tanh[F], math.Tanh},
		{"ReLU", ReLU[F], func(v float64) float64 { return math.Max(v, 0) }},
		{"Exp", Exp[F], math.Exp},
		{"Log", Log[F], math.Log},
		{"Sqrt", Sqrt[F], math.Sqrt},
		{"Square", Square[F], func(v float64) float64 { return v * v }},
		{"Abs", Abs[F], math.Abs},
		{"Scale", func(out, x Mat[F]) { Scale(out, x, 3) }, func(v float64) float64 { return 3 * v }},
		{"AddConst", func(out, x Mat[F]) { AddConst(out, x, 3) }, func(v float64) float64 { return 3 + v }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := newSource(1)
			sizes(func(rows, cols int) {
				x, out := view[F](r, rows, cols), view[F](r, rows, cols)
				want := from[F](rows, cols, func(i, j int) float64 { return c.want(float64(x.Row(i)[j])) })
				c.f(out, x)
				near(t, want, out, tolerance[F](), c.name)
				c.f(x, x)
				same(t, out, x, "in place")
				unharmed(t, out, x)
			})
		})
	}
}

// sizes calls f for every size 0..17 squared and one larger.
func sizes(f func(rows, cols int)) {
	for rows := range 18 {
		for cols := range 18 {
			f(rows, cols)
		}
	}
	f(37, 300)
}

func TestUnaryGradients(t *testing.T) {
	t.Run("float32", unaryGradients[float32])
	t.Run("float64", unaryGradients[float64])
}

func unaryGradients[F Float](t *testing.T) {
	step := func(v float64) float64 {
		if v > 0 {
			return 1
		}
		return 0
	}
	cases := []struct {
		name string
		f    func(out, y, dy Mat[F])
		want func(y float64) float64
	}{
		{"SigmoidGrad", SigmoidGrad[F], func(y float64) float64 { return y * (1 - y) }},
		{"TanhGrad", TanhGrad[F], func(y float64) float64 { return 1 - y*y }},
		{"ReLUGrad", ReLUGrad[F], step},
		{"AbsGrad", AbsGrad[F], func(x float64) float64 { return step(x) - step(-x) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := newSource(2)
			sizes(func(rows, cols int) {
				y, dy, out := view[F](r, rows, cols), view[F](r, rows, cols), view[F](r, rows, cols)
				if rows > 0 && cols > 0 {
					y.Row(0)[0] = 0
				}
				want := from[F](rows, cols, func(i, j int) float64 {
					return float64(dy.Row(i)[j])*c.want(float64(y.Row(i)[j])) + 0
				})
				y2, dy2 := clone(y), clone(dy)
				c.f(out, y, dy)
				near(t, want, out, 4*tolerance[F](), c.name)
				c.f(y2, y2, dy)
				same(t, out, y2, "over y")
				c.f(dy2, y, dy2)
				same(t, out, dy2, "over dy")
				unharmed(t, y, dy, out)
			})
		})
	}
}

func TestBroadcast(t *testing.T) {
	t.Run("float32", broadcast[float32])
	t.Run("float64", broadcast[float64])
}

// patterns are the shapes that spread over rows x cols.
func patterns(rows, cols int) [][2]int {
	return [][2]int{{rows, cols}, {1, cols}, {rows, 1}, {1, 1}}
}

// shown returns what m shows at (i, j) when it is spread.
func shown[F Float](m Mat[F], i, j int) F { return m.Row(min(i, m.Rows-1))[min(j, m.Cols-1)] }

// Every pattern of each binary operation, and of Copy, is the one-line definition; a full operand may be overwritten.
func broadcast[F Float](t *testing.T) {
	zero := F(math.Copysign(0, -1))
	cases := []struct {
		name string
		f    func(out, a, b Mat[F])
		want func(a, b F) F
	}{
		{"Add", Add[F], func(a, b F) F { return a + b }},
		{"Sub", Sub[F], func(a, b F) F { return a - b }},
		{"Mul", Mul[F], func(a, b F) F { return a * b }},
		{"Div", Div[F], func(a, b F) F { return a / b }},
		{"Copy", func(out, a, _ Mat[F]) { Copy(out, a) }, func(a, _ F) F { return a }},
		{"Fill", func(out, _, _ Mat[F]) { Fill(out, zero) }, func(_, _ F) F { return zero }},
	}
	r := newSource(3)
	for _, c := range cases {
		sizes(func(rows, cols int) {
			for _, p := range patterns(rows, cols) {
				for _, q := range patterns(rows, cols) {
					a, b, out := view[F](r, p[0], p[1]), view[F](r, q[0], q[1]), view[F](r, rows, cols)
					want := from[F](rows, cols, func(i, j int) float64 { return float64(c.want(shown(a, i, j), shown(b, i, j))) })
					c.f(out, a, b)
					same(t, want, out, "%s %v %v of %dx%d", c.name, p, q, rows, cols)
					if p == [2]int{rows, cols} {
						x := clone(a)
						c.f(x, x, b)
						same(t, want, x, "%s over a", c.name)
					}
					if q == [2]int{rows, cols} {
						x := clone(b)
						c.f(x, a, x)
						same(t, want, x, "%s over b", c.name)
					}
					unharmed(t, a, b, out)
				}
			}
		})
	}
}

// Where selects: every pattern, and a NaN that is not selected does not show.
func TestWhere(t *testing.T) {
	r := newSource(4)
	nan := math.NaN()
	sizes(func(rows, cols int) {
		for _, s := range [][2]int{{rows, cols}, {rows, 1}} {
			for _, p := range patterns(rows, cols) {
				for _, q := range patterns(rows, cols) {
					mask, out := view[float64](r, s[0], s[1]), view[float64](r, rows, cols)
					a, b := view[float64](r, p[0], p[1]), view[float64](r, q[0], q[1])
					ReLU(mask, mask)
					want := from[float64](rows, cols, func(i, j int) float64 {
						if shown(mask, i, j) != 0 {
							return shown(a, i, j)
						}
						return shown(b, i, j)
					})
					Where(out, mask, a, b)
					same(t, want, out, "%v %v %v of %dx%d", s, p, q, rows, cols)
					unharmed(t, out, mask, a, b)
				}
			}
		}
	})
	x, other := from[float64](2, 2, func(int, int) float64 { return nan }), NewMat[float64](1, 1)
	Where(x, NewMat[float64](2, 1), x, other)
	same(t, NewMat[float64](2, 2), x, "in place over NaN")
}

func TestSizesAreRefused(t *testing.T) {
	a, b := NewMat[float32](2, 3), NewMat[float32](3, 3)
	for name, f := range map[string]func(){
		"Tanh":         func() { Tanh(a, b) },
		"Add":          func() { Add(a, a, b) },
		"TanhGradOf":   func() { TanhGradOf(a, a, a, b) },
		"Where":        func() { Where(a, NewMat[float32](1, 3), a, a) },
		"Softmax":      func() { Softmax(a, b) },
		"CrossEntropy": func() { CrossEntropy(NewMat[float32](2, 1), a, Target{IDs: []int{1}}, NewMat[float32](2, 2)) },
		"Gather":       func() { Gather(a, b, []int{0, 3}) },
		"SumRows":      func() { SumRows(a, b, false) },
		"Adam":         func() { Adam(a.Data, b.Data, a.Data, a.Data, AdamStep{Step: 1}) },
		"Slice":        func() { a.Slice(0, 3, 0, 1) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() { assert.Contains(t, recover(), "internal error: kernel.") }()
			f()
		})
	}
}
