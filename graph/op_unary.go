package graph

import "github.com/unroll-go/unroll/internal/kernel"

// Sigmoid is σ(x) = 1/(1+exp(-x)) for each element.
func (g *Builder) Sigmoid(x *Node) *Node { return g.apply(unary{fn: sigmoid}, x) }

// Tanh is tanh(x) for each element.
func (g *Builder) Tanh(x *Node) *Node { return g.apply(unary{fn: tanh}, x) }

// ReLU is max(x, 0) for each element.
func (g *Builder) ReLU(x *Node) *Node { return g.apply(unary{fn: relu}, x) }

// Exp is e to the x for each element.
func (g *Builder) Exp(x *Node) *Node { return g.apply(unary{fn: exp}, x) }

// Log is the natural logarithm of each element.
func (g *Builder) Log(x *Node) *Node { return g.apply(unary{fn: log}, x) }

// Sqrt is the square root of each element.
func (g *Builder) Sqrt(x *Node) *Node { return g.apply(unary{fn: sqrt}, x) }

// Square is x·x for each element.
func (g *Builder) Square(x *Node) *Node { return g.apply(unary{fn: square}, x) }

// Abs is |x| for each element; its derivative at 0 is 0.
func (g *Builder) Abs(x *Node) *Node { return g.apply(unary{fn: abs}, x) }

// Neg is -x for each element.
func (g *Builder) Neg(x *Node) *Node { return g.Scale(x, -1) }

// Scale is k·x for each element.
func (g *Builder) Scale(x *Node, k float64) *Node {
	if v := g.of[x]; !g.plain && v != nil && !v.ids {
		if k == 1 {
			return x
		}
		if in, ok := v.kind.(scale); ok {
			return g.Scale(v.in[0].node, in.k*k)
		}
	}
	return g.apply(scale{k: k}, x)
}

// AddConst is x + k for each element.
func (g *Builder) AddConst(x *Node, k float64) *Node { return g.apply(addConst{k: k}, x) }

// function names an elementwise function.
type function uint8

const (
	sigmoid function = iota
	tanh
	relu
	exp
	log
	sqrt
	square
	abs
)

var functionNames = [...]string{"Sigmoid", "Tanh", "ReLU", "Exp", "Log", "Sqrt", "Square", "Abs"}

// unary is an elementwise function of one operand.
type unary struct {
	over
	fn function
}

func (k unary) name() string { return functionNames[k.fn] }

func (k unary) infer(in []*value) ([]int, bool, error) { return sameAsFirst(k.name(), in, 1) }

func (k unary) diff(g *Builder, v *value, dy *Node) []term {
	x, y := v.in[0].node, v.node
	var dx *Node
	switch k.fn {
	case sigmoid, tanh, relu:
		dx = g.apply(unaryGrad{fn: k.fn}, y, dy)
	case exp:
		dx = g.Mul(dy, y)
	case log:
		dx = g.Div(dy, x)
	case sqrt:
		dx = g.Div(g.Scale(dy, 0.5), y)
	case square:
		dx = g.Mul(g.Scale(dy, 2), x)
	case abs:
		dx = g.apply(unaryGrad{fn: abs}, x, dy)
	}
	return []term{wholeTerm(dx)}
}

func (k unary) lane() (kernel.Op, float64) { return unaryOps[k.fn], 0 }
func (k unary) run32(c *call[float32])     { c.apply(k.lane()) }
func (k unary) run64(c *call[float64])     { c.apply(k.lane()) }

var unaryOps = [...]kernel.Op{
	kernel.OpSigmoid, kernel.OpTanh, kernel.OpReLU, kernel.OpExp, kernel.OpLog, kernel.OpSqrt, kernel.OpSquare, kernel.OpAbs,
}

// unaryGrad is the derivative of a function from its result y (of abs, from
// its operand) and dy: one loop instead of three.
type unaryGrad struct {
	over
	fn function
}

func (k unaryGrad) name() string { return functionNames[k.fn] + "Grad" }

func (k unaryGrad) infer(in []*value) ([]int, bool, error) { return sameAsFirst(k.name(), in, 2) }

func (k unaryGrad) flows(i int) bool { return i == 1 || k.fn == sigmoid || k.fn == tanh }

func (k unaryGrad) diff(g *Builder, v *value, d *Node) []term {
	y, dy := v.in[0].node, v.in[1].node
	down := wholeTerm(g.apply(k, y, d)) // linear in dy
	switch k.fn {
	case sigmoid: // dy·y(1-y)
		return []term{wholeTerm(g.Mul(g.Mul(d, dy), g.AddConst(g.Scale(y, -2), 1))), down}
	case tanh: // dy·(1-y²)
		return []term{wholeTerm(g.Mul(g.Mul(d, dy), g.Scale(y, -2))), down}
	}
	return []term{{}, down}
}

func (k unaryGrad) lane() (kernel.Op, float64) { return gradOps[k.fn], 0 }
func (k unaryGrad) run32(c *call[float32])     { c.apply(k.lane()) }
func (k unaryGrad) run64(c *call[float64])     { c.apply(k.lane()) }

var gradOps = [...]kernel.Op{sigmoid: kernel.OpSigmoidGrad, tanh: kernel.OpTanhGrad, relu: kernel.OpReLUGrad, abs: kernel.OpAbsGrad}

// scale is k·x.
type scale struct {
	over
	k float64
}

func (scale) name() string                             { return "Scale" }
func (k scale) infer(in []*value) ([]int, bool, error) { return sameAsFirst(k.name(), in, 1) }
func (k scale) lane() (kernel.Op, float64)             { return kernel.OpScale, k.k }
func (k scale) run32(c *call[float32])                 { c.apply(k.lane()) }
func (k scale) run64(c *call[float64])                 { c.apply(k.lane()) }

func (k scale) diff(g *Builder, _ *value, dy *Node) []term {
	return []term{wholeTerm(g.Scale(dy, k.k))}
}

// addConst is x + k.
type addConst struct {
	over
	k float64
}

func (addConst) name() string                               { return "AddConst" }
func (k addConst) infer(in []*value) ([]int, bool, error)   { return sameAsFirst(k.name(), in, 1) }
func (addConst) diff(_ *Builder, _ *value, dy *Node) []term { return []term{wholeTerm(dy)} }
func (k addConst) lane() (kernel.Op, float64)               { return kernel.OpAddConst, k.k }
func (k addConst) run32(c *call[float32])                   { c.apply(k.lane()) }
func (k addConst) run64(c *call[float64])                   { c.apply(k.lane()) }
