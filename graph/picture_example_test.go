package graph_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/unroll-go/unroll/graph"
)

func ExampleProgram_DOT() {
	prog, err := graph.Build(graph.NewParams(1), graph.Key{B: 2}, func(g *graph.Builder) {
		x := g.Input("x", g.B, 3)
		g.Output("y", g.Sigmoid(g.MatMul(x, g.Param("W", graph.Glorot, 3, 1))))
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	var dot strings.Builder
	if err := prog.DOT(&dot); err != nil { // for: dot -Tsvg formula.dot >formula.svg
		fmt.Println(err)
	}
	for line := range strings.Lines(dot.String()) {
		if node, _, ok := strings.Cut(line, ", tooltip"); ok {
			fmt.Println(strings.TrimSpace(node))
		}
	}
	// Output:
	// n0 [label="x\n[2, 3]"
	// n1 [label="W\n[3, 1]"
	// n2 [label="MatMul a·b\n[2, 1]"
	// n3 [label="Sigmoid\n[2, 1]"
	// n4 [label="y\n[2, 1]"
}

// A recurrent network of three steps as a picture for a browser; with
// Key.Train, the gradients are drawn below the steps.
func ExampleProgram_SVG() {
	prog, err := graph.Build(graph.NewParams(1), graph.Key{B: 2, T: 3, Train: true}, func(g *graph.Builder) {
		Wx := g.Param("Wx", graph.Glorot, 4, 5)
		Wh := g.Param("Wh", graph.Orthogonal, 5, 5)
		h := g.Zeros(g.B, 5)
		for t, x := range g.Unstack(g.Input("x", g.T, g.B, 4)) {
			g.InStep(t, func() { h = g.Tanh(g.Affine(nil, x, Wx, h, Wh)) }) // [B, 5]
		}
		g.Minimise("loss", g.Mean(g.Square(h)))
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	file, err := os.CreateTemp("", "formula*.svg")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.Remove(file.Name())
	fmt.Println(prog.SVG(file), file.Close())
	// Output: <nil> <nil>
}

// Each cell of a recurrent network is one box for each time step; the cell of
// step 1 is open and shows its operations.
func ExampleProgram_Sketch() {
	prog, err := graph.Build(graph.NewParams(1), graph.Key{B: 2, T: 50}, func(g *graph.Builder) {
		s := g.Scope("rnn")
		Wx, Wh := s.Param("Wx", graph.Glorot, 4, 5), s.Param("Wh", graph.Orthogonal, 5, 5)
		h := g.Zeros(g.B, 5)
		for t, x := range g.Unstack(g.Input("x", g.T, g.B, 4)) {
			s.InStep(t, func() { h = s.Tanh(s.Affine(nil, x, Wx, h, Wh)) }) // [B, 5]
		}
		g.Output("h", h)
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	var svg strings.Builder
	err = prog.Sketch(&svg, graph.Sketch{Collapse: true, Open: []int{1}})
	fmt.Println(err, strings.Count(svg.String(), `>rnn</text>`) > 48, strings.Count(svg.String(), `>Tanh</text>`))
	// Output: <nil> true 1
}
