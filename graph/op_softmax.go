package graph

import (
	"fmt"

	"github.com/unroll-go/unroll/internal/kernel"
)

// Softmax is exp(x)/sum(exp(x)) over the last axis, computed without overflow.
func (g *Builder) Softmax(x *Node) *Node { return g.apply(softmax{}, x) }

// LogSoftmax is the logarithm of Softmax, computed without overflow.
func (g *Builder) LogSoftmax(x *Node) *Node { return g.apply(softmax{log: true}, x) }

// CrossEntropy is the mean of -log softmax(logits)[target] in nats: logits
// [.., V] and ids [..] give a scalar. A target outside [0, V) is an error of
// the run.
func (g *Builder) CrossEntropy(logits, target *Node) *Node {
	return g.Mean(g.CrossEntropies(logits, target))
}

// WeightedCrossEntropy is the weighted mean of the cross entropies in nats:
// logits [.., V], ids [..] and as many weights as there are ids give a scalar.
// The weighted sum is divided by the sum of the weights, which must not be 0.
// Weight 0 leaves a target out.
func (g *Builder) WeightedCrossEntropy(logits, target, weights *Node) *Node {
	if t, w := g.of[target], g.of[weights]; t != nil && w != nil && size(t.shape) != size(w.shape) {
		g.Fail(shapeError("WeightedCrossEntropy", []*value{t, w}, "as many weights as targets are needed"))
		return g.bad
	}
	w := g.column(weights)
	return g.Div(g.SumAll(g.Mul(g.CrossEntropies(logits, target), w)), g.SumAll(w))
}

// CrossEntropies is -log softmax(logits)[target] for each target, in nats:
// logits [.., V] and ids [..] give [.., 1].
func (g *Builder) CrossEntropies(logits, target *Node) *Node {
	return g.crossEntropies(crossEntropy{}, logits, target)
}

// SmoothCrossEntropies is CrossEntropies with smoothed labels (Szegedy et al.
// 2016): a part of each target is spread over all V classes,
//
//	(1-smoothing)·-log p[target] + smoothing·mean over the classes of -log p
//
// in nats: logits [.., V] and ids [..] give [.., 1]. It takes no more memory than
// CrossEntropies. The smoothing is in [0, 1).
func (g *Builder) SmoothCrossEntropies(logits, target *Node, smoothing float64) *Node {
	if !(smoothing >= 0 && smoothing < 1) {
		g.Fail(fmt.Errorf("SmoothCrossEntropies: the smoothing must be in [0, 1), got %v", smoothing))
		return g.bad
	}
	return g.crossEntropies(crossEntropy{smooth: smoothing}, logits, target)
}

func (g *Builder) crossEntropies(k crossEntropy, logits, target *Node) *Node {
	if g.of[target] == nil { // the operand that an error names
		return g.apply(k, logits, target)
	}
	return g.apply(k, logits, target, g.apply(expSum{}, logits))
}

// column sees a node [..] as [.., 1].
func (g *Builder) column(x *Node) *Node { return g.apply(column{}, x) }

// softmax is over the last axis.
type softmax struct {
	over
	log bool
}

func (k softmax) name() string {
	if k.log {
		return "LogSoftmax"
	}
	return "Softmax"
}

func (k softmax) infer(in []*value) ([]int, bool, error) {
	if len(in[0].shape) == 0 {
		return nil, false, shapeError(k.name(), in, "there is no last axis")
	}
	return sameAsFirst(k.name(), in, 1)
}

func (k softmax) diff(g *Builder, v *value, dy *Node) []term {
	return []term{wholeTerm(g.apply(softmaxGrad{log: k.log}, v.node, dy))}
}

func (k softmax) run32(c *call[float32]) { runSoftmax(k, c) }
func (k softmax) run64(c *call[float64]) { runSoftmax(k, c) }

func runSoftmax[F kernel.Float](k softmax, c *call[F]) {
	if k.log {
		kernel.LogSoftmax(c.out, c.in[0])
		return
	}
	kernel.Softmax(c.out, c.in[0])
}

// softmaxGrad is the derivative from the result y and dy.
type softmaxGrad struct {
	apart
	log bool
}

func (k softmaxGrad) name() string { return softmax{log: k.log}.name() + "Grad" }

func (k softmaxGrad) infer(in []*value) ([]int, bool, error) { return sameAsFirst(k.name(), in, 2) }
func (k softmaxGrad) diff(g *Builder, v *value, d *Node) []term {
	y, dy := v.in[0].node, v.in[1].node
	if k.log { // dy - exp(y)·sum(dy)
		de := g.Mul(d, g.Exp(y))
		return []term{wholeTerm(g.Neg(g.Mul(de, g.SumCols(dy)))), wholeTerm(g.Sub(d, g.SumCols(de)))}
	}
	up := g.Sub(g.Mul(d, g.Sub(dy, g.SumCols(g.Mul(y, dy)))), g.Mul(dy, g.SumCols(g.Mul(y, d)))) // y·(dy - sum(y·dy))
	return []term{wholeTerm(up), wholeTerm(g.apply(k, y, d))}
}

func (k softmaxGrad) run32(c *call[float32]) { runSoftmaxGrad(k, c) }
func (k softmaxGrad) run64(c *call[float64]) { runSoftmaxGrad(k, c) }

func runSoftmaxGrad[F kernel.Float](k softmaxGrad, c *call[F]) {
	if k.log {
		kernel.LogSoftmaxGrad(c.out, c.in[0], c.in[1])
		return
	}
	kernel.SoftmaxGrad(c.out, c.in[0], c.in[1])
}

// column is a view of [.., N] as [.., N, 1]: copied, it is small.
type column struct{ apart }

func (column) name() string { return "Column" }

func (k column) infer(in []*value) ([]int, bool, error) {
	return append(append([]int(nil), in[0].shape...), 1), false, floats(k.name(), in)
}

func (column) diff(g *Builder, v *value, dy *Node) []term {
	return []term{wholeTerm(g.apply(uncolumn{}, dy))}
}

func (column) run32(c *call[float32]) { runColumn(c) }
func (column) run64(c *call[float64]) { runColumn(c) }

func runColumn[F kernel.Float](c *call[F]) {
	for i := range c.in[0].Rows {
		for j, x := range c.in[0].Row(i) {
			c.out.Row(i*c.in[0].Cols + j)[0] = x
		}
	}
}

// uncolumn is a view of [.., N, 1] as [.., N].
type uncolumn struct{ apart }

func (uncolumn) name() string { return "Uncolumn" }

func (k uncolumn) infer(in []*value) ([]int, bool, error) {
	if n := len(in[0].shape); n < 1 || in[0].shape[n-1] != 1 {
		return nil, false, shapeError(k.name(), in, "a last axis of 1 is needed")
	}
	return in[0].shape[:len(in[0].shape)-1], false, floats(k.name(), in)
}

func (uncolumn) diff(g *Builder, _ *value, dy *Node) []term { return []term{wholeTerm(g.column(dy))} }
func (uncolumn) run32(c *call[float32])                     { runUncolumn(c) }
func (uncolumn) run64(c *call[float64])                     { runUncolumn(c) }

func runUncolumn[F kernel.Float](c *call[F]) {
	for i := range c.out.Rows {
		row := c.out.Row(i)
		for j := range row {
			row[j] = c.in[0].Row(i*c.out.Cols + j)[0]
		}
	}
}
