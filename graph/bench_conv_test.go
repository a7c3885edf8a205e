package graph

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// convCase is a convolution of B pictures of side n from C to F channels by 3 x 3
// kernels with padding 1.
type convCase struct{ B, n, C, F int }

func convCases() []convCase {
	return []convCase{{32, 32, 3, 32}, {32, 32, 32, 32}, {32, 16, 32, 64}, {32, 8, 64, 128}, {1, 32, 32, 32}}
}

// conv is the convolution; with input it has a gradient in the pictures too.
func (c convCase) conv(input bool) func(g *Builder) {
	return func(g *Builder) {
		x := g.Input("x", c.B, c.n, c.n, c.C)
		if input {
			x = g.Add(x, g.Param("add", Zeros, c.C))
		}
		W := g.Param("W", Glorot, 3, 3, c.C, c.F)
		c.loss(g, g.Conv2D(x, W, nil, Window{Pad: [2]int{1, 1}}), c.B, c.n, c.n, c.F)
	}
}

// product is a matrix product of as many operations: that with ready patches.
func (c convCase) product(input bool) func(g *Builder) {
	return func(g *Builder) {
		x := g.Input("x", c.B*c.n*c.n, 9*c.C)
		if input {
			x = g.Add(x, g.Param("add", Zeros, 9*c.C))
		}
		c.loss(g, g.MatMul(x, g.Param("W", Glorot, 9*c.C, c.F)), c.B*c.n*c.n, c.F)
	}
}

// loss makes y an output or, in training, gives it a gradient that is an input.
func (c convCase) loss(g *Builder, y *Node, shape ...int) {
	if !g.Train {
		g.Output("y", y)
		return
	}
	W, add := g.bound["W"].node, g.bound["add"]
	wrt := []*Node{W}
	if add != nil {
		wrt = append(wrt, g.of[y].in[0].node)
	}
	for i, d := range g.Grad([]*Node{y}, []*Node{g.Input("dy", shape...)}, wrt) {
		g.Output(fmt.Sprintf("d%d", i), d)
	}
}

// BenchmarkConv is a convolution and its gradients beside the
// product of ready patches with the weights and its: the same
// floating-point operations, on one processor.
func BenchmarkConv(b *testing.B) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, c := range convCases() {
		for _, train := range []bool{false, true} {
			pass := map[bool]string{false: "forward", true: "backward"}[train]
			for name, f := range map[string]func(g *Builder){"conv": c.conv(train), "product": c.product(train)} {
				b.Run(fmt.Sprintf("%dx%dx%dx%d-%d/%s/%s", c.B, c.n, c.n, c.C, c.F, pass, name), func(b *testing.B) {
					p, err := Build(NewParams(1), Key{Train: train}, f)
					require.NoError(b, err)
					fillInputs(p, 1)
					b.ReportAllocs()
					for b.Loop() {
						if err := p.Run(); err != nil {
							b.Fatal(err)
						}
					}
					b.ReportMetric(p.Plan().Flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
				})
			}
		}
	}
}
