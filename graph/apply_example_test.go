package graph_test

import (
	"fmt"
	"hash"
	"hash/fnv"
	"math"

	"github.com/chewxy/hm"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/graph/gradcheck"
)

// softplus is log(1 + exp(x)) for each element, an operation of one's own.
type softplus struct{}

var _ gorgonia.SDOp = softplus{}

// Do computes the result, in memory of its own.
func (softplus) Do(in ...gorgonia.Value) (gorgonia.Value, error) {
	x, ok := in[0].(*tensor.Dense)
	if !ok {
		return nil, fmt.Errorf("softplus: a tensor is needed, got %T", in[0])
	}
	return x.Apply(func(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) })
}

// SymDiff is dy⊙σ(x), in operations of Gorgonia.
func (softplus) SymDiff(in gorgonia.Nodes, _, dy *gorgonia.Node) (gorgonia.Nodes, error) {
	s, err := gorgonia.Sigmoid(in[0])
	if err != nil {
		return nil, err
	}
	dx, err := gorgonia.HadamardProd(s, dy)
	return gorgonia.Nodes{dx}, err
}

func (softplus) DiffWRT(int) []bool { return []bool{true} }

// Type must be new at each call: Gorgonia keeps and reuses it.
func (softplus) Type() hm.Type { return hm.NewFnType(hm.TypeVariable('a'), hm.TypeVariable('a')) }
func (softplus) Arity() int    { return 1 }

func (softplus) InferShape(in ...gorgonia.DimSizer) (tensor.Shape, error) {
	return in[0].(tensor.Shape).Clone(), nil
}
func (softplus) ReturnsPtr() bool      { return true }
func (softplus) CallsExtern() bool     { return false }
func (softplus) OverwritesInput() int  { return -1 }
func (softplus) WriteHash(h hash.Hash) { fmt.Fprint(h, "softplus") }
func (softplus) String() string        { return "Softplus" }

func (s softplus) Hashcode() uint32 {
	h := fnv.New32a()
	s.WriteHash(h)
	return h.Sum32()
}

// An operation that the engine does not have, with its derivative, is checked
// like all others.
func ExampleBuilder_Apply() {
	formula := func(g *graph.Builder) {
		w := g.Param("w", graph.Normal(1), 2, 3)
		g.Minimise("loss", g.SumAll(g.Apply(softplus{}, w)))
	}
	params := graph.NewParams64(1)
	fmt.Println("gradient:", gradcheck.Check(params, graph.Key{}, formula, gradcheck.Options{}))

	prog, err := graph.Build(params, graph.Key{}, formula)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := params.Set("w", make([]float64, 6)); err != nil {
		fmt.Println(err)
		return
	}
	if err := prog.Run(); err != nil {
		fmt.Println(err)
		return
	}
	loss, err := prog.Scalar("loss")
	fmt.Printf("six times log 2 is %.4f %v\n", loss, err)
	// Output:
	// gradient: <nil>
	// six times log 2 is 4.1589 <nil>
}
