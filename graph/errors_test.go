package graph

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorgonia.org/gorgonia"
)

// misuse is a formula that is wrong and what Build says about it.
type misuse struct {
	name string
	f    func(g *Builder)
	want string
}

func misuses() []misuse {
	other := newBuilder(NewParams(1), Key{}, nil)
	foreign := other.Input("foreign", 2, 3)
	alien := gorgonia.NewMatrix(gorgonia.NewGraph(), gorgonia.Float32, gorgonia.WithShape(2, 3), gorgonia.WithName("alien"))
	in := func(f func(g *Builder, x *Node)) func(g *Builder) {
		return func(g *Builder) { f(g, g.Input("x", 2, 3)) }
	}
	return []misuse{
		{"nil node", in(func(g *Builder, x *Node) { g.Add(x, nil) }), "graph: Add: operand 1 is not a node of this builder"},
		{"node of another builder", in(func(g *Builder, x *Node) { g.Mul(foreign, x) }), "graph: Mul: operand 0 is not a node of this builder"},
		{"node of another graph", in(func(g *Builder, x *Node) { g.Tanh(alien) }), "graph: Tanh: operand 0 is not a node of this builder"},
		{"nil factor", in(func(g *Builder, x *Node) { g.MatMul(x, nil) }), "graph: MatMul: operand 1 is not a node of this builder"},
		{"nil in Affine", in(func(g *Builder, x *Node) { g.Affine(nil, nil, x) }), "graph: MatMul: operand 0 is not a node of this builder"},
		{"foreign bias", in(func(g *Builder, x *Node) { g.Affine(foreign, x, g.Zeros(3, 3)) }), "graph: MatMul: operand 0 is not a node of this builder"},
		{"nil in Chunk", func(g *Builder) { g.Chunk4(nil) }, "graph: Chunk: operand 0 is not a node of this builder"},
		{"nil in Cols", func(g *Builder) { g.Cols(nil, 0, 1) }, "graph: Cols: operand 0 is not a node of this builder"},
		{"nil in Concat", in(func(g *Builder, x *Node) { g.Concat(x, nil) }), "graph: Concat: operand 1 is not a node of this builder"},
		{"single nil in Concat", func(g *Builder) { g.Concat(nil) }, "graph: Concat: operand 0 is not a node of this builder"},
		{"single nil in Sum", func(g *Builder) { g.Sum(nil) }, "graph: Sum: operand 0 is not a node of this builder"},
		{"nil in Stack", in(func(g *Builder, x *Node) { g.Stack(nil, x) }), "graph: Stack: operand 0 is not a node of this builder"},
		{"nil in At", func(g *Builder) { g.At(nil, 0) }, "graph: Rows: operand 0 is not a node of this builder"},
		{"nil in Unstack", func(g *Builder) { g.Unstack(nil) }, "graph: Unstack: a node with a first axis is needed"},
		{"nil in Mean", func(g *Builder) { g.Mean(nil) }, "graph: SumAll: operand 0 is not a node of this builder"},
		{"nil in Dropout", func(g *Builder) { g.Train = true; g.Dropout(nil, 0.5) }, "graph: Dropout: operand 0 is not a node of this builder"},
		{"nil in Dropout without training", func(g *Builder) { g.Dropout(nil, 0.5) }, "graph: Dropout: operand 0 is not a node of this builder"},
		{"nil in MaskWith", func(g *Builder) { g.MaskWith(nil, nil) }, "graph: MaskWith: operand 0 is not a node of this builder"},
		{"nil loss", func(g *Builder) { g.Minimise("loss", nil) }, "graph: Output: operand 0 is not a node of this builder"},
		{"nil tap", func(g *Builder) { g.Tap("a", nil) }, "graph: Stack: operand 0 is not a node of this builder"},
		{"nil weights", func(g *Builder) { g.WeightedCrossEntropy(g.Zeros(2, 3), g.IDs("i", 2), nil) }, "graph: Column: operand 0 is not a node of this builder"},

		{"products", func(g *Builder) {
			g.Scope("layer0").Scope("gates").MatMul(g.Input("a", 32, 27), g.Input("b", 28, 512))
		}, "graph: layer0/gates: MatMul: shapes [32 27] and [28 512] do not agree: 27 != 28"},
		{"batched products", func(g *Builder) {
			g.Scope("attention").BatchMatMul(g.Input("a", 32, 10), g.Input("b", 11, 32, 64))
		}, "graph: attention: BatchMatMul: shapes [32 10] and [11 32 64] do not agree: 10 != 11"},
		{"batched products with a transpose", func(g *Builder) {
			g.BatchMatMulT(g.Input("a", 7, 32, 10), g.Input("b", 11, 32, 64))
		}, "graph: BatchMatMul: shapes [7 32 10] and [11 32 64] do not agree: 10 != 64"},
		{"batches of two sizes", func(g *Builder) {
			g.BatchMatMul(g.Input("a", 31, 11), g.Input("b", 11, 32, 64))
		}, "graph: BatchMatMul: shapes [31 11] and [11 32 64] do not agree: batches of 31 and 32 rows"},
		{"batched product with a matrix", func(g *Builder) {
			g.BatchMatMul(g.Input("a", 7, 32, 10), g.Input("b", 32, 64))
		}, "graph: BatchMatMul: shapes [7 32 10] and [32 64] do not agree: the right factor must be [K, B, N], the left [M, B, K] or [B, K]"},
		{"batched product of ids", func(g *Builder) {
			g.BatchMatMul(g.IDs("a", 7, 10), g.Input("b", 10, 7, 64))
		}, "graph: BatchMatMul: shapes [7 10] and [10 7 64] do not agree: operand 0 holds ids, floats are needed"},
		{"nil in BatchMatMul", in(func(g *Builder, x *Node) { g.BatchMatMul(x, nil) }), "graph: BatchMatMul: operand 1 is not a node of this builder"},
		{"scores of two widths", func(g *Builder) {
			g.AdditiveScores(g.Input("q", 32, 10), g.Input("k", 7, 32, 11), g.Input("v", 11))
		}, "graph: AdditiveScores: shapes [32 10], [7 32 11] and [11] do not agree: the last axes must be equal"},
		{"scores of two batches", func(g *Builder) {
			g.AdditiveScores(g.Input("q", 31, 10), g.Input("k", 7, 32, 10), g.Input("v", 10))
		}, "graph: AdditiveScores: shapes [31 10], [7 32 10] and [10] do not agree: batches of 31 and 32 rows"},
		{"scores of a matrix", func(g *Builder) {
			g.AdditiveScores(g.Input("q", 32, 10), g.Input("k", 32, 10), g.Input("v", 10))
		}, "graph: AdditiveScores: shapes [32 10], [32 10] and [10] do not agree: queries [T, B, W] or [B, W], keys [S, B, W] and [W] are needed"},
		{"axes of a matrix", in(func(g *Builder, x *Node) { g.SwapAxes(x) }), "graph: SwapAxes: shape [2 3]: three axes are needed"},
		{
			"lengths of another batch", in(func(g *Builder, x *Node) { g.MaskedSoftmax(x, g.IDs("lens", 3)) }),
			"graph: MaskedSoftmax: shapes [2 3] and [3] do not agree: scores [.., B, S] and lengths, ids [B], are needed",
		},
		{
			"lengths that are floats", in(func(g *Builder, x *Node) { g.MaskedSoftmax(x, g.Input("lens", 2)) }),
			"graph: MaskedSoftmax: shapes [2 3] and [2] do not agree: scores [.., B, S] and lengths, ids [B], are needed",
		},
		{"product of a swept row", func(g *Builder) {
			x := g.Unstack(g.Input("a", 7, 32, 27))
			g.InStep(3, func() { g.Scope("layer0").MatMul(x[3], g.Input("b", 28, 512)) })
		}, "graph: layer0/step 3: MatMul: shapes [32 27] and [28 512] do not agree: 27 != 28"},
		{"product of looked-up rows", func(g *Builder) {
			g.MatMul(g.Gather(g.Zeros(5, 27), g.IDs("ids", 9)), g.Input("b", 28, 2))
		}, "graph: MatMul: shapes [9 27] and [28 2] do not agree: 27 != 28"},
		{
			"product of joined columns", in(func(g *Builder, x *Node) { g.MatMul(g.Concat(x, x), g.Zeros(5, 2)) }),
			"graph: MatMul: shapes [2 6] and [5 2] do not agree: 6 != 5",
		},
		{
			"product with zeros", func(g *Builder) { g.Affine(g.Zeros(2, 4), g.Zeros(2, 3), g.Zeros(5, 4)) },
			"graph: MatMul: shapes [2 3] and [5 4] do not agree: 3 != 5",
		},
		{"product by a vector", in(func(g *Builder, x *Node) { g.MatMul(x, g.Zeros(3)) }), "the right factor must be a matrix"},
		{"product of a scalar", in(func(g *Builder, x *Node) { g.MatMul(g.SumAll(x), x) }), "the right factor must be a matrix, the left at least a vector"},
		{"addend", in(func(g *Builder, x *Node) { g.Affine(g.Zeros(5), x, g.Zeros(3, 4)) }), "the addend must be [2 4] or [4]"},
		{"Affine of nothing", func(g *Builder) { g.Affine(nil) }, "graph: Affine: 0 operands after the bias"},
		{"Affine without weights", in(func(g *Builder, x *Node) { g.Affine(nil, x) }), "graph: Affine: 1 operands after the bias"},
		{
			"sum", in(func(g *Builder, x *Node) { g.Add(x, g.Zeros(3, 2)) }),
			"graph: Add: shapes [2 3] and [3 2] do not agree: neither equal nor a scalar, a row or a column of the other",
		},
		{"sum with a scalar shape", func(g *Builder) { g.Add(g.IDs("i"), g.Input("x", 2)) }, "graph: Add: shapes [] and [2] do not agree: operand 0 holds ids"},
		{"sum with zeros that do not fit", in(func(g *Builder, x *Node) { g.Add(x, g.Zeros(4, 4)) }), "graph: Add: shapes [2 3] and [4 4]"},
		{"product with zeros of ids", func(g *Builder) { g.Mul(g.IDs("i", 2), g.Zeros(2)) }, "operand 0 holds ids, floats are needed"},
		{"sum of ids with zeros", func(g *Builder) { g.Add(g.IDs("i", 2), g.Zeros(2)) }, "operand 0 holds ids, floats are needed"},
		{"sum of nothing", func(g *Builder) { g.Sum() }, "graph: Add: two operands are needed"},
		{"ids in Tanh", func(g *Builder) { g.Tanh(g.IDs("i", 2)) }, "graph: Tanh: shape [2]: operand 0 holds ids, floats are needed"},
		{"ids in MatMul", func(g *Builder) { g.MatMul(g.IDs("i", 2, 2), g.Zeros(2, 2)) }, "operand 0 holds ids"},
		{"ids in Mean", func(g *Builder) { g.Mean(g.IDs("i", 2)) }, "operand 0 holds ids"},
		{"ids in Cols", func(g *Builder) { g.Cols(g.IDs("i", 2, 2), 0, 1) }, "operand 0 holds ids"},
		{"ids in Concat", func(g *Builder) { g.Concat(g.IDs("i", 2, 2), g.Zeros(2, 2)) }, "operand 0 holds ids"},
		{"ids and floats in Stack", func(g *Builder) { g.Stack(g.IDs("i", 2), g.Zeros(2)) }, "the last axes must be equal"},
		{"ids as loss", func(g *Builder) { g.Train = true; g.Minimise("loss", g.IDs("i")) }, "graph: Minimise: shape []: a scalar of floats is needed"},
		{"ids as next state", func(g *Builder) {
			g.Carry("s", []*Node{g.Zeros(2)})
			g.Next("s", []*Node{g.IDs("i", 2)})
		}, `graph: Next: tensor 0 of state "s" is not a float node`},
		{"floats as ids", in(func(g *Builder, x *Node) { g.Gather(x, x) }), "graph: Gather: shapes [2 3] and [2 3] do not agree: the second operand must hold ids"},
		{"table that is no matrix", func(g *Builder) { g.Gather(g.Zeros(2), g.IDs("i", 2)) }, "the table must be a matrix"},
		{"lengths that are floats", in(func(g *Builder, x *Node) { g.LengthMask(x, 0) }), "graph: LengthMask: shape [2 3]: lengths are ids [B]"},
		{"one-hot of floats", in(func(g *Builder, x *Node) { g.OneHot(x, 3) }), "graph: OneHot: shape [2 3]"},
		{"one-hot of no width", func(g *Builder) { g.OneHot(g.IDs("i", 2), 0) }, "width 0"},
		{"argmax of a scalar", func(g *Builder) { g.ArgMax(g.Zeros()) }, "there is no axis to search"},
		{"softmax of a scalar", func(g *Builder) { g.Softmax(g.Zeros()) }, "graph: Softmax: shape []: there is no last axis"},
		{"rows of a scalar", func(g *Builder) { g.SumRows(g.Zeros()) }, "graph: SumRows: shape []: there are no rows"},
		{"columns of a scalar", func(g *Builder) { g.SumCols(g.Zeros()) }, "graph: SumCols: shape []: there are no columns"},
		{"nil in LayerNorm", func(g *Builder) { g.LayerNorm(nil, nil, nil, 1) }, "graph: LayerNorm: operand 0 is not a node of this builder"},
		{"LayerNorm of a scalar", func(g *Builder) { g.LayerNorm(g.Zeros(), nil, nil, 1) }, "graph: LayerNorm: shape []: there is no last axis"},
		{"LayerNorm of ids", func(g *Builder) { g.LayerNorm(g.IDs("i", 2), nil, nil, 1) }, "graph: LayerNorm: shape [2]: operand 0 holds ids, floats are needed"},
		{"LayerNorm without eps", in(func(g *Builder, x *Node) { g.LayerNorm(x, nil, nil, 0) }), "graph: LayerNorm: eps must be positive and finite, got 0"},
		{"LayerNorm with a column", in(func(g *Builder, x *Node) { g.LayerNorm(x, nil, g.Zeros(2, 1), 1) }), "graph: LayerNorm: shapes [2 3], [3] and [2 1] do not agree: a gain [3] and a bias [3] are needed"},
		{"targets", in(func(g *Builder, x *Node) { g.CrossEntropy(x, g.IDs("i", 3)) }), "graph: CrossEntropy: shapes [2 3] and [3] do not agree: logits [.., V] and ids [..] are needed"},
		{"weights of targets", in(func(g *Builder, x *Node) { g.WeightedCrossEntropy(x, g.IDs("i", 2), g.Const(1)) }), "as many weights as targets are needed"},
		{"choices", in(func(g *Builder, x *Node) { g.Where(x, x, g.Zeros(3)) }), "both choices need one shape"},
		{"mask of choices", in(func(g *Builder, x *Node) { g.Where(g.Zeros(3), x, x) }), "the mask must be [2 3] or [2 1]"},

		{"no parts", in(func(g *Builder, x *Node) { g.Chunk(x, 0) }), "graph: Chunk: shape [2 3]: 3 columns are not 0 equal parts"},
		{"negative parts", in(func(g *Builder, x *Node) { g.Chunk(x, -1) }), "3 columns are not -1 equal parts"},
		{"unequal parts", in(func(g *Builder, x *Node) { g.Chunk2(x) }), "3 columns are not 2 equal parts"},
		{"too many parts", in(func(g *Builder, x *Node) { g.Chunk(x, math.MaxInt) }), "equal parts"},
		{"columns outside", in(func(g *Builder, x *Node) { g.Cols(x, 1, 4) }), "graph: Cols: shape [2 3]: columns 1 to 4 do not exist"},
		{"columns the wrong way", in(func(g *Builder, x *Node) { g.Cols(x, 2, 1) }), "columns 2 to 1 do not exist"},
		{"negative columns", in(func(g *Builder, x *Node) { g.Cols(x, -1, 1) }), "columns -1 to 1 do not exist"},
		{"columns to join", in(func(g *Builder, x *Node) { g.Concat(x, g.Zeros(3, 3)) }), "all axes but the last must be equal"},
		{"nothing to join", func(g *Builder) { g.Concat() }, "graph: Concat: nothing to join"},
		{"nothing to stack", func(g *Builder) { g.Stack() }, "graph: Stack: nothing to join"},
		{"uneven stack", in(func(g *Builder, x *Node) { g.Stack(x, g.Zeros(1, 3)) }), "graph: Stack: shapes [2 3] and [1 3] do not agree: equal shapes are needed"},
		{"stack of scalars", func(g *Builder) { g.Stack(g.Zeros(), g.Const(1)) }, "scalars have no rows to join"},
		{"step outside", in(func(g *Builder, x *Node) { g.At(x, 2) }), "graph: At: shape [2 3]: element 2 of the first axis does not exist"},
		{"negative step", in(func(g *Builder, x *Node) { g.At(x, -1) }), "element -1 of the first axis does not exist"},
		{"step of a vector", func(g *Builder) { g.At(g.Zeros(3), 0) }, "there is no first axis to choose from"},
		{"rows outside", in(func(g *Builder, x *Node) { g.Rows(x, 1, 3) }), "graph: Rows: shape [2 3]: elements 1 to 3 of the first axis do not exist"},
		{"sweep of a scalar", func(g *Builder) { g.Unstack(g.Zeros()) }, "graph: Unstack: a node with a first axis is needed"},
		{"sweep of a vector", func(g *Builder) { g.Unstack(g.Zeros(3)) }, "there is no first axis to cut"},

		{"zero size", func(g *Builder) { g.Input("x", 2, 0) }, `graph: "x": shape [2 0]: every axis must be at least 1`},
		{"negative size", func(g *Builder) { g.IDs("x", -1) }, "every axis must be at least 1"},
		{"huge size", func(g *Builder) { g.Input("x", 1<<40, 1<<40) }, "more than 2147483648 elements"},
		{"huge constant", func(g *Builder) { g.Zeros(1<<20, 1<<20) }, "graph: Const: shape [1048576 1048576]: more than"},
		{"huge parameter", func(g *Builder) { g.Param("W", Zeros, math.MaxInt, 2) }, `graph: parameter "W": shape`},
		{"huge product", func(g *Builder) { g.MatMulT(g.Input("a", 1<<20, 1), g.Input("b", 1<<20, 1)) }, "more than 2147483648 elements"},
		{"huge one-hot", func(g *Builder) { g.OneHot(g.IDs("i", 1<<20), 1<<20) }, "more than 2147483648 elements"},
		{"huge mask", func(g *Builder) { g.Train = true; g.DropMask(0.5, 1<<20, 1<<20) }, "graph: Dropout: shape"},
		{"parameter of no shape", func(g *Builder) { g.Param("W", Zeros) }, "a name, an initialiser and a shape are needed"},
		{"parameter without initialiser", func(g *Builder) { g.Param("W", nil, 2) }, "a name, an initialiser and a shape are needed"},
		{"parameter without name", func(g *Builder) { g.Param("", Zeros, 2) }, "a name, an initialiser and a shape are needed"},
		{
			"parameter twice", func(g *Builder) { g.Param("W", Zeros, 2); g.Param("W", Zeros, 2) },
			`graph: parameter "W" is bound twice; call the same step twice to share it`,
		},
		{"initialiser that panics", func(g *Builder) {
			g.Param("W", func([]float64, []int, *rand.Rand) { panic("no luck") }, 2)
		}, "graph: the formula panicked: no luck"},
		{"input without name", func(g *Builder) { g.Input("", 2) }, "graph: an input needs a name"},
		{"input twice", func(g *Builder) { g.Input("x", 2); g.IDs("x", 2) }, `graph: the name "x" is taken`},
		{"output twice", in(func(g *Builder, x *Node) { g.Output("y", x); g.Output("y", x) }), `graph: output "y" is named twice`},
		{"output like an input", in(func(g *Builder, x *Node) { g.Output("x", x) }), `graph: output "x": the name is that of an input`},
		{"input like an output", in(func(g *Builder, x *Node) { g.Output("y", x); g.Input("y", 2) }), `graph: the name "y" is taken`},
		{"output without name", in(func(g *Builder, x *Node) { g.Output("", x) }), "graph: an output needs a name"},
		{"tap like an output", in(func(g *Builder, x *Node) { g.Output("y", x); g.Tap("y", x) }), `graph: output "y" is named twice`},
		{"taps of several shapes", in(func(g *Builder, x *Node) { g.Tap("y", x); g.Tap("y", g.Zeros(4)) }), "graph: Stack: shapes [2 3] and [4]"},
		{"no output", in(func(*Builder, *Node) {}), "graph: the formula has no output; Output, Minimise or Next make one"},
		{"loss that is no scalar", func(g *Builder) { g.Train = true; g.Minimise("loss", g.Zeros(2)) }, "graph: Minimise: shape [2]: a scalar of floats is needed"},
		{"two losses", func(g *Builder) {
			g.Train = true
			x := g.SumAll(g.Param("p", Zeros, 2))
			g.Minimise("a", x)
			g.Minimise("b", x)
		}, "graph: Minimise: called twice; add the losses"},

		{"state of nothing", func(g *Builder) { g.Carry("s", nil) }, `graph: Carry: state "s" has no tensors`},
		{"state of nil", func(g *Builder) { g.Carry("s", []*Node{nil}) }, `graph: Carry: tensor 0 of state "s" is not a node of this builder`},
		{"state that is no constant", in(func(g *Builder, x *Node) { g.Carry("s", []*Node{x}) }), `graph: Carry: tensor 0 of state "s" must begin as a constant, not as Input`},
		{"state twice", func(g *Builder) { g.Carry("s", []*Node{g.Zeros(2)}); g.Carry("s", []*Node{g.Zeros(2)}) }, `graph: the name "s/0" is taken`},
		{"Next without Carry", in(func(g *Builder, x *Node) { g.Next("s", []*Node{x}) }), `graph: Next: state "s" has 0 tensors, got 1`},
		{"Carry without Next", func(g *Builder) { g.Carry("s", []*Node{g.Zeros(2)}) }, `graph: state "s" is carried, but Next does not say what it becomes`},
		{"Next of too few", func(g *Builder) {
			g.Next("s", g.Carry("s", []*Node{g.Zeros(2), g.Zeros(3)})[:1])
		}, `graph: state "s" is carried, but Next does not say what it becomes`},
		{"Next of too many", func(g *Builder) {
			s := g.Carry("s", []*Node{g.Zeros(2)})
			g.Next("s", append(s, s...))
		}, `graph: Next: state "s" has 1 tensors, got 2`},
		{"Next of nil", func(g *Builder) { g.Carry("s", []*Node{g.Zeros(2)}); g.Next("s", []*Node{nil}) }, `graph: Next: tensor 0 of state "s" is not a float node`},
		{"Next of another shape", in(func(g *Builder, x *Node) {
			g.Carry("s", []*Node{g.Zeros(2)})
			g.Next("s", []*Node{x})
		}), `graph: Next: shapes [2] and [2 3] do not agree: state "s" must keep its shapes`},

		{"gradient of nil", in(func(g *Builder, x *Node) { g.Grad([]*Node{nil}, nil, []*Node{x}) }), "graph: Grad: output 0 is not a float node of this builder"},
		{"gradient in nil", in(func(g *Builder, x *Node) { g.Grad([]*Node{x}, nil, []*Node{nil}) }), "graph: Grad: variable 0 is not a float node of this builder"},
		{"gradient in ids", in(func(g *Builder, x *Node) { g.Grad([]*Node{x}, nil, []*Node{g.IDs("i", 2)}) }), "graph: Grad: variable 0 is not a float node"},
		{
			"seed of another shape", in(func(g *Builder, x *Node) { g.Grad([]*Node{x}, []*Node{g.Zeros(3)}, []*Node{x}) }),
			"graph: Grad: shapes [2 3] and [3] do not agree: the seed of output 0 needs its shape",
		},
		{"foreign seed", in(func(g *Builder, x *Node) { g.Grad([]*Node{x}, []*Node{foreign}, []*Node{x}) }), "graph: Grad: seed 0 is not a float node of this builder"},
		{"too many seeds", in(func(g *Builder, x *Node) { g.Grad([]*Node{x}, []*Node{nil, nil}, []*Node{x}) }), "graph: Grad: 2 seeds for 1 outputs"},

		{"probability of 1", in(func(g *Builder, x *Node) { g.Dropout(x, 1) }), "graph: Dropout: the probability must be in [0, 1), got 1"},
		{"negative probability", in(func(g *Builder, x *Node) { g.Dropout(x, -0.1) }), "got -0.1"},
		{"probability NaN", in(func(g *Builder, x *Node) { g.Dropout(x, math.NaN()) }), "got NaN"},
		{"formula that panics", func(*Builder) { panic("a user's") }, "graph: the formula panicked: a user's"},
		{"failure of the formula", func(g *Builder) { g.Scope("enc").Fail(errors.New("no layers")) }, "graph: enc: no layers"},
	}
}

// Every misuse is an error that says what is wrong and where; nothing panics,
// and what is built after it changes nothing.
func TestMisuse(t *testing.T) {
	for _, m := range misuses() {
		t.Run(m.name, func(t *testing.T) {
			for _, opts := range [][]Option{nil, {Plain}} {
				p, err := Build(NewParams(1), Key{B: 2, T: 2}, func(g *Builder) {
					m.f(g)
					if m.name != "no output" {
						g.Output("last", g.Add(g.Zeros(2), g.Const(1, 2)))
					}
				}, opts...)
				require.ErrorContains(t, err, m.want)
				assert.Nil(t, p)
				assert.NotContains(t, err.Error(), "runtime error")
			}
		})
	}
}

// The first error stays: what follows returns placeholders, never nil, in the
// number that is asked for, and does nothing.
func TestFirstErrorStays(t *testing.T) {
	_, err := Build(NewParams(1), Key{B: 2}, func(g *Builder) {
		s := g.Scope("layer0")
		x := s.MatMul(g.Input("x", 2, 3), g.Input("y", 2, 3))
		first := g.Err()
		require.Error(t, first)
		n := len(g.values)
		a, b, c, d := g.Chunk4(x)
		nodes := []*Node{
			x, a, b, c, d, g.Add(x, nil), g.Affine(x, x, x), g.Affine(x), g.MatMul(x, x), g.At(x, 3), g.Rows(x, 0, 9), g.Stack(), g.Stack(x, x),
			g.Concat(), g.Concat(x), g.Gather(x, x), g.OneHot(x, -1), g.Where(x, x, x), g.Param("W", nil), g.Input("x"), g.IDs("i", -1), g.Const(1, -1),
			g.Dropout(x, 0.5), g.Dropout(x, 7), g.MaskWith(x, nil), g.Alias(x), g.Sum(x), g.Sum(), g.Mean(x), g.SumAll(x), g.Scale(x, 2), g.Scale(x, 1), g.Softmax(x),
			g.CrossEntropy(x, x), g.WeightedCrossEntropy(x, x, x), g.Apply(nil, x), g.LengthMask(x, 0), g.ArgMax(x), g.Cols(x, 0, 1), g.MatMulT(x, x),
		}
		nodes = append(nodes, g.Carry("s", []*Node{x, x})...)
		nodes = append(nodes, g.Grad([]*Node{x}, nil, []*Node{x, x, x})...)
		for i, n := range nodes {
			require.NotNil(t, n, "node %d", i)
			assert.NotNil(t, n.Shape)
		}
		assert.Len(t, g.Chunk(x, 5), 5)
		assert.Empty(t, g.Chunk(x, -5))
		assert.Nil(t, g.Shape(x))
		g.Next("s", []*Node{x})
		g.Output("y", x)
		g.Tap("z", x)
		g.Minimise("loss", x)
		g.Fail(errors.New("another"))
		assert.Same(t, first, g.Err())
		assert.Len(t, g.values, n)
	})
	assert.EqualError(t, err, "graph: layer0: MatMul: shapes [2 3] and [2 3] do not agree: 3 != 2")
	var shape *ShapeError
	require.ErrorAs(t, err, &shape)
	assert.Equal(t, &ShapeError{Op: "MatMul", Shapes: [][]int{{2, 3}, {2, 3}}, Reason: "3 != 2"}, shape)
}

// What a placeholder upsets in the formula is of no interest: the error that
// came first is reported.
func TestPanicAfterAnError(t *testing.T) {
	_, err := Build(NewParams(1), Key{}, func(g *Builder) {
		parts := g.Unstack(g.Tanh(nil))
		g.Output("y", parts[7])
	})
	assert.EqualError(t, err, "graph: Tanh: operand 0 is not a node of this builder")
}

func TestFailWithoutError(t *testing.T) {
	_, err := Build(NewParams(1), Key{}, func(g *Builder) {
		g.Fail(nil)
		g.Output("y", g.Zeros(1))
	})
	assert.NoError(t, err)
}

func TestNegativeKey(t *testing.T) {
	for _, key := range []Key{{B: -1}, {T: -1}, {N: -1}} {
		_, err := Build(NewParams(1), key, func(g *Builder) { g.Output("y", g.Zeros(1)) })
		assert.ErrorContains(t, err, "graph: sizes must not be negative")
	}
}

func TestErrorOfManyOperands(t *testing.T) {
	_, err := Build(NewParams(1), Key{}, func(g *Builder) {
		x := g.Zeros(2, 1)
		g.Concat(x, x, x, x, x, x, g.Zeros(3, 1))
	})
	assert.EqualError(t, err, "graph: Concat: shapes [2 1], [2 1], [2 1], [2 1] and 3 more: all axes but the last must be equal")
}

// An id outside its table is an error of the run, with its place; the carried
// state is as before, and the next run may be right.
func TestIDOutside(t *testing.T) {
	p, err := Build(NewParams(1), Key{B: 2, T: 3, Train: true}, smallLSTM(4, 5, nil))
	require.NoError(t, err)
	setText(t, p, 5)
	require.NoError(t, p.Run())
	before, _ := p.State("state")
	require.NoError(t, p.SetIDs("ids", []int{0, 1, 2, 5, 0, 0}))
	assert.EqualError(t, p.Run(), "graph: step 1: Gather: id 5 at position [1 1] is outside [0, 5)")
	require.NoError(t, p.SetIDs("ids", []int{0, 1, 2, 3, -1, 0}))
	assert.EqualError(t, p.Run(), "graph: step 2: Gather: id -1 at position [2 0] is outside [0, 5)")
	after, _ := p.State("state")
	assert.Equal(t, before, after)
	setText(t, p, 5)
	require.NoError(t, p.SetIDs("target", []int{0, 0, 0, 0, 0, 9}))
	assert.EqualError(t, p.Run(), "graph: CrossEntropy: id 9 at position [2 1] is outside [0, 5)")
	setText(t, p, 5)
	assert.NoError(t, p.Run())
}

// A step inside of a step is part of it: errors name the outer one.
func TestStepsInSteps(t *testing.T) {
	_, err := Build(NewParams(1), Key{B: 1}, func(g *Builder) {
		g.InStep(3, func() {
			g.InStep(0, func() { g.Scope("inner").Tanh(g.Zeros(1)) })
			g.InStep(1, func() { g.Scope("inner").MatMul(g.Zeros(2, 3), g.Zeros(4, 5)) })
		})
	})
	require.ErrorContains(t, err, "inner/step 3: MatMul")
	_, err = Build(NewParams(1), Key{B: 1}, func(g *Builder) {
		g.InStep(3, func() { g.InStep(0, func() {}) })
		g.MatMul(g.Zeros(2, 3), g.Zeros(4, 5))
	})
	require.ErrorContains(t, err, "graph: MatMul")
}
