package graph_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/graph"
)

// torchTensor is a tensor in PyTorch's layout.
type torchTensor struct {
	Shape  []int
	Values []float64
}

// torchPicture is a case of testdata/pictures.json; testdata/pictures.py makes
// and describes it.
type torchPicture struct {
	Name, Op                string
	Kernel, Stride, Padding [2]int
	Y                       torchTensor
	Grad                    map[string]torchTensor
}

// lastAxis is how a tensor of PyTorch's is laid out here: [B, C, H, W] as
// [B, H, W, C], [F, C, KH, KW] as [KH, KW, C, F].
func (x torchTensor) lastAxis(weights bool) (shape []int, values []float64) {
	if len(x.Shape) != 4 {
		return x.Shape, x.Values
	}
	order := []int{0, 2, 3, 1}
	if weights {
		order = []int{2, 3, 1, 0}
	}
	stride := []int{x.Shape[1] * x.Shape[2] * x.Shape[3], x.Shape[2] * x.Shape[3], x.Shape[3], 1}
	var at [4]int
	for _, o := range order {
		shape = append(shape, x.Shape[o])
	}
	values = make([]float64, len(x.Values))
	for k := range values {
		from, rest := 0, k
		for i := 3; i >= 0; i-- {
			at[i] = rest % shape[i]
			rest /= shape[i]
			from += at[i] * stride[order[i]]
		}
		values[k] = x.Values[from]
	}
	return shape, values
}

// filled is tensor number n of a shape by the formula of both sides.
func filled(n int, shape []int) torchTensor {
	size := 1
	for _, d := range shape {
		size *= d
	}
	x := torchTensor{shape, make([]float64, size)}
	for k := range x.Values {
		x.Values[k] = 0.5 * math.Cos(float64(388*n+130*k+7*k*k)/100)
	}
	return x
}

// formula is the case over the parameters x, weight and bias.
func (c torchPicture) formula(numbers map[string]int) func(g *graph.Builder) {
	return func(g *graph.Builder) {
		p := map[string]node{}
		for _, name := range []string{"x", "weight", "bias"} {
			if grad, ok := c.Grad[name]; ok {
				shape, _ := grad.lastAxis(name == "weight")
				p[name] = g.Param(name, graph.Zeros, shape...)
			}
		}
		w := graph.Window{Size: c.Kernel, Stride: c.Stride, Pad: c.Padding}
		var y node
		switch c.Op {
		case "conv":
			y = g.Conv2D(p["x"], p["weight"], p["bias"], w)
		case "max":
			y = g.MaxPool(p["x"], w)
		case "mean":
			y = g.MeanPool(p["x"], w)
		}
		g.Output("y", y)
		g.Minimise("loss", g.SumAll(g.Mul(y, g.Input("wy", g.Shape(y)...))))
	}
}

// Convolution and pooling and their gradients are PyTorch's.
func TestPicturesAreAsInPyTorch(t *testing.T) {
	text, err := os.ReadFile("testdata/pictures.json")
	require.NoError(t, err)
	var all struct {
		Numbers map[string]int
		Cases   []torchPicture
	}
	require.NoError(t, json.Unmarshal(text, &all))
	require.Len(t, all.Cases, 11)
	for _, c := range all.Cases {
		for _, ps := range []*graph.Params{graph.NewParams64(1), graph.NewParams(1)} {
			tol := map[bool]float64{true: 1e-12, false: 1e-5}[ps.Dtype() == graph.Float64]
			t.Run(c.Name, func(t *testing.T) { c.compare(t, ps, all.Numbers, tol) })
		}
	}
}

func (c torchPicture) compare(t *testing.T, ps *graph.Params, numbers map[string]int, tol float64) {
	p, err := graph.Build(ps, graph.Key{Train: true}, c.formula(numbers))
	require.NoError(t, err)
	for name, grad := range c.Grad {
		_, values := filled(numbers[name], grad.Shape).lastAxis(name == "weight")
		require.NoError(t, ps.Set(name, values))
	}
	_, wy := filled(numbers["wy"], c.Y.Shape).lastAxis(false)
	require.NoError(t, p.SetFloat64s("wy", wy))
	require.NoError(t, p.Run())
	got, err := p.Float64s("y")
	require.NoError(t, err)
	shape, want := c.Y.lastAxis(false)
	assert.Equal(t, shape, p.Shape("y"))
	closeTo(t, "y", want, got, tol)
	for name, grad := range c.Grad {
		_, want := grad.lastAxis(name == "weight")
		closeTo(t, "gradient of "+name, want, ps.Get(name).Grads(), tol)
	}
}

// closeTo compares tensors relative to the length of what is wanted.
func closeTo(t *testing.T, name string, want, got []float64, tol float64) {
	t.Helper()
	require.Len(t, got, len(want), name)
	var off, length float64
	for i, w := range want {
		off += (got[i] - w) * (got[i] - w)
		length += w * w
	}
	require.NotZero(t, length, name)
	assert.LessOrEqual(t, math.Sqrt(off/length), tol, name)
}

// Of equal values the first has the gradient; a NaN spoils its window alone, and
// padding is never the largest.
func TestMaxPoolOfEqualsAndNaN(t *testing.T) {
	ps := graph.NewParams64(1)
	p, err := graph.Build(ps, graph.Key{Train: true}, func(g *graph.Builder) {
		y := g.MaxPool(g.Param("x", graph.Constant(-1), 1, 2, 4, 1), graph.Window{Size: [2]int{2, 2}, Pad: [2]int{1, 0}})
		g.Output("y", y)
		g.Minimise("loss", g.SumAll(y))
	})
	require.NoError(t, err)
	require.NoError(t, ps.Set("x", []float64{-1, -1, -2, math.NaN(), -3, -3, -5, -4}))
	require.NoError(t, p.Run())
	y, err := p.Float64s("y")
	require.NoError(t, err)
	assert.Equal(t, []float64{-1, -3, -4}, []float64{y[0], y[2], y[3]})
	assert.True(t, math.IsNaN(y[1]))
	assert.Equal(t, []float64{1, 0, 0, 1, 1, 0, 0, 1}, ps.Get("x").Grads())
}

// What cannot be a picture, a kernel or a window is said with the shapes.
func TestPicturesRefuseWhatDoesNotFit(t *testing.T) {
	type b = *graph.Builder
	type pair = [2]int
	x := func(g b) node { return g.Input("x", 2, 5, 6, 3) }
	W := func(g b, shape ...int) node { return g.Param("W", graph.Zeros, shape...) }
	for want, f := range map[string]func(g b) node{
		"graph: Conv2D: shapes [2 5 6 3] and [3 3 4 8] do not agree: weights for 4 channels, pictures of 3": func(g b) node {
			return g.Conv2D(x(g), W(g, 3, 3, 4, 8), nil, graph.Window{})
		},
		"graph: Conv2D: shape [9 8]: weights [KH, KW, C, F] are needed": func(g b) node {
			return g.Conv2D(x(g), W(g, 9, 8), nil, graph.Window{})
		},
		"graph: Conv2D: shape [4 3]: pictures [B, H, W, C] are needed": func(g b) node {
			return g.Conv2D(g.Input("m", 4, 3), W(g, 3, 3, 3, 8), nil, graph.Window{})
		},
		"graph: Conv2D: shapes [2 5 6 3], [3 3 3 8] and [3] do not agree: a bias [8] is needed": func(g b) node {
			return g.Conv2D(x(g), W(g, 3, 3, 3, 8), g.Input("b", 3), graph.Window{})
		},
		"graph: Conv2D: shape [2 5 6 3]: a window of 7 rows does not fit in 5 with a padding of 0": func(g b) node {
			return g.Conv2D(x(g), W(g, 7, 3, 3, 8), nil, graph.Window{})
		},
		"graph: Conv2D: shape [2 5 6 3]: a stride of -1 columns: at least 1 is needed": func(g b) node {
			return g.Conv2D(x(g), W(g, 3, 3, 3, 8), nil, graph.Window{Stride: pair{1, -1}})
		},
		"graph: Conv2D: shape [2 5 6 3]: a padding of 3 rows: from 0 to below the window's 3": func(g b) node {
			return g.Conv2D(x(g), W(g, 3, 3, 3, 8), nil, graph.Window{Pad: pair{3, 0}})
		},
		"graph: Conv2D: a window of [2 2], but weights of [3 3]": func(g b) node {
			return g.Conv2D(x(g), W(g, 3, 3, 3, 8), nil, graph.Window{Size: pair{2, 2}})
		},
		"graph: Conv2D: operand 0 is not a node of this builder": func(g b) node {
			return g.Conv2D(nil, W(g, 3, 3, 3, 8), nil, graph.Window{})
		},
		"graph: MaxPool: shape [2 5 6 3]: a window of 0 rows: at least 1 is needed": func(g b) node {
			return g.MaxPool(x(g), graph.Window{})
		},
		"graph: MaxPool: shape [2 5 6 3]: a padding of [2 0] is more than half a window of [3 3]": func(g b) node {
			return g.MaxPool(x(g), graph.Window{Size: pair{3, 3}, Pad: pair{2, 0}})
		},
		"graph: MeanPool: shape [2 5 6 3]: a window of 7 columns does not fit in 6 with a padding of 0": func(g b) node {
			return g.MeanPool(x(g), graph.Window{Size: pair{2, 7}})
		},
		"graph: MeanPool: shape [4 3]: pictures [B, H, W, C] are needed": func(g b) node {
			return g.MeanPool(g.Input("m", 4, 3), graph.Window{Size: pair{2, 2}})
		},
		"graph: MeanPool: operand 0 is not a node of this builder": func(g b) node {
			return g.MeanPool(nil, graph.Window{Size: pair{2, 2}})
		},
		"graph: GlobalMeanPool: shape [4 3]: pictures [B, H, W, C] are needed": func(g b) node {
			return g.GlobalMeanPool(g.Input("m", 4, 3))
		},
		"graph: Positions: shape [4 3]: pictures [B, H, W, C] are needed": func(g b) node {
			return g.Positions(g.Input("m", 4, 3))
		},
		"graph: MaxPool: shape [2]: operand 0 holds ids, floats are needed": func(g b) node {
			return g.MaxPool(g.IDs("i", 2), graph.Window{Size: pair{2, 2}})
		},
	} {
		_, err := graph.Build(graph.NewParams(1), graph.Key{}, func(g b) { g.Output("y", f(g)) })
		require.Error(t, err, want)
		assert.Equal(t, want, err.Error())
	}
}
