package kernel

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// functions32 are the float32 functions with their stated error in ulp.
var functions32 = []struct {
	name  string
	fast  func(float32) float32
	exact func(float64) float64
	bound float64
}{
	{"exp", exp32, math.Exp, 1},
	{"sigmoid", sigmoid32, sigmoid64, 3},
	{"tanh", tanh32, math.Tanh, 3},
}

// The stated errors hold over the whole range of float32: each 509th bit pattern, both signs, denormals and
// infinities included.
func TestErrorInUlp(t *testing.T) {
	for _, f := range functions32 {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			worst, at := 0.0, float32(0)
			for b := uint64(0); b < 1<<32; b += 509 {
				x := math.Float32frombits(uint32(b))
				if x != x {
					continue
				}
				if e := ulps(f.fast(x), f.exact(float64(x))); !(e <= worst) {
					worst, at = e, x
				}
			}
			t.Logf("worst error %.3f ulp at %v", worst, at)
			assert.LessOrEqual(t, worst, f.bound, "at %v", at)
		})
	}
}

// ulps returns |got - want| in units of the float32 spacing at want, +Inf counting as 2^128.
func ulps(got float32, want float64) float64 {
	g := float64(got)
	if math.IsInf(g, 0) {
		g = math.Copysign(0x1p128, g)
	}
	want = max(min(want, 0x1p128), -0x1p128)
	_, e := math.Frexp(want)
	return math.Abs(g-want) / math.Ldexp(1, max(e-24, -149))
}

// The vector functions have the bits of the scalar ones, over the whole range, and for every length and alignment.
func TestFunctionsAreEqualOnEachPath(t *testing.T) {
	rows := map[string]func(o, x []float32){
		"exp": func(o, x []float32) { expShift(o, x, 0) }, "sigmoid": sigmoidRow, "tanh": tanhRow,
	}
	x, got := make([]float32, 4096+37), make([]float32, 4096+37)
	onEachPath(t, func(t *testing.T) {
		for _, f := range functions32 {
			for b := uint64(0); b < 1<<32; b += 2003 * uint64(len(x)) {
				for j := range x {
					x[j] = math.Float32frombits(uint32(b) + uint32(2003*j))
				}
				rows[f.name](got, x)
				for j, v := range x {
					if want := f.fast(v); math.Float32bits(want) != math.Float32bits(got[j]) && want == want {
						t.Fatalf("%s(%v): got %v, want %v", f.name, v, got[j], want)
					} else if want != want && got[j] == got[j] {
						t.Fatalf("%s(%v): got %v, want NaN", f.name, v, got[j])
					}
				}
			}
			for n := range 80 {
				out := view[float32](newSource(uint64(n)), 1, n)
				in := view[float32](newSource(uint64(n)+99), 1, n)
				rows[f.name](out.Row(0), in.Row(0))
				for j, v := range in.Row(0) {
					assert.Equal(t, f.fast(v), out.Row(0)[j], "%s, length %d", f.name, n)
				}
				unharmed(t, out, in)
			}
		}
	})
}

func TestSpecialValues(t *testing.T) {
	onEachPath(t, specialValues)
}

func specialValues(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	zero := math.Copysign(0, -1)
	cases := []struct {
		name string
		f32  func(out, x Mat[float32])
		f64  func(out, x Mat[float64])
		x, y []float64
	}{
		{
			"Exp", Exp[float32], Exp[float64],
			[]float64{0, zero, inf, -inf, nan, 800, -800, math.MaxFloat32, -math.MaxFloat32},
			[]float64{1, 1, inf, 0, nan, inf, 0, inf, 0},
		},
		{
			"Sigmoid", Sigmoid[float32], Sigmoid[float64],
			[]float64{0, zero, inf, -inf, nan, 800, -800},
			[]float64{.5, .5, 1, 0, nan, 1, 0},
		},
		{
			"Tanh", Tanh[float32], Tanh[float64],
			[]float64{0, zero, inf, -inf, nan, 800, -800, 0x1p-149, -0x1p-140},
			[]float64{0, zero, 1, -1, nan, 1, -1, 0x1p-149, -0x1p-140},
		},
		{"ReLU", ReLU[float32], ReLU[float64], []float64{2, -3, zero, inf, -inf, nan}, []float64{2, 0, 0, inf, 0, nan}},
		{"Log", Log[float32], Log[float64], []float64{1, 0, inf, -1, nan}, []float64{0, -inf, inf, nan, nan}},
		{"Sqrt", Sqrt[float32], Sqrt[float64], []float64{4, 0, inf, -1, nan}, []float64{2, 0, inf, nan, nan}},
		{"Abs", Abs[float32], Abs[float64], []float64{-4, zero, -inf, nan}, []float64{4, 0, inf, nan}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			x32, y32 := row[float32](c.x), row[float32](c.y)
			c.f32(x32, x32)
			same(t, y32, x32, "float32")
			x64, y64 := row[float64](c.x), row[float64](c.y)
			c.f64(x64, x64)
			same(t, y64, x64, "float64")
		})
	}
}

// row returns the matrix [1, n] of v.
func row[F Float](v []float64) Mat[F] {
	return from[F](1, len(v), func(_, j int) float64 { return v[j] })
}

// Underflow is gradual: e^x and σ(x) near -100 are denormal float32 numbers, not 0.
func TestGradualUnderflow(t *testing.T) {
	for _, f := range functions32[:2] {
		for x := float32(-87); x > -103; x-- {
			assert.NotZero(t, f.fast(x), "%s(%v)", f.name, x)
		}
		assert.Zero(t, f.fast(-104), f.name)
	}
}

func BenchmarkFunctions(b *testing.B) {
	x := view[float32](newSource(1), 32, 512)
	out := NewMat[float32](32, 512)
	for _, f := range []struct {
		name string
		run  func(out, x Mat[float32])
	}{{"Exp", Exp[float32]}, {"Sigmoid", Sigmoid[float32]}, {"Tanh", Tanh[float32]}} {
		b.Run(f.name, func(b *testing.B) {
			for b.Loop() {
				f.run(out, x)
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/(32*512), "ns/element")
		})
	}
}
