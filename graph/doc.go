// Package graph is the engine of unroll: it turns formulas over symbolic
// Gorgonia nodes into programs that run without allocating.
//
// A formula is a Go function that receives a [Builder] and calls its methods,
// one for each operation of the field: MatMul, Affine, Sigmoid, Chunk, Gather.
// [Build] runs the function, differentiates what was asked for, plans one
// piece of memory for all values and returns a [Program]:
//
//	params := graph.NewParams(1)
//	prog, err := graph.Build(params, graph.Key{B: 2, Train: true}, func(g *graph.Builder) {
//		x := g.Input("x", g.B, 3)                    // [B, 3]
//		W := g.Param("W", graph.Glorot, 3, 1)        // [3, 1]
//		g.Minimise("loss", g.Mean(g.Square(g.MatMul(x, W))))
//	})
//	err = prog.SetFloats("x", []float32{1, 2, 3, 4, 5, 6})
//	err = prog.Run()
//	loss, err := prog.Scalar("loss")
//	gradient := params.Get("W").Grad32s()            // [3, 1], row by row
//
// [Params] holds the parameters; any number of programs share one Params, so
// what is trained in batches of 32 predicts one row at a time. A Program
// belongs to one goroutine; many programs may run while nobody writes Params.
//
// [NewPaths] takes a gradient through time apart, use by use of a parameter and by the
// states that it came through; [NewJacobians] says how far back a state is felt.
// Both build the same formula with a trace: [Builder.Pass] marks where a state is
// handed from step to step, [Builder.Expose] names what a step computes.
//
// Invariants:
//   - the first error stays in the Builder, with the path of the scope, the
//     operation and the shapes; Build returns it, and nothing panics;
//   - a value is seen as a matrix: its last axis gives the columns, all others
//     together the rows;
//   - no two nodes are merged by accident: every operation has a serial number.
//     Nodes of equal structure are merged on purpose, except aliases;
//   - a run takes sums in a fixed order, so that results repeat to the bit.
package graph
