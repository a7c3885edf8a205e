package graph

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// smallCNN is a classifier of pictures with all that convolution and pooling
// offer: its blocks meet at joined channels and at the positions of the maps.
func smallCNN(channels int) func(g *Builder) {
	return func(g *Builder) {
		x := g.Input("x", g.B, 9, 7, 3)
		conv := func(name string, x *Node, F int, w Window) *Node {
			g := g.Scope(name)
			C := g.of[x].cols()
			return g.ReLU(g.Conv2D(x, g.Param("W", Glorot, 3, 3, C, F), g.Param("b", Zeros, F), w))
		}
		same := Window{Pad: [2]int{1, 1}}
		a := conv("a", x, channels, same)
		b := g.MeanPool(conv("b", x, channels, same), Window{Size: [2]int{3, 3}, Stride: [2]int{1, 1}, Pad: [2]int{1, 1}})
		h := g.MaxPool(g.Concat(a, b), Window{Size: [2]int{2, 2}})
		h = conv("c", h, channels, Window{Stride: [2]int{2, 1}, Pad: [2]int{2, 1}})
		g.Output("positions", g.Positions(h))
		y := g.Concat(g.GlobalMaxPool(h), g.GlobalMeanPool(h))
		g.Minimise("loss", g.CrossEntropy(g.MatMul(y, g.Param("out", Glorot, 2*channels, 5)), g.IDs("y", g.B)))
	}
}

// Any number of workers computes, bit for bit, what the formula of a
// convolutional network says, with fewer pictures than workers too.
func TestTeamsComputeConvolutions(t *testing.T) {
	for _, n := range []int{1, 2, 3, 7} {
		withProcessors(n, func() {
			for _, key := range []Key{{B: 5, Train: true}, {B: 2, Train: true}, {B: 3}} {
				p, err := Build(NewParams64(7), key, smallCNN(4))
				require.NoError(t, err)
				enlarge(p)
				fillInputs(p, 1)
				for range 2 {
					require.NoError(t, runAgainst(p), "%+v, %d workers", key, n)
				}
			}
		})
	}
}

// The same bits in float32, over several blocks of patches; nothing is allocated
// once all memory is there.
func TestConvolutionsGiveTheSameBits(t *testing.T) {
	const B = 23
	var want []float64
	for _, n := range []int{1, 2, 3, 7} {
		withProcessors(n, func() {
			ps := NewParams(3)
			p, err := Build(ps, Key{B: B, Train: true}, smallCNN(32))
			require.NoError(t, err)
			enlarge(p)
			fillInputs(p, 1)
			var got []float64
			for range 3 {
				require.NoError(t, p.Run())
				require.NoError(t, ps.Update(func(q *Param) error {
					for i, d := range q.Grad32s() {
						q.Float32s()[i] -= 0.1 * d
					}
					return nil
				}))
			}
			for _, q := range ps.All() {
				got = append(got, q.Values()...)
			}
			if want == nil {
				want = got
				assert.Zero(t, testing.AllocsPerRun(20, func() { _ = p.Run() }))
			}
			assert.Equal(t, want, got, "%d workers", n)
		})
	}
}

// A plan counts the floating-point operations of convolutions.
func TestPlanCountsConvolutions(t *testing.T) {
	p, err := Build(NewParams(1), Key{Train: true}, func(g *Builder) {
		y := g.Conv2D(g.Param("x", Zeros, 2, 8, 8, 3), g.Param("W", Zeros, 3, 3, 3, 4), nil, Window{Pad: [2]int{1, 1}})
		g.Minimise("loss", g.SumAll(y))
	})
	require.NoError(t, err)
	assert.Equal(t, 3, p.Plan().Products)
	assert.Equal(t, 3*2*float64(2*8*8*4*27), p.Plan().Flops)
	assert.Contains(t, p.Explain(), "Conv2DWeights")
}
