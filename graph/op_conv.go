package graph

import (
	"fmt"

	"github.com/unroll-go/unroll/internal/kernel"
)

// Conv2D is the convolution, in the sense of networks a correlation (LeCun et al.
// 1989), of pictures with F kernels at all places of the window:
//
//	y[b, i, j, f] = bias[f] + Σ_{u,v,c} x[b, i·s - p + u, j·s - p + v, c]·W[u, v, c, f]
//
// x [B, H, W, C], W [KH, KW, C, F], bias [F] or nil, giving [B, OH, OW, F]; x is
// 0 in the padding. The layout is Keras's; PyTorch has the axes of x as
// [B, C, H, W] and those of W as [F, C, KH, KW]. Derivatives of any order exist.
func (g *Builder) Conv2D(x, W, bias *Node, w Window) *Node {
	v := g.of[W]
	if v == nil || g.err != nil {
		return g.apply(conv{}, x, W)
	}
	if len(v.shape) != 4 || v.ids {
		g.Fail(shapeError("Conv2D", []*value{v}, "weights [KH, KW, C, F] are needed"))
		return g.bad
	}
	size := [2]int{v.shape[0], v.shape[1]}
	if w.Size != [2]int{} && w.Size != size {
		g.Fail(fmt.Errorf("Conv2D: a window of %v, but weights of %v", w.Size, size))
		return g.bad
	}
	w.Size = size
	k := conv{w: w.strides(false)}
	if bias == nil {
		return g.apply(k, x, W)
	}
	return g.apply(k, x, W, bias)
}

// conv is the convolution. Operands: x, W and maybe a bias. It is bilinear in x
// and W: it and its two gradients below are each other's derivatives.
type conv struct {
	apart
	w Window
}

func (conv) name() string             { return "Conv2D" }
func (k conv) run32(c *call[float32]) { runConv(k, c) }
func (k conv) run64(c *call[float64]) { runConv(k, c) }

func (k conv) infer(in []*value) ([]int, bool, error) {
	if err := k.w.pictures(k.name(), in); err != nil {
		return nil, false, err
	}
	x, W := in[0].shape, in[1].shape
	if W[2] != x[3] {
		return nil, false, shapeError(k.name(), in[:2], "weights for %d channels, pictures of %d", W[2], x[3])
	}
	if len(in) == 3 && !sameShape(in[2].shape, W[3:]) {
		return nil, false, shapeError(k.name(), in, "a bias [%d] is needed", W[3])
	}
	return k.w.result(x, W[3]), false, nil
}

func (k conv) diff(g *Builder, v *value, dy *Node) []term {
	x, W := v.in[0], v.in[1]
	terms := []term{
		wholeTerm(g.apply(convInput{w: k.w, x: shapeKey(x.shape)}, dy, W.node)),
		wholeTerm(g.apply(convWeights{w: k.w}, x.node, dy)),
	}
	if len(v.in) == 3 {
		terms = append(terms, sumRowsTerm(dy))
	}
	return terms
}

func runConv[F kernel.Float](k conv, c *call[F]) {
	var bias kernel.Mat[F]
	if len(c.in) == 3 {
		bias = c.in[2]
	}
	kernel.Conv(c.out, c.in[0], c.in[1], bias, k.w.on(c.v.in[0].shape), c.first, c.patches(c.in[1].Rows))
}

// patches is scratch memory for blocks of patches of K columns, made by the first
// run.
func (c *call[F]) patches(K int) []F {
	if c.scratch[0].Data == nil {
		c.scratch[0] = kernel.NewMat[F](1, kernel.PatchScratch(K))
	}
	return c.scratch[0].Data
}

// convInput is the gradient of conv in x. Operands: dy, W.
type convInput struct {
	apart
	w Window
	x shapeID
}

func (convInput) name() string             { return "Conv2DInput" }
func (k convInput) run32(c *call[float32]) { runConvInput(k, c) }
func (k convInput) run64(c *call[float64]) { runConvInput(k, c) }

func (k convInput) infer([]*value) ([]int, bool, error) { return k.x.ints(), false, nil }

func (k convInput) diff(g *Builder, v *value, d *Node) []term {
	dy, W := v.in[0].node, v.in[1].node
	return []term{wholeTerm(g.apply(conv{w: k.w}, d, W)), wholeTerm(g.apply(convWeights{w: k.w}, d, dy))}
}

func runConvInput[F kernel.Float](k convInput, c *call[F]) {
	kernel.ConvInput(c.out, c.in[0], c.in[1], k.w.on(c.v.shape), c.first, c.patches(c.in[1].Rows))
}

// convWeights is the gradient of conv in W. Operands: x, dy.
type convWeights struct {
	apart
	w Window
}

func (convWeights) name() string             { return "Conv2DWeights" }
func (k convWeights) run32(c *call[float32]) { runConvWeights(k, c) }
func (k convWeights) run64(c *call[float64]) { runConvWeights(k, c) }

func (k convWeights) infer(in []*value) ([]int, bool, error) {
	return []int{k.w.Size[0], k.w.Size[1], in[0].cols(), in[1].cols()}, false, nil
}

func (k convWeights) diff(g *Builder, v *value, d *Node) []term {
	x, dy := v.in[0], v.in[1].node
	return []term{
		wholeTerm(g.apply(convInput{w: k.w, x: shapeKey(x.shape)}, dy, d)),
		wholeTerm(g.apply(conv{w: k.w}, x.node, d)),
	}
}

func runConvWeights[F kernel.Float](k convWeights, c *call[F]) {
	kernel.ConvWeights(c.out, c.in[0], c.in[1], k.w.on(c.v.in[0].shape), c.first, c.patches(c.v.rows()))
}
