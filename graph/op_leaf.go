package graph

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/unroll-go/unroll/internal/kernel"
)

// Input is a tensor of floats that the program's user sets under this name. It
// keeps its value until set again.
func (g *Builder) Input(name string, shape ...int) *Node {
	return g.leaf(name, &input{}, shape, false)
}

// IDs is a tensor of integers that the program's user sets under this name:
// tokens, classes, lengths. It keeps its value until set again.
func (g *Builder) IDs(name string, shape ...int) *Node {
	return g.leaf(name, &input{}, shape, true)
}

// Zeros is a constant tensor of zeros.
func (g *Builder) Zeros(shape ...int) *Node { return g.Const(0, shape...) }

// Const is a tensor with one value in all places.
func (g *Builder) Const(x float64, shape ...int) *Node {
	if g.err != nil {
		return g.bad
	}
	if err := checkShape(shape); err != nil {
		g.Fail(fmt.Errorf("Const: %w", err))
		return g.bad
	}
	if math.IsNaN(x) {
		x = math.NaN() // of many bit patterns one
	}
	type bits struct { // NaN is not equal to itself, and -0 is to 0
		x     uint64
		shape shapeID
	}
	k := constant{x: x, shape: shapeKey(shape)}
	key := bits{math.Float64bits(x), k.shape}
	if v := g.same[key]; v != nil {
		return v.node
	}
	v := g.add(&value{kind: k, shape: append([]int(nil), shape...)}, fmt.Sprintf("const %v %v", x, shape))
	g.same[key] = v
	return v.node
}

// Carry returns the nodes of a state that lives from run to run, such as the h
// and c of a truncated back-propagation. zero gives their shapes and first
// values, made with Zeros or Const; Next says what they become.
func (g *Builder) Carry(name string, zero []*Node) []*Node {
	nodes := g.placeholders(len(zero))
	if len(zero) == 0 {
		g.Fail(fmt.Errorf("Carry: state %q has no tensors", name))
	}
	for i, z := range zero {
		if g.err != nil {
			return nodes
		}
		v := g.of[z]
		if v == nil {
			g.Fail(fmt.Errorf("Carry: tensor %d of state %q is not a node of this builder", i, name))
			return nodes
		}
		k, ok := v.kind.(constant)
		if !ok {
			g.Fail(fmt.Errorf("Carry: tensor %d of state %q must begin as a constant, not as %s", i, name, v.kind.name()))
			return nodes
		}
		nodes[i] = g.leaf(name+"/"+strconv.Itoa(i), &input{carried: true}, v.shape, false)
		if leaf := g.of[nodes[i]]; leaf != nil {
			g.core.carried = append(g.carried, &carried{name: join(g.path, name), leaf: leaf, fill: k.x})
		}
	}
	return nodes
}

// Next says what the state carried under name becomes after each run.
func (g *Builder) Next(name string, next []*Node) {
	if g.err != nil {
		return
	}
	i := 0
	for _, c := range g.carried {
		if c.name != join(g.path, name) || i >= len(next) {
			continue
		}
		v := g.of[next[i]]
		if c.next != nil {
			g.Fail(fmt.Errorf("Next: state %q was given its next value before", name))
			return
		}
		if v == nil || v.ids {
			g.Fail(fmt.Errorf("Next: tensor %d of state %q is not a float node of this builder", i, name))
			return
		}
		if !sameShape(v.shape, c.leaf.shape) {
			g.Fail(shapeError("Next", []*value{c.leaf, v}, "state %q must keep its shapes", name))
			return
		}
		c.next = v
		i++
	}
	if i == 0 || i != len(next) {
		g.Fail(fmt.Errorf("Next: state %q has %d tensors, got %d", name, i, len(next)))
	}
}

// Alias is x under a name of its own that is never merged with another: in a
// formula that uses a parameter many times, an alias for each use takes its
// part of the gradient. It is another way to see x and costs nothing.
func (g *Builder) Alias(x *Node) *Node {
	g.core.aliases++
	return g.apply(alias{n: g.aliases}, x)
}

// leaf enters a named value that comes from outside.
func (g *Builder) leaf(name string, k kind, shape []int, ids bool) *Node {
	if g.err != nil {
		return g.bad
	}
	path := join(g.path, name)
	switch err := checkShape(shape); {
	case name == "":
		g.Fail(fmt.Errorf("an input needs a name"))
		return g.bad
	case g.named[path] != nil || g.output(path) != nil:
		g.Fail(fmt.Errorf("the name %q is taken", path))
		return g.bad
	case err != nil:
		g.Fail(fmt.Errorf("%q: %w", name, err))
		return g.bad
	}
	v := g.add(&value{kind: k, shape: append([]int(nil), shape...), ids: ids}, path)
	g.named[path] = v
	return v.node
}

// maxElements bounds one tensor: 2^31 elements are 8 GiB of float32.
const maxElements = 1 << 31

func checkShape(shape []int) error {
	n := 1
	for _, d := range shape {
		if d < 1 {
			return fmt.Errorf("shape %v: every axis must be at least 1", shape)
		}
		if n > maxElements/d {
			return fmt.Errorf("shape %v: more than %d elements", shape, maxElements)
		}
		n *= d
	}
	return nil
}

// checkResult bounds what an operation makes of its operands.
func checkResult(k kind, shape []int) error {
	if err := checkShape(shape); err != nil {
		return fmt.Errorf("%s: the result has %w", k.name(), err)
	}
	return nil
}

// nothing is embedded by leaves: they are not computed.
type nothing struct {
	noGrad
	apart
}

func (nothing) infer([]*value) ([]int, bool, error) { return nil, false, nil }
func (nothing) run32(*call[float32])                {}
func (nothing) run64(*call[float64])                {}

// input is a value set from outside, or carried from run to run.
type input struct {
	nothing
	carried bool
}

func (*input) name() string { return "Input" }

// constant is one value in all places.
type constant struct {
	nothing
	x     float64
	shape shapeID
}

func (constant) name() string { return "Const" }

// isZero says whether a node is a constant 0.
func (g *Builder) isZero(n *Node) bool {
	v := g.of[n]
	if v == nil {
		return false
	}
	k, ok := v.kind.(constant)
	return ok && k.x == 0
}

// alias is the identity: a view in a program, a copy by itself.
type alias struct {
	apart
	n int
}

func (alias) name() string                               { return "Alias" }
func (k alias) infer(in []*value) ([]int, bool, error)   { return sameAsFirst(k.name(), in, 1) }
func (alias) diff(_ *Builder, _ *value, dy *Node) []term { return []term{wholeTerm(dy)} }
func (alias) lane() (kernel.Op, float64)                 { return kernel.OpCopy, 0 }
func (k alias) run32(c *call[float32])                   { c.apply(k.lane()) }
func (k alias) run64(c *call[float64])                   { c.apply(k.lane()) }

// shapeID is a shape that can be compared with ==.
type shapeID string

func shapeKey(shape []int) shapeID {
	var b strings.Builder
	for _, d := range shape {
		b.WriteString(strconv.Itoa(d))
		b.WriteByte(' ')
	}
	return shapeID(b.String())
}

func (s shapeID) ints() []int {
	var shape []int
	for _, f := range strings.Fields(string(s)) {
		d, _ := strconv.Atoi(f)
		shape = append(shape, d)
	}
	return shape
}
