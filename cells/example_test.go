package cells_test

import (
	"fmt"
	"log"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// run builds a formula for one row and three steps, gives the parameters the
// values and prints the output y.
func run(values map[string][]float64, formula func(g *graph.Builder)) {
	params := graph.NewParams(1)
	prog, err := graph.Build(params, graph.Key{B: 1, T: 3}, formula)
	if err != nil {
		log.Fatal(err)
	}
	for path, w := range values {
		if err := params.Set(path, w); err != nil {
			log.Fatal(err)
		}
	}
	if err := prog.Run(); err != nil {
		log.Fatal(err)
	}
	y, err := prog.Floats("y")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%v %.4f\n", prog.Shape("y"), y)
}

// The form of many lectures, h_t = tanh(Whh' h_{t-1} + Wxh' x_t) and
// y_t = Why' h_t, along a sequence of ones.
func ExampleRNN() {
	weights := map[string][]float64{"Wx": {0.5}, "Wh": {1}, "Why": {2}}
	run(weights, func(g *graph.Builder) {
		rnn := cells.RNN{In: 1, Hidden: 1, NoBias: true, Output: 1}
		xs := g.Const(1, g.T, g.B, 1)
		ys, _ := cells.Unroll(g, rnn.Bind(g), xs, cells.Seq{Init: rnn.Zero(g)})
		g.Output("y", ys)
	})
	// Output: [3 1 1] [0.9242 1.4904 1.6939]
}

// With the output gate half open the state shows half of the memory, which
// gains σ(20)·tanh(1) at every step and forgets nothing.
func ExampleLSTM() {
	weights := map[string][]float64{
		"Wx": {0, 0, 1, 0},   // i f u o: the candidate sees the input
		"Wh": {0, 0, 0, 0},   // nothing sees the state
		"b":  {20, 20, 0, 0}, // input and forget gates stand open
	}
	run(weights, func(g *graph.Builder) {
		lstm := cells.LSTM{In: 1, Hidden: 1}
		step, s := lstm.Bind(g), lstm.Zero(g)
		x := g.Const(1, g.B, 1)
		_, s = step(x, s)
		_, s = step(x, s)
		g.Output("y", g.Concat(s[0], s[1])) // h and c
	})
	// Output: [1 2] [0.4546 1.5232]
}

// A unit whose update gate holds three quarters of the state.
func ExampleGRU() {
	weights := map[string][]float64{
		"Wx": {0, 0, 1}, // r z n
		"Wh": {0, 0, 0},
		"b":  {0, 1.0986123, 0}, // z = σ(log 3) = 3/4
	}
	run(weights, func(g *graph.Builder) {
		gru := cells.GRU{In: 1, Hidden: 1}
		xs := g.Const(1, g.T, g.B, 1)
		ys, _ := cells.Unroll(g, gru.Bind(g), xs, cells.Seq{Init: gru.Zero(g)})
		g.Output("y", ys)
	})
	// Output: [3 1 1] [0.1904 0.3332 0.4403]
}

// A step may be any function: this one sums what it has seen, and puts out the
// sum before the input.
func ExampleUnroll() {
	run(nil, func(g *graph.Builder) {
		step := func(x *graph.Node, s cells.State) (*graph.Node, cells.State) {
			return s[0], cells.State{g.Add(s[0], x)}
		}
		xs := g.Const(2, g.T, g.B, 1)
		ys, final := cells.Unroll(g, step, xs, cells.Seq{Init: cells.State{g.Zeros(g.B, 1)}})
		g.Output("y", g.Stack(append(g.Unstack(ys), final[0])...))
	})
	// Output: [4 1 1] [0.0000 2.0000 4.0000 6.0000]
}

// Reversed, the last step is the first: outputs stay in the order of the
// inputs.
func ExampleRecurrent() {
	run(map[string][]float64{"rnn/Wx": {0.5}, "rnn/Wh": {1}}, func(g *graph.Builder) {
		layer := cells.Recurrent{Cell: cells.RNN{In: 1, Hidden: 1, NoBias: true}}
		xs := g.Const(1, g.T, g.B, 1)
		ys, _ := layer.Bind(g.Scope("rnn"))(xs, cells.Seq{Init: layer.Zero(g), Reverse: true})
		g.Output("y", ys)
	})
	// Output: [3 1 1] [0.8469 0.7452 0.4621]
}

// Two layers with dropout between them, which an evaluation leaves out. The
// cells differ; the final state has the tensors of both, the lowest first.
func ExampleStack() {
	run(nil, func(g *graph.Builder) {
		rnn := cells.Stack{
			Layers: []cells.Layer{
				cells.Recurrent{Cell: cells.LSTM{In: 1, Hidden: 2}},
				cells.Recurrent{Cell: cells.GRU{In: 2, Hidden: 3}},
			},
			Dropout: 0.2,
		}
		xs := g.Zeros(g.T, g.B, 1)
		ys, final := rnn.Bind(g.Scope("rnn"))(xs, cells.Seq{Init: rnn.Zero(g)})
		fmt.Println(g.Shape(ys), len(final), len(rnn.Layer(g, final, 0)), len(rnn.Layer(g, final, 1)))
		g.Output("y", final[2]) // h of the GRU
	})
	// Output:
	// [3 1 3] 3 2 1
	// [1 3] [0.0000 0.0000 0.0000]
}

// A stack of cells without dropout. The second layer sees the first one's
// outputs.
func ExampleOf() {
	weights := map[string][]float64{
		"rnn/layer0/Wx": {0.5}, "rnn/layer0/Wh": {1},
		"rnn/layer1/Wx": {1}, "rnn/layer1/Wh": {0},
	}
	run(weights, func(g *graph.Builder) {
		rnn := cells.Of(cells.RNN{In: 1, Hidden: 1, NoBias: true}, cells.RNN{In: 1, Hidden: 1, NoBias: true})
		xs := g.Const(1, g.T, g.B, 1)
		ys, _ := rnn.Bind(g.Scope("rnn"))(xs, cells.Seq{Init: rnn.Zero(g)})
		g.Output("y", ys)
	})
	// Output: [3 1 1] [0.4318 0.6323 0.6895]
}

// Each step has the output of the forward cell and that of the backward cell
// beside each other. The row has two steps: the third is 0.
func ExampleBidirectional() {
	weights := map[string][]float64{
		"rnn/forward/Wx": {0.5}, "rnn/forward/Wh": {1},
		"rnn/backward/Wx": {0.5}, "rnn/backward/Wh": {1},
	}
	run(weights, func(g *graph.Builder) {
		cell := cells.RNN{In: 1, Hidden: 1, NoBias: true}
		rnn := cells.Bidirectional{Forward: cell, Backward: cell}
		xs := g.Const(1, g.T, g.B, 1)
		two := g.ArgMax(g.Concat(g.Zeros(g.B, 2), g.Const(1, g.B, 1))) // commonly an input, g.IDs("lens", g.B)
		ys, _ := rnn.Bind(g.Scope("rnn"))(xs, cells.Seq{Init: rnn.Zero(g), Lens: two})
		g.Output("y", ys)
	})
	// Output: [3 1 2] [0.4621 0.7452 0.7452 0.4621 0.0000 0.0000]
}

// y = x·W + b for each row.
func ExampleDense() {
	run(map[string][]float64{"out/W": {1, 2, 3, 4}, "out/b": {10, 20}}, func(g *graph.Builder) {
		out := cells.Dense{In: 2, Out: 2}.Bind(g.Scope("out"))
		g.Output("y", out(g.Const(1, g.B, 2)))
	})
	// Output: [1 2] [14.0000 26.0000]
}

// Three ids become three rows of the table.
func ExampleEmbedding() {
	params := graph.NewParams(1)
	prog, err := graph.Build(params, graph.Key{B: 1, T: 3}, func(g *graph.Builder) {
		embed := cells.Embedding{Rows: 4, Width: 2}.Bind(g.Scope("embed"))
		g.Output("y", embed(g.IDs("ids", g.T, g.B)))
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := params.Set("embed/E", []float64{0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5}); err != nil {
		log.Fatal(err)
	}
	if err := prog.SetIDs("ids", []int{3, 0, 3}); err != nil {
		log.Fatal(err)
	}
	if err := prog.Run(); err != nil {
		log.Fatal(err)
	}
	y, _ := prog.Floats("y")
	fmt.Println(prog.Shape("y"), y)
	// Output: [3 1 2] [3 3.5 0 0.5 3 3.5]
}

// A query looks at a memory of three steps whose keys are -1, 0 and 1 away from
// it: the weights are the softmax of v·tanh(query + key).
func ExampleBahdanau() {
	weights := map[string][]float64{"attention/Wq": {1}, "attention/Wm": {1}, "attention/v": {2}}
	run(weights, func(g *graph.Builder) {
		attend := cells.Bahdanau{Query: 1, Memory: 1, Width: 1}.Bind(g.Scope("attention"))
		memory := g.Stack(g.Const(-1, g.B, 1), g.Zeros(g.B, 1), g.Const(1, g.B, 1)) // commonly an encoder's outputs
		read := attend.To(memory, nil)                                              // keys are projected here, once
		context, alpha := read(g.Zeros(g.B, 1))                                     // commonly a decoder's state
		g.Output("y", g.Concat(alpha, context))
	})
	// Output: [1 4] [0.0376 0.1723 0.7902 0.7526]
}

// The dot of query and memory is the score; the second of three steps is the
// last of its row.
func ExampleLuong() {
	run(nil, func(g *graph.Builder) {
		attend := cells.Luong{Query: 2, Memory: 2}.Bind(g.Scope("attention"))
		memory := g.OneHot(g.ArgMax(g.Const(0, 3, g.B, 2)), 2) // [1 0] three times
		two := g.ArgMax(g.Concat(g.Zeros(g.B, 2), g.Const(1, g.B, 1)))
		context, alpha := attend.To(memory, two)(g.Const(1, g.B, 2))
		g.Output("y", g.Concat(alpha, context))
	})
	// Output: [1 5] [0.5000 0.5000 0.0000 1.0000 0.0000]
}

// Back-propagation through time, term by term: dE_3/dWhh of the lecture's network of two
// units is the gradient from h_1, from h_2 and from h_3. Steps are counted from 0 here.
func Example_paths() {
	params := graph.NewParams64(1)
	formula := func(g *graph.Builder) {
		rnn := cells.RNN{In: 1, Hidden: 2, NoBias: true, Output: 1}
		ys, _ := cells.Unroll(g, rnn.Bind(g), g.Input("x", g.T, g.B, 1), cells.Seq{Init: rnn.Zero(g)})
		g.Output("E", g.Scale(g.Square(ys), 0.5))
	}
	paths, err := graph.NewPaths(params, graph.Key{B: 1, T: 3}, formula, graph.PathsOf{Loss: "E", Param: "Wh"})
	if err != nil {
		log.Fatal(err)
	}
	for name, w := range map[string][]float64{"Wx": {1, 0.5}, "Wh": {0.5, 1, -1, 0.5}, "Why": {1, 2}} {
		if err := params.Set(name, w); err != nil {
			log.Fatal(err)
		}
	}
	if err := paths.SetFloat64s("x", []float64{1, 0, -1}); err != nil {
		log.Fatal(err)
	}
	report, err := paths.Report()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(report)
	// Output:
	// h_0 = [0.761594 0.462117]
	// h_1 = [-0.081141 0.758491]
	// h_2 = [-0.946709 -0.199196]
	// dE_2/d h_0 = [-1.807204 2.391100]
	// dE_2/d h_1 = [-2.653230 -1.152185]
	// dE_2/d h_2 = [-1.345102 -2.690204]
	// dE_2/d(Wh): norm 3.24662, E_2 = 0.904649
	//   from step 0    norm 0            share    0.00 %   [0.000000 0.000000 0.000000 0.000000]
	//   from step 1    norm 2.38813      share   58.58 %   [-2.007381 -0.372665 -1.218031 -0.226124]
	//   from step 2    norm 1.97358      share   41.42 %   [0.011323 0.209625 -0.105843 -1.959530]
	//   the sum differs from the whole by 0.0e+00 of it
}
