package kernel

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// ofProduct is a loop over several operands and the chain that it has the bits of.
type ofProduct[F Float] struct {
	name   string
	inputs int
	f      func(out Mat[F], in []Mat[F])
	chain  func(out Mat[F], in []Mat[F])
}

func ofProducts[F Float]() []ofProduct[F] {
	return []ofProduct[F]{
		{"SumOfProducts", 4, func(out Mat[F], in []Mat[F]) { SumOfProducts(out, in[0], in[1], in[2], in[3]) }, func(out Mat[F], in []Mat[F]) {
			m := NewMat[F](out.Rows, out.Cols)
			Mul(m, in[2], in[3])
			Mul(out, in[0], in[1])
			Add(out, out, m)
		}},
		{"AddProduct", 3, func(out Mat[F], in []Mat[F]) { AddProduct(out, in[0], in[1], in[2]) }, func(out Mat[F], in []Mat[F]) {
			m := NewMat[F](out.Rows, out.Cols)
			Mul(m, in[1], in[2])
			Add(out, in[0], m)
		}},
		{"SigmoidGradOf", 3, func(out Mat[F], in []Mat[F]) { SigmoidGradOf(out, in[0], in[1], in[2]) }, func(out Mat[F], in []Mat[F]) {
			Mul(out, in[1], in[2])
			SigmoidGrad(out, in[0], out)
		}},
		{"TanhGradOf", 3, func(out Mat[F], in []Mat[F]) { TanhGradOf(out, in[0], in[1], in[2]) }, func(out Mat[F], in []Mat[F]) {
			Mul(out, in[1], in[2])
			TanhGrad(out, in[0], out)
		}},
		{"TanhGradAdd", 4, func(out Mat[F], in []Mat[F]) { TanhGradAdd(out, in[0], in[1], in[2], in[3]) }, func(out Mat[F], in []Mat[F]) {
			Mul(out, in[2], in[3])
			TanhGrad(out, in[1], out)
			Add(out, in[0], out)
		}},
	}
}

func TestOfProducts(t *testing.T) {
	t.Run("float32", func(t *testing.T) { onEachPath(t, ofProductsAreChains[float32]) })
	t.Run("float64", ofProductsAreChains[float64])
}

// Each loop has the bits of the chain in plain Go for every small size and stride, special values included, in place
// over each operand and over all of them, and writes nothing else.
func ofProductsAreChains[F Float](t *testing.T) {
	special := []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 0, 1, -1, 1e-40, 3e38, -3e38}
	for _, c := range ofProducts[F]() {
		t.Run(c.name, func(t *testing.T) {
			r := newSource(41)
			try := func(rows, cols int) {
				in, out := make([]Mat[F], c.inputs), view[F](r, rows, cols)
				for i := range in {
					in[i] = view[F](r, rows, cols)
					if rows*cols > 0 && r.IntN(2) == 0 {
						in[i].Row(r.IntN(rows))[r.IntN(cols)] = F(special[r.IntN(len(special))])
					}
				}
				want := NewMat[F](rows, cols)
				onPlain(func() { c.chain(want, in) })
				c.f(out, in)
				same(t, want, out, "%dx%d", rows, cols)
				unharmed(t, append(in, out)...)
				for i, m := range in {
					over := append([]Mat[F](nil), in...)
					over[i] = copyView(m)
					c.f(over[i], over)
					same(t, want, over[i], "%dx%d over operand %d", rows, cols, i)
					unharmed(t, over...)
				}
				one := copyView(in[0])
				all := []Mat[F]{one, one, one, one}[:c.inputs]
				onPlain(func() { c.chain(want, []Mat[F]{in[0], in[0], in[0], in[0]}) })
				c.f(one, all)
				same(t, want, one, "%dx%d over all", rows, cols)
				unharmed(t, one)
			}
			sizes(try)
			for cols := 18; cols < 300; cols++ {
				try(2, cols)
			}
			rest := make([]Mat[F], c.inputs)
			for _, x := range special {
				for _, y := range special { // every pair in every place, the other operands being a half
					for i := range rest {
						for j := range rest {
							for k := range rest {
								rest[k] = from[F](1, 1, func(int, int) float64 { return 0.5 })
							}
							rest[i].Data[0], rest[j].Data[0] = F(x), F(y)
							want, got := NewMat[F](1, 1), NewMat[F](1, 1)
							onPlain(func() { c.chain(want, rest) })
							c.f(got, rest)
							same(t, want, got, "%v in %d, %v in %d", x, i, y, j)
						}
					}
				}
			}
		})
	}
}

// The product and the sum are rounded apart: fused, they would give what is left of the rounding.
func TestSumOfProductsRoundsTwice(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		const x = 1 + 0x1p-12
		a, minus := from[float32](1, 37, func(int, int) float64 { return x }), from[float32](1, 37, func(int, int) float64 { return -x })
		out := NewMat[float32](1, 37)
		SumOfProducts(out, a, a, a, minus)
		assert.Equal(t, make([]float32, 37), out.Data)
	})
}

// onPlain runs f on the path that is the definition.
func onPlain(f func()) {
	before := active
	active = plain
	defer func() { active = before }()
	f()
}

// copyView returns the same elements with the same stride and margins.
func copyView[F Float](m Mat[F]) Mat[F] {
	m.Data = append([]F(nil), m.Data...)
	return m
}
