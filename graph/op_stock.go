package graph

import (
	"fmt"
	"slices"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/unroll-go/unroll/internal/kernel"
)

// Apply puts an operation of Gorgonia, or of the user's own, into the formula.
// It must be pure; statements such as Read and Let are refused. It runs through
// its Do method, with copies of its operands, and differentiates with SymDiff.
func (g *Builder) Apply(op gorgonia.Op, in ...*Node) *Node {
	if g.err != nil {
		return g.bad
	}
	if s, ok := op.(gorgonia.NoRetOp); ok && s.ReturnsNothing() || op == nil {
		g.Fail(fmt.Errorf("Apply: %v is a statement; only operations that return a value can be part of a formula", op))
		return g.bad
	}
	v := &value{kind: &stock{op: op}, in: make([]*value, len(in))}
	for i, n := range in {
		if v.in[i] = g.of[n]; v.in[i] == nil {
			g.Fail(fmt.Errorf("Apply: %v: operand %d is not a node of this builder", op, i))
			return g.bad
		}
	}
	g.trace.tellApart(g, v.kind, v.in)
	_, y, err := g.standIn(op, v.in)
	if err == nil && y.Dtype() != g.dtype(false) {
		err = fmt.Errorf("it gives %v, %v is needed", y.Dtype(), g.dtype(false))
	}
	if err != nil {
		g.Fail(fmt.Errorf("Apply: %v: %w", op, err))
		return g.bad
	}
	v.shape = slices.Clone([]int(y.Shape()))
	return g.add(v, "").node
}

// standIn applies op to stand-ins for its operands in a graph of their own:
// there Gorgonia finds the type and shape of the result, and cannot merge it
// with anything.
func (g *Builder) standIn(op gorgonia.Op, in []*value) (nodes gorgonia.Nodes, y *Node, err error) {
	expr := gorgonia.NewGraph()
	for i, v := range in {
		nodes = append(nodes, g.stranger(expr, fmt.Sprint("operand ", i), v))
	}
	err = recovered("gorgonia", func() (err error) { y, err = gorgonia.ApplyOp(op, slices.Clone(nodes)...); return err })
	return nodes, y, err
}

// stranger is an input node of another graph with the type and shape of v.
func (g *Builder) stranger(expr *gorgonia.ExprGraph, name string, v *value) *Node {
	opts := []gorgonia.NodeConsOpt{gorgonia.In(expr), gorgonia.WithType(g.typeOf(v.shape, v.ids)), gorgonia.WithName(name)}
	if len(v.shape) > 0 {
		opts = append(opts, gorgonia.WithShape(v.shape...))
	}
	return gorgonia.NewUniqueNode(opts...)
}

// fetch enters what Gorgonia has built over stand-ins, given what they stand
// for.
func (g *Builder) fetch(n *Node, known map[*Node]*value) *value {
	if v := known[n]; v != nil || g.err != nil {
		return v
	}
	v := &value{shape: slices.Clone([]int(n.Shape()))}
	for it := n.Graph().From(n.ID()); it != nil && it.Next(); {
		v.in = append(v.in, g.fetch(it.Node().(*Node), known))
	}
	if v.kind = g.foreign(n, len(v.in)); v.kind == nil {
		return nil
	}
	known[n] = g.add(v, fmt.Sprint("constant ", len(g.values)))
	return v
}

// adopt enters a node that Gorgonia made in the graph of a wired builder, and
// those below it.
func (g *Builder) adopt(n *Node) {
	if g.err != nil || g.of[n] != nil {
		return
	}
	v := &value{node: n, shape: append([]int(nil), n.Shape()...)}
	for it := g.expr.From(n.ID()); it != nil && it.Next(); {
		c := it.Node().(*Node)
		g.adopt(c)
		v.in = append(v.in, g.of[c])
	}
	if v.kind = g.foreign(n, len(v.in)); v.kind != nil {
		g.add(v, "")
	}
}

// foreign is the kind of a node that Gorgonia made of so many operands, nil
// after an error.
func (g *Builder) foreign(n *Node, operands int) kind {
	switch {
	case g.err != nil:
	case n.Dtype() != g.dtype(false):
		g.Fail(fmt.Errorf("%s holds %v, %v is needed", n.Name(), n.Dtype(), g.dtype(false)))
	case operands > 0:
		return &stock{op: n.Op()}
	case n.Value() != nil:
		return &fixed{value: n.Value()}
	default:
		g.Fail(fmt.Errorf("%s was made outside of this builder and has no value", n.Name()))
	}
	return nil
}

// stock is an operation of Gorgonia's.
type stock struct {
	apart
	op gorgonia.Op
}

func (k *stock) name() string { return k.op.String() }

func (k *stock) infer([]*value) ([]int, bool, error) { return nil, false, nil }

func (k *stock) diff(g *Builder, v *value, dy *Node) []term {
	op, ok := k.op.(gorgonia.SDOp)
	if !ok {
		g.Fail(fmt.Errorf("Grad: %s has no symbolic derivative", k.name()))
		return nil
	}
	in, y, err := g.standIn(op, v.in)
	if err != nil {
		g.Fail(fmt.Errorf("Grad: %s: %w", k.name(), err))
		return nil
	}
	grad := g.stranger(y.Graph(), "gradient", v)
	known := map[*Node]*value{y: v, grad: g.of[dy]}
	for i, n := range in {
		known[n] = v.in[i]
	}
	ds, err := symDiff(op, in, y, grad)
	if err != nil {
		g.Fail(fmt.Errorf("Grad: %s: %w", k.name(), err))
		return nil
	}
	flows := op.DiffWRT(len(in))
	terms := make([]term, len(in))
	for i, d := range ds {
		if d == nil || !flows[i] {
			continue
		}
		got := g.fetch(d, known)
		if g.err != nil {
			return nil
		}
		if !sameShape(got.shape, v.in[i].shape) {
			g.Fail(fmt.Errorf("Grad: %s: gradient %d has shape %v, wanted %v", k.name(), i, got.shape, v.in[i].shape))
			return nil
		}
		terms[i] = wholeTerm(got.node)
	}
	return terms
}

// symDiff is the derivative of op as Gorgonia builds it, nil for operands without one.
func symDiff(op gorgonia.SDOp, in gorgonia.Nodes, y, grad *Node) (ds gorgonia.Nodes, err error) {
	err = recovered("gorgonia", func() (err error) { ds, err = op.SymDiff(in, y, grad); return err })
	if err == nil && len(ds) != len(in) {
		err = fmt.Errorf("SymDiff gave %d gradients for %d operands", len(ds), len(in))
	}
	return ds, err
}

func (k *stock) run32(c *call[float32]) { runStock(k, c) }
func (k *stock) run64(c *call[float64]) { runStock(k, c) }

// runStock gives the operation copies of its operands, which it may overwrite,
// and takes a copy of its result.
func runStock[F kernel.Float](k *stock, c *call[F]) {
	values := make([]gorgonia.Value, len(c.v.in))
	for i, v := range c.v.in {
		if v.ids {
			values[i] = newTensor(v.shape, slices.Clone(c.ids[i]))
			continue
		}
		m := kernel.NewMat[F](v.rows(), v.cols())
		kernel.Copy(m, c.in[i])
		values[i] = newTensor(v.shape, m.Data)
	}
	var y gorgonia.Value
	if c.err = recovered("gorgonia", func() (err error) { y, err = k.op.Do(values...); return err }); c.err != nil {
		return
	}
	if d, ok := y.(*tensor.Dense); ok && d.RequiresIterator() {
		y = d.Materialize().(*tensor.Dense)
	}
	rows, cols := dims(c.v.shape)
	switch data := y.Data().(type) {
	case []F:
		if len(data) >= rows*cols {
			kernel.Copy(c.out, kernel.Mat[F]{Data: data, Rows: rows, Cols: cols, Stride: cols})
			return
		}
	case F:
		c.out.Data[0] = data
		return
	}
	c.err = fmt.Errorf("%s: returned %v of %v, wanted shape %v", k.name(), y.Shape(), y.Dtype(), c.v.shape)
}

// fixed is a constant that Gorgonia made.
type fixed struct {
	nothing
	value gorgonia.Value
}

func (*fixed) name() string { return "Const" }

// recovered turns a panic below f into an error that says whose it was. It is
// the only place that recovers.
func recovered(whose string, f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			if e, ok := r.(error); ok {
				err = fmt.Errorf("%s: %w", whose, e)
				return
			}
			err = fmt.Errorf("%s: %v", whose, r)
		}
	}()
	return f()
}
