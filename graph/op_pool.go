package graph

import "github.com/unroll-go/unroll/internal/kernel"

// MaxPool is the largest value of each channel in each window: x [B, H, W, C]
// gives [B, OH, OW, C]. A stride of 0 is the window's size, the padding at most
// half of it; padding is never the largest. Of equal values the first, in order
// of rows, has the gradient; derivatives of any order are of that choice.
func (g *Builder) MaxPool(x *Node, w Window) *Node {
	if w, ok := g.pooling("MaxPool", x, w); ok {
		return g.apply(maxPool{w: w}, x)
	}
	return g.bad
}

// MeanPool is the mean of each channel in each window, with the shapes of
// MaxPool. Padding counts as zeros, as PyTorch has it by default.
func (g *Builder) MeanPool(x *Node, w Window) *Node {
	if w, ok := g.pooling("MeanPool", x, w); ok {
		return g.apply(meanPool{w: w}, x)
	}
	return g.bad
}

// GlobalMaxPool is the largest value of each channel: [B, H, W, C] gives [B, C].
func (g *Builder) GlobalMaxPool(x *Node) *Node { return g.overPicture("GlobalMaxPool", x, g.MaxPool) }

// GlobalMeanPool is the mean of each channel: [B, H, W, C] gives [B, C].
func (g *Builder) GlobalMeanPool(x *Node) *Node {
	return g.overPicture("GlobalMeanPool", x, g.MeanPool)
}

// Positions is the positions of feature maps as the steps of a sequence, what
// attention reads of a picture: [B, H, W, C] gives [H·W, B, C].
func (g *Builder) Positions(x *Node) *Node {
	if x = g.known("Positions", x); g.err != nil {
		return g.bad
	}
	v := g.of[x]
	if len(v.shape) != 4 {
		g.Fail(shapeError("Positions", []*value{v}, "pictures [B, H, W, C] are needed"))
		return g.bad
	}
	return g.SwapAxes(g.cut(x, 0, []int{v.shape[0], v.shape[1] * v.shape[2], v.shape[3]}))
}

// overPicture pools with a window of the whole picture.
func (g *Builder) overPicture(name string, x *Node, pool func(*Node, Window) *Node) *Node {
	if x = g.known(name, x); g.err != nil {
		return g.bad
	}
	v := g.of[x]
	if len(v.shape) != 4 {
		g.Fail(shapeError(name, []*value{v}, "pictures [B, H, W, C] are needed"))
		return g.bad
	}
	y := pool(x, Window{Size: [2]int{v.shape[1], v.shape[2]}})
	if g.err != nil {
		return g.bad
	}
	return g.cut(y, 0, []int{v.shape[0], v.shape[3]})
}

// pooling checks the window of a pooling and gives it its strides.
func (g *Builder) pooling(name string, x *Node, w Window) (Window, bool) {
	if x = g.known(name, x); g.err != nil {
		return w, false
	}
	in := []*value{g.of[x]}
	w = w.strides(true)
	if err := w.pictures(name, in); err != nil {
		g.Fail(err)
		return w, false
	}
	for i, p := range w.Pad {
		if 2*p > w.Size[i] {
			g.Fail(shapeError(name, in, "a padding of %v is more than half a window of %v", w.Pad, w.Size))
			return w, false
		}
	}
	return w, true
}

// maxPool is the largest value of each window; pooling has checked it.
type maxPool struct {
	apart
	w Window
}

func (maxPool) name() string { return "MaxPool" }

func (k maxPool) infer(in []*value) ([]int, bool, error) {
	return k.w.result(in[0].shape, in[0].cols()), false, nil
}

func (k maxPool) diff(g *Builder, v *value, dy *Node) []term {
	return []term{wholeTerm(g.apply(maxPoolGrad{w: k.w}, dy, v.in[0].node))}
}

func (k maxPool) run32(c *call[float32]) {
	kernel.MaxPool(c.out, c.in[0], k.w.on(c.v.in[0].shape), c.first)
}

func (k maxPool) run64(c *call[float64]) {
	kernel.MaxPool(c.out, c.in[0], k.w.on(c.v.in[0].shape), c.first)
}

// maxPoolGrad is the gradient of maxPool. Operands: dy, x. It is linear in dy and
// does not change with x but where two values change places.
type maxPoolGrad struct {
	apart
	w Window
}

func (maxPoolGrad) name() string                           { return "MaxPoolGrad" }
func (maxPoolGrad) flows(i int) bool                       { return i == 0 }
func (maxPoolGrad) infer(in []*value) ([]int, bool, error) { return in[1].shape, false, nil }

func (k maxPoolGrad) diff(g *Builder, v *value, d *Node) []term {
	return []term{wholeTerm(g.apply(maxPick{w: k.w}, d, v.in[1].node)), {}}
}

func (k maxPoolGrad) run32(c *call[float32]) { runMaxPoolGrad(k, c) }
func (k maxPoolGrad) run64(c *call[float64]) { runMaxPoolGrad(k, c) }

func runMaxPoolGrad[F kernel.Float](k maxPoolGrad, c *call[F]) {
	kernel.MaxPoolGrad(c.out, c.in[0], c.in[1], k.w.on(c.v.in[1].shape), c.first)
}

// maxPick is the elements of a where x is largest. Operands: a, x.
type maxPick struct {
	apart
	w Window
}

func (maxPick) name() string     { return "MaxPick" }
func (maxPick) flows(i int) bool { return i == 0 }

func (k maxPick) infer(in []*value) ([]int, bool, error) { return maxPool{w: k.w}.infer(in) }

func (k maxPick) diff(g *Builder, v *value, dy *Node) []term {
	return []term{wholeTerm(g.apply(maxPoolGrad{w: k.w}, dy, v.in[1].node)), {}}
}

func (k maxPick) run32(c *call[float32]) { runMaxPick(k, c) }
func (k maxPick) run64(c *call[float64]) { runMaxPick(k, c) }

func runMaxPick[F kernel.Float](k maxPick, c *call[F]) {
	kernel.MaxPick(c.out, c.in[0], c.in[1], k.w.on(c.v.in[0].shape), c.first)
}

// meanPool is the mean of each window.
type meanPool struct {
	apart
	w Window
}

func (meanPool) name() string { return "MeanPool" }

func (k meanPool) infer(in []*value) ([]int, bool, error) { return maxPool{w: k.w}.infer(in) }

func (k meanPool) diff(g *Builder, v *value, dy *Node) []term {
	return []term{wholeTerm(g.apply(meanPoolGrad{w: k.w, x: shapeKey(v.in[0].shape)}, dy))}
}

func (k meanPool) run32(c *call[float32]) {
	kernel.MeanPool(c.out, c.in[0], k.w.on(c.v.in[0].shape), c.first)
}

func (k meanPool) run64(c *call[float64]) {
	kernel.MeanPool(c.out, c.in[0], k.w.on(c.v.in[0].shape), c.first)
}

// meanPoolGrad is the gradient of meanPool: each dy shared by its window.
type meanPoolGrad struct {
	apart
	w Window
	x shapeID
}

func (meanPoolGrad) name() string                          { return "MeanPoolGrad" }
func (k meanPoolGrad) infer([]*value) ([]int, bool, error) { return k.x.ints(), false, nil }

func (k meanPoolGrad) diff(g *Builder, _ *value, d *Node) []term {
	return []term{wholeTerm(g.apply(meanPool{w: k.w}, d))}
}

func (k meanPoolGrad) run32(c *call[float32]) { runMeanPoolGrad(k, c) }
func (k meanPoolGrad) run64(c *call[float64]) { runMeanPoolGrad(k, c) }

func runMeanPoolGrad[F kernel.Float](k meanPoolGrad, c *call[F]) {
	kernel.MeanPoolGrad(c.out, c.in[0], k.w.on(c.v.shape), c.first)
}
