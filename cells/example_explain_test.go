package cells_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// What becomes of an LSTM that reads 64 characters in 32 rows and learns to
// predict the next ones.
func Example_explain() {
	prog, err := graph.Build(graph.NewParams(1), graph.Key{B: 32, T: 64, Train: true}, func(g *graph.Builder) {
		lstm := cells.LSTM{In: 64, Hidden: 128}
		xs := cells.Embedding{Rows: 65, Width: 64}.Bind(g.Scope("embed"))(g.IDs("ids", g.T, g.B))
		ys, _ := cells.Unroll(g, lstm.Bind(g.Scope("rnn")), xs, cells.Seq{Init: lstm.Zero(g)})
		logits := cells.Dense{In: 128, Out: 65}.Bind(g.Scope("out"))(ys)
		g.Minimise("loss", g.CrossEntropy(logits, g.IDs("target", g.T, g.B)))
	})
	if err != nil {
		log.Fatal(err)
	}
	_, plan, _ := strings.Cut(prog.Explain(), "\n") // the first line names the processor's kernels
	fmt.Print(plan)
	// Output:
	// 336 operations in 18 segments, 133 of them matrix products of 907.7 MFLOP
	// 75.79 MB read, 24.99 MB written
	// 702 results written over an operand, 67 joined for nothing, 319 views, 0 kept with the parameters
	// 9.17 MB shared in time, 0.02 MB of inputs, outputs, state and constants
	//      133  MatMul                  52.306 MB read     7.318 MB written
	//      128  Loop                    13.550 MB read    12.517 MB written
	//       64  Gather                   4.211 MB read     4.194 MB written
	//        2  Scale                    0.000 MB read     0.000 MB written
	//        2  SumRows                  0.666 MB read     0.002 MB written
	//        1  Concat                   0.016 MB read     0.016 MB written
	//        1  CrossEntropyBoth         0.557 MB read     0.541 MB written
	//        1  Output                   0.000 MB read     0.000 MB written
	//        1  Scatter                  4.211 MB read     0.133 MB written
	//        1  Spread                   0.000 MB read     0.008 MB written
	//        1  SumAll                   0.008 MB read     0.000 MB written
	//        1  Transpose                0.262 MB read     0.262 MB written
	//       64  products of a step made with those of all steps
	//       64  products with looked-up rows exchanged for a look-up
	//       63  products of a gradient made as one of stacked rows
	//       63  products with a transposed copy of weights
	//        1  products with zeros left out
	//        1  values of all steps made step by step
}
