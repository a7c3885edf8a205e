package graph

import "github.com/unroll-go/unroll/internal/kernel"

// Fused operations are chains of elementwise ones in one loop, so that what
// lies between is never written. The builder makes them where it sees the
// chain; the parts that nothing else reads then fall away. They are chains that
// derivatives of any gated formula have, not those of one cell.

// fuses says whether x is an elementwise operation of full operands that may
// become part of a fused one.
func (g *Builder) fuses(x *Node, k kind) (*value, bool) {
	v := g.of[x]
	if v == nil || g.plain || g.wired || g.err != nil || v.kind != k {
		return nil, false
	}
	for _, c := range v.in {
		if !sameShape(c.shape, v.shape) {
			return nil, false
		}
	}
	return v, true
}

// fusedAdd is a + b where one of the operands can be part of the loop, nil where
// none can.
func (g *Builder) fusedAdd(a, b *Node) *Node {
	va, vb := g.of[a], g.of[b]
	if va == nil || vb == nil || !sameShape(va.shape, vb.shape) {
		return nil
	}
	ma, oka := g.fuses(a, binary{fn: mul})
	mb, okb := g.fuses(b, binary{fn: mul})
	if oka && okb {
		return g.apply(sumOfProducts{}, ma.in[0].node, ma.in[1].node, mb.in[0].node, mb.in[1].node)
	}
	if d, ok := g.fuses(a, gradOf{fn: tanh}); ok {
		return g.apply(gradOf{fn: tanh, acc: true}, b, d.in[0].node, d.in[1].node, d.in[2].node)
	}
	if d, ok := g.fuses(b, gradOf{fn: tanh}); ok {
		return g.apply(gradOf{fn: tanh, acc: true}, a, d.in[0].node, d.in[1].node, d.in[2].node)
	}
	switch {
	case oka:
		return g.apply(addProduct{}, b, ma.in[0].node, ma.in[1].node)
	case okb:
		return g.apply(addProduct{}, a, mb.in[0].node, mb.in[1].node)
	}
	return nil
}

// gradient is the derivative of a function from its result y (of abs, from its
// operand) and dy.
func (g *Builder) gradient(fn function, y, dy *Node) *Node {
	if m, ok := g.fuses(dy, binary{fn: mul}); ok && (fn == sigmoid || fn == tanh) {
		return g.apply(gradOf{fn: fn}, y, m.in[0].node, m.in[1].node)
	}
	return g.apply(unaryGrad{fn: fn}, y, dy)
}

// sumOfProducts is a⊙b + c⊙d.
type sumOfProducts struct{ over }

func (sumOfProducts) name() string { return "SumOfProducts" }

func (k sumOfProducts) infer(in []*value) ([]int, bool, error) {
	return sameAsFirst(k.name(), in, 4)
}

func (sumOfProducts) diff(g *Builder, v *value, dy *Node) []term {
	a, b, c, d := v.in[0].node, v.in[1].node, v.in[2].node, v.in[3].node
	return []term{wholeTerm(g.Mul(dy, b)), wholeTerm(g.Mul(dy, a)), wholeTerm(g.Mul(dy, d)), wholeTerm(g.Mul(dy, c))}
}

func (sumOfProducts) run32(c *call[float32]) {
	kernel.SumOfProducts(c.out, c.in[0], c.in[1], c.in[2], c.in[3])
}

func (sumOfProducts) run64(c *call[float64]) {
	kernel.SumOfProducts(c.out, c.in[0], c.in[1], c.in[2], c.in[3])
}

// addProduct is a + b⊙c.
type addProduct struct{ over }

func (addProduct) name() string { return "AddProduct" }

func (k addProduct) infer(in []*value) ([]int, bool, error) { return sameAsFirst(k.name(), in, 3) }

func (addProduct) diff(g *Builder, v *value, dy *Node) []term {
	b, c := v.in[1].node, v.in[2].node
	return []term{wholeTerm(dy), wholeTerm(g.Mul(dy, c)), wholeTerm(g.Mul(dy, b))}
}

func (addProduct) run32(c *call[float32]) { kernel.AddProduct(c.out, c.in[0], c.in[1], c.in[2]) }
func (addProduct) run64(c *call[float64]) { kernel.AddProduct(c.out, c.in[0], c.in[1], c.in[2]) }

// gradOf is the derivative of sigmoid or tanh from its result y where dy is a
// product a⊙b, optionally added to a first operand. Operands: y, a, b or e, y,
// a, b.
type gradOf struct {
	over
	fn  function
	acc bool
}

func (k gradOf) name() string { return functionNames[k.fn] + "GradOf" }

func (k gradOf) infer(in []*value) ([]int, bool, error) {
	return sameAsFirst(k.name(), in, len(in))
}

// diff is that of the chain as it was written.
func (k gradOf) diff(g *Builder, v *value, d *Node) []term {
	in := v.in
	if k.acc {
		in = in[1:]
	}
	y, a, b := in[0].node, in[1].node, in[2].node
	ts := unaryGrad{fn: k.fn}.terms(g, y, g.Mul(a, b), d)
	dm := ts[1].n
	ts = []term{ts[0], wholeTerm(g.Mul(dm, b)), wholeTerm(g.Mul(dm, a))}
	if k.acc {
		ts = append([]term{wholeTerm(d)}, ts...)
	}
	return ts
}

func (k gradOf) run32(c *call[float32]) { runGradOf(k, c) }
func (k gradOf) run64(c *call[float64]) { runGradOf(k, c) }

func runGradOf[F kernel.Float](k gradOf, c *call[F]) {
	switch {
	case k.acc:
		kernel.TanhGradAdd(c.out, c.in[0], c.in[1], c.in[2], c.in[3])
	case k.fn == tanh:
		kernel.TanhGradOf(c.out, c.in[0], c.in[1], c.in[2])
	default:
		kernel.SigmoidGradOf(c.out, c.in[0], c.in[1], c.in[2])
	}
}
