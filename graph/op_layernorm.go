package graph

import (
	"fmt"
	"math"

	"github.com/unroll-go/unroll/internal/kernel"
)

// LayerNorm is x̂⊙gain + bias with x̂ = (x - μ)/√(σ² + eps), μ and σ² the mean and
// the variance of each row (Ba, Kiros and Hinton 2016,
// https://arxiv.org/abs/1607.06450): x [.., N], gain [N] and bias [N] give
// [.., N]. As in PyTorch σ² is divided by N, not N-1; its eps is 1e-5. A nil
// gain stands for ones, a nil bias for zeros. Derivatives of any order exist.
func (g *Builder) LayerNorm(x, gain, bias *Node, eps float64) *Node {
	if !(eps > 0 && eps <= math.MaxFloat32) {
		g.Fail(fmt.Errorf("LayerNorm: eps must be positive and finite, got %v", eps))
		return g.bad
	}
	m := g.apply(moments{eps: eps}, g.known("LayerNorm", x))
	if g.err != nil {
		return g.bad
	}
	if gain == nil {
		gain = g.Const(1, g.of[x].cols())
	}
	if bias == nil {
		bias = g.Const(0, g.of[x].cols())
	}
	return g.apply(layerNorm{}, x, m, gain, bias)
}

// moments are, for each row, its mean μ and ρ = 1/√(σ² + eps): [.., N] gives
// [.., 2].
type moments struct {
	apart
	eps float64
}

func (moments) name() string { return "Moments" }

func (k moments) infer(in []*value) ([]int, bool, error) {
	if len(in[0].shape) == 0 {
		return nil, false, shapeError("LayerNorm", in, "there is no last axis")
	}
	return withCols(in[0].shape, 2), false, floats("LayerNorm", in)
}

// diff: dμ/dx = 1/N, dρ/dx = -ρ²·x̂/N.
func (moments) diff(g *Builder, v *value, d *Node) []term {
	n := g.normalOf(v.in[0].node, v.node)
	dm, dr := g.Cols(d, 0, 1), g.Cols(d, 1, 2)
	dx := g.Sub(dm, g.Mul(n.hat, g.Mul(dr, g.Square(n.rho))))
	return []term{wholeTerm(g.Scale(dx, 1/float64(v.in[0].cols())))}
}

func (k moments) run32(c *call[float32]) { kernel.Moments(c.out, c.in[0], k.eps) }
func (k moments) run64(c *call[float64]) { kernel.Moments(c.out, c.in[0], k.eps) }

// layerNorm is x̂⊙gain + bias. Operands: x, its moments, gain, bias. Here and in
// the two kinds below the moments only save work: they are no variables of
// their own, their part of a gradient is in that of x.
type layerNorm struct{}

func (layerNorm) name() string                 { return "LayerNorm" }
func (layerNorm) flows(i int) bool             { return i != 1 }
func (layerNorm) inPlace(_ *value, i int) bool { return i == 0 }

func (k layerNorm) infer(in []*value) ([]int, bool, error) {
	N := in[0].cols()
	for _, v := range in[2:] {
		if !sameShape(v.shape, []int{N}) {
			return nil, false, shapeError(k.name(), []*value{in[0], in[2], in[3]}, "a gain [%d] and a bias [%d] are needed", N, N)
		}
	}
	return in[0].shape, false, floats(k.name(), in)
}

func (layerNorm) diff(g *Builder, v *value, dy *Node) []term {
	x, m, gain := v.in[0].node, v.in[1].node, v.in[2].node
	dx := g.apply(layerNormGrad{}, dy, x, m, gain)
	return []term{wholeTerm(dx), {}, g.shrink(g.apply(timesNormal{}, dy, x, m), v.in[2]), g.shrink(dy, v.in[3])}
}

func (layerNorm) run32(c *call[float32]) { kernel.LayerNorm(c.out, c.in[0], c.in[1], c.in[2], c.in[3]) }

func (layerNorm) run64(c *call[float64]) { kernel.LayerNorm(c.out, c.in[0], c.in[1], c.in[2], c.in[3]) }

// layerNormGrad is the gradient of layerNorm in x: with P(a) = ρ·(a - mean(a) -
// x̂·mean(a⊙x̂)) for each row, it is P(dy⊙gain). Operands: dy, x, its moments,
// gain.
type layerNormGrad struct{}

func (layerNormGrad) name() string                           { return "LayerNormGrad" }
func (layerNormGrad) flows(i int) bool                       { return i != 2 }
func (layerNormGrad) inPlace(_ *value, i int) bool           { return i == 0 }
func (layerNormGrad) infer(in []*value) ([]int, bool, error) { return in[1].shape, false, nil }
func (layerNormGrad) run32(c *call[float32])                 { runLayerNormGrad(c) }
func (layerNormGrad) run64(c *call[float64])                 { runLayerNormGrad(c) }

func runLayerNormGrad[F kernel.Float](c *call[F]) {
	kernel.LayerNormGrad(c.out, c.in[0], c.in[1], c.in[2], c.in[3])
}

// diff: P is linear and its own transpose, which leaves dy and gain; it depends
// on x through ρ and, twice, through x̂, whose gradient goes to x by P again.
func (layerNormGrad) diff(g *Builder, v *value, d *Node) []term {
	dy, x, m, gain := v.in[0].node, v.in[1].node, v.in[2].node, v.in[3]
	n := g.normalOf(x, m)
	down := n.project(d)
	a := g.Mul(dy, gain.node)
	hat := g.Mul(n.rho, g.Add(g.Mul(d, g.meanCols(g.Mul(a, n.hat))), g.Mul(a, g.meanCols(g.Mul(d, n.hat)))))
	rho := g.Mul(g.Mul(n.hat, n.rho), g.meanCols(g.Mul(d, v.node)))
	dx := g.Neg(g.Add(n.project(hat), rho))
	return []term{wholeTerm(g.Mul(down, gain.node)), wholeTerm(dx), {}, g.shrink(g.Mul(down, dy), gain)}
}

// timesNormal is a⊙x̂. Operands: a, x, its moments.
type timesNormal struct{}

func (timesNormal) name() string                           { return "TimesNormal" }
func (timesNormal) flows(i int) bool                       { return i != 2 }
func (timesNormal) inPlace(_ *value, i int) bool           { return i < 2 }
func (timesNormal) infer(in []*value) ([]int, bool, error) { return in[0].shape, false, nil }
func (timesNormal) run32(c *call[float32])                 { kernel.TimesNormal(c.out, c.in[0], c.in[1], c.in[2]) }

func (timesNormal) run64(c *call[float64]) { kernel.TimesNormal(c.out, c.in[0], c.in[1], c.in[2]) }

func (timesNormal) diff(g *Builder, v *value, d *Node) []term {
	a, n := v.in[0].node, g.normalOf(v.in[1].node, v.in[2].node)
	return []term{wholeTerm(g.Mul(d, n.hat)), wholeTerm(n.project(g.Mul(d, a))), {}}
}

// normalised is a tensor and what derivatives of higher order need of it.
type normalised struct {
	g    *Builder
	x, m *Node
	hat  *Node // x̂ [.., N]
	rho  *Node // ρ [.., 1]
}

func (g *Builder) normalOf(x, m *Node) normalised {
	rho := g.Cols(m, 1, 2)
	return normalised{g, x, m, g.Mul(g.Sub(x, g.Cols(m, 0, 1)), rho), rho}
}

// project is P(a) of layerNormGrad.
func (n normalised) project(a *Node) *Node {
	return n.g.apply(layerNormGrad{}, a, n.x, n.m, n.g.Const(1, n.g.of[n.x].cols()))
}

// meanCols is the mean over the columns: [.., N] gives [.., 1].
func (g *Builder) meanCols(x *Node) *Node {
	v := g.of[x]
	if v == nil {
		return g.SumCols(x)
	}
	return g.Scale(g.SumCols(x), 1/float64(v.cols()))
}
