package graph_test

import (
	"fmt"
	"hash"
	"hash/fnv"

	"github.com/chewxy/hm"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// cubeOp is an operation of a user's own, x³, with stock operations of
// Gorgonia in its derivative. It writes over its operand, as Gorgonia's own
// may.
type cubeOp struct{}

var _ gorgonia.SDOp = cubeOp{}

func (cubeOp) Arity() int { return 1 }
func (cubeOp) Type() hm.Type {
	a := hm.TypeVariable('a')
	return hm.NewFnType(a, a)
}

func (cubeOp) InferShape(in ...gorgonia.DimSizer) (tensor.Shape, error) {
	return in[0].(tensor.Shape).Clone(), nil
}

func (cubeOp) Do(in ...gorgonia.Value) (gorgonia.Value, error) {
	switch x := in[0].Data().(type) {
	case []float64:
		for i, v := range x {
			x[i] = v * v * v
		}
	case []float32:
		for i, v := range x {
			x[i] = v * v * v
		}
	default:
		return nil, fmt.Errorf("cube of %T", x)
	}
	return in[0], nil
}
func (cubeOp) ReturnsPtr() bool     { return true }
func (cubeOp) CallsExtern() bool    { return false }
func (cubeOp) OverwritesInput() int { return 0 }
func (cubeOp) WriteHash(h hash.Hash) {
	fmt.Fprint(h, "cube")
}

func (c cubeOp) Hashcode() uint32 {
	h := fnv.New32a()
	c.WriteHash(h)
	return h.Sum32()
}
func (cubeOp) String() string     { return "Cube" }
func (cubeOp) DiffWRT(int) []bool { return []bool{true} }
func (cubeOp) SymDiff(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	sq, err := gorgonia.Square(in[0])
	if err != nil {
		return nil, err
	}
	three := gorgonia.NewConstant(3.0)
	if in[0].Dtype() == tensor.Float32 {
		three = gorgonia.NewConstant(float32(3))
	}
	if sq, err = gorgonia.Mul(three, sq); err != nil {
		return nil, err
	}
	dx, err := gorgonia.HadamardProd(sq, grad)
	return gorgonia.Nodes{dx}, err
}
