package cells_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/graph/gradcheck"
)

// TestImageEncoder: the gradients of the whole encoder are central differences,
// its maps have the size that it says, and every parameter its path.
func TestImageEncoder(t *testing.T) {
	for name, c := range map[string]struct {
		cells.ImageEncoder
		h, w  int
		paths []string
	}{
		"one block": {cells.ImageEncoder{In: 3, Blocks: []int{4}}, 4, 5, []string{"net/block0/conv0/W", "net/block0/conv0/b"}},
		"norm, two convolutions": {cells.ImageEncoder{In: 1, Blocks: []int{3, 4}, Convs: 2, Norm: true}, 7, 5, []string{
			"net/block0/conv0/W", "net/block0/conv0/b", "net/block0/conv1/W", "net/block0/conv1/b",
			"net/block0/norm0/bias", "net/block0/norm0/gain", "net/block0/norm1/bias", "net/block0/norm1/gain",
			"net/block1/conv0/W", "net/block1/conv0/b", "net/block1/conv1/W", "net/block1/conv1/b",
			"net/block1/norm0/bias", "net/block1/norm0/gain", "net/block1/norm1/bias", "net/block1/norm1/gain",
		}},
		"more blocks than halves": {cells.ImageEncoder{In: 2, Blocks: []int{3, 3, 3}, Norm: true}, 1, 3, nil},
		"no block":                {cells.ImageEncoder{In: 2}, 2, 3, nil},
	} {
		t.Run(name, func(t *testing.T) {
			params := graph.NewParams64(5)
			key := graph.Key{B: 2, Train: true}
			formula := func(g *graph.Builder) {
				x := g.Add(g.Input("x", 2, c.h, c.w, c.In), g.Param("shift", graph.Normal(0.3), c.In))
				y := c.Bind(g.Scope("net"))(x)
				h, w := c.Size(c.h, c.w)
				assert.Equal(t, []int{2, h, w, c.Out()}, g.Shape(y))
				g.Minimise("loss", g.SumAll(g.Mul(g.Tanh(y), g.Input("weights", g.Shape(y)...))))
			}
			set := func(p *graph.Program) error {
				if err := p.SetFloat64s("weights", waves(size(p.Shape("weights")), 2)); err != nil {
					return err
				}
				return p.SetFloat64s("x", waves(size(p.Shape("x")), 1))
			}
			require.NoError(t, gradcheck.Check(params, key, formula, gradcheck.Options{Set: set}))
			if c.paths != nil {
				var paths []string
				for _, p := range params.All() {
					if p.Path() != "shift" {
						paths = append(paths, p.Path())
					}
				}
				assert.ElementsMatch(t, c.paths, paths)
			}
		})
	}
}

func size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// TestImageEncoderErrors: pictures of other channels are an error with its path.
func TestImageEncoderErrors(t *testing.T) {
	_, err := graph.Build(graph.NewParams(1), graph.Key{B: 1}, func(g *graph.Builder) {
		g.Output("y", cells.ImageEncoder{In: 3, Blocks: []int{4}}.Bind(g.Scope("net"))(g.Input("x", 1, 8, 8, 1)))
	})
	require.Error(t, err)
	assert.Equal(t, "graph: net/block0/conv0: Conv2D: shapes [1 8 8 1] and [3 3 3 4] do not agree: weights for 3 channels, pictures of 1", err.Error())
}

// A convolution of the whole picture is a dense layer over all its numbers.
func TestConv2DOfTheWholePicture(t *testing.T) {
	params := graph.NewParams64(1)
	conv := cells.Conv2D{In: 2, Out: 5, Window: graph.Window{Size: [2]int{3, 4}}}
	p, err := graph.Build(params, graph.Key{B: 1}, func(g *graph.Builder) {
		g.Output("conv", conv.Bind(g.Scope("conv"))(g.Input("picture", 1, 3, 4, 2)))
		g.Output("dense", cells.Dense{In: 24, Out: 5}.Bind(g.Scope("dense"))(g.Input("numbers", 1, 24)))
	})
	require.NoError(t, err)
	require.NoError(t, params.Set("dense/W", params.Get("conv/W").Values()))
	for _, name := range []string{"picture", "numbers"} {
		require.NoError(t, p.SetFloat64s(name, waves(24, 3)))
	}
	require.NoError(t, p.Run())
	assert.InDeltaSlice(t, output(t, p, "dense"), output(t, p, "conv"), 1e-14)
}
