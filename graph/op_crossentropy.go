package graph

import "github.com/unroll-go/unroll/internal/kernel"

// expSum is, for each row, the largest element m and s = sum(exp(x - m)): [.., V]
// gives [.., 2]. It only saves work for the operations below: it is no variable
// of its own.
type expSum struct {
	noGrad
	apart
}

func (expSum) name() string { return "ExpSum" }

func (expSum) infer(in []*value) ([]int, bool, error) {
	if in[0].ids || len(in[0].shape) == 0 {
		return nil, false, shapeError("CrossEntropy", in, "logits [.., V] and ids [..] are needed")
	}
	return withCols(in[0].shape, 2), false, nil
}

func (expSum) run32(c *call[float32]) { kernel.ExpSum(c.out, c.in[0]) }
func (expSum) run64(c *call[float64]) { kernel.ExpSum(c.out, c.in[0]) }

// crossEntropy is one stable operation from logits to nats. Operands: logits,
// ids, the sums of the logits.
type crossEntropy struct {
	apart
	smooth float64 // part of the target that is spread over all classes
}

func (crossEntropy) name() string     { return "CrossEntropy" }
func (crossEntropy) flows(i int) bool { return i == 0 }

func (k crossEntropy) infer(in []*value) ([]int, bool, error) {
	x, ids := in[0], in[1]
	if x.ids || !ids.ids || len(x.shape) == 0 || !sameShape(x.shape[:len(x.shape)-1], ids.shape) {
		return nil, false, shapeError(k.name(), in[:2], "logits [.., V] and ids [..] are needed")
	}
	return withCols(x.shape, 1), false, nil
}

func (k crossEntropy) diff(g *Builder, v *value, dy *Node) []term {
	x, ids, sums := v.in[0].node, v.in[1].node, v.in[2].node
	return []term{wholeTerm(g.apply(crossEntropyGrad{k.smooth}, x, ids, sums, dy)), {}, {}}
}

func (k crossEntropy) run32(c *call[float32]) { runCrossEntropy(k, c) }
func (k crossEntropy) run64(c *call[float64]) { runCrossEntropy(k, c) }

func runCrossEntropy[F kernel.Float](k crossEntropy, c *call[F]) {
	if c.checkIDs("CrossEntropy", 1, c.in[0].Cols) {
		kernel.CrossEntropy(c.out, c.in[0], kernel.Target{IDs: c.ids[1], Smooth: k.smooth}, c.in[2])
	}
}

// crossEntropyGrad is (softmax(logits) - q)·dy, q being the target, onehot or
// smoothed. Operands: logits, ids, the sums of the logits, dy.
type crossEntropyGrad struct{ smooth float64 }

func (crossEntropyGrad) name() string { return "CrossEntropyGrad" }

func (crossEntropyGrad) infer(in []*value) ([]int, bool, error) { return in[0].shape, false, nil }
func (crossEntropyGrad) flows(i int) bool                       { return i == 0 || i == 3 }
func (crossEntropyGrad) inPlace(_ *value, i int) bool           { return i == 0 }
func (k crossEntropyGrad) run32(c *call[float32])               { runCrossEntropyGrad(k, c) }
func (k crossEntropyGrad) run64(c *call[float64])               { runCrossEntropyGrad(k, c) }

func (k crossEntropyGrad) diff(g *Builder, v *value, d *Node) []term {
	p := g.Softmax(v.in[0].node)
	q := g.OneHot(v.in[1].node, v.in[0].cols())
	if k.smooth > 0 {
		q = g.AddConst(g.Scale(q, 1-k.smooth), k.smooth/float64(v.in[0].cols()))
	}
	away := g.Sub(p, q)
	dx := g.apply(softmaxGrad{}, p, g.Mul(d, v.in[3].node))
	return []term{wholeTerm(dx), {}, {}, wholeTerm(g.SumCols(g.Mul(d, away)))}
}

func runCrossEntropyGrad[F kernel.Float](k crossEntropyGrad, c *call[F]) {
	if c.checkIDs("CrossEntropy", 1, c.in[0].Cols) {
		kernel.CrossEntropyGrad(c.out, c.in[0], kernel.Target{IDs: c.ids[1], Smooth: k.smooth}, c.in[2], c.in[3])
	}
}

// runBoth is a loop of the three, on operands logits, ids and dy.
func runBoth[F kernel.Float](c *call[F]) {
	if c.checkIDs("CrossEntropy", 1, c.in[0].Cols) {
		k := c.v.kind.(crossEntropy)
		kernel.CrossEntropyBoth(c.loss, c.out, c.in[0], kernel.Target{IDs: c.ids[1], Smooth: k.smooth}, c.in[1])
	}
}
