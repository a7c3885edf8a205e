package graph_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/graph/gradcheck"
)

// gradCase is an operation on parameters p0, p1, .. of the given shapes.
type gradCase struct {
	name   string
	shapes [][]int
	f      func(g *graph.Builder, p []*graph.Node) *graph.Node
	key    graph.Key
	first  bool // only the first derivative exists
}

type node = *graph.Node

func shapes(s ...[]int) [][]int { return s }

// above is x made larger than 0.5, for operations that want it so.
func above(g *graph.Builder, x node) node { return g.AddConst(g.Square(x), 0.5) }

func one(f func(g *graph.Builder, x node) node) func(*graph.Builder, []node) node {
	return func(g *graph.Builder, p []node) node { return f(g, p[0]) }
}

func two(f func(g *graph.Builder, a, b node) node) func(*graph.Builder, []node) node {
	return func(g *graph.Builder, p []node) node { return f(g, p[0], p[1]) }
}

var (
	m23 = []int{2, 3}
	m34 = []int{3, 4}
	v3  = []int{3}
	c21 = []int{2, 1}
	seq = []int{2, 3, 4} // a sequence [T, B, D]
)

func ids(g *graph.Builder, shape ...int) node { return g.IDs("ids", shape...) }

func gradCases() []gradCase {
	type b = *graph.Builder
	cases := []gradCase{
		{name: "Sigmoid", shapes: shapes(m23), f: one(b.Sigmoid)},
		{name: "Tanh", shapes: shapes(m23), f: one(b.Tanh)},
		{name: "ReLU", shapes: shapes(m23), f: one(b.ReLU)},
		{name: "Exp", shapes: shapes(m23), f: one(b.Exp)},
		{name: "Log", shapes: shapes(m23), f: one(func(g b, x node) node { return g.Log(above(g, x)) })},
		{name: "Sqrt", shapes: shapes(m23), f: one(func(g b, x node) node { return g.Sqrt(above(g, x)) })},
		{name: "Square", shapes: shapes(m23), f: one(b.Square)},
		{name: "Abs", shapes: shapes(m23), f: one(b.Abs)},
		{name: "Neg", shapes: shapes(m23), f: one(b.Neg)},
		{name: "Scale", shapes: shapes(m23), f: one(func(g b, x node) node { return g.Scale(g.Scale(x, 3), -0.5) })},
		{name: "AddConst", shapes: shapes(m23), f: one(func(g b, x node) node { return g.AddConst(x, 2) })},
		{name: "Tanh of a scalar", shapes: shapes(nil), f: one(b.Tanh)},

		{name: "MatMul", shapes: shapes(m23, m34), f: two(b.MatMul)},
		{name: "MatMul of a vector", shapes: shapes(v3, m34), f: two(b.MatMul)},
		{name: "MatMul of a sequence", shapes: shapes(seq, []int{4, 5}), f: two(b.MatMul)},
		{name: "MatMul of a parameter by itself", shapes: shapes([]int{3, 3}), f: one(func(g b, x node) node { return g.MatMul(x, x) })},
		{name: "MatMulT", shapes: shapes(m23, []int{4, 3}), f: two(b.MatMulT)},
		{name: "MatMulT of a sequence", shapes: shapes(seq, []int{5, 4}), f: two(b.MatMulT)},
		{name: "MatMulT of a vector", shapes: shapes(v3, []int{4, 3}), f: two(b.MatMulT)},
		{name: "MatMulT of a parameter by itself", shapes: shapes(m23), f: one(func(g b, x node) node { return g.MatMulT(x, x) })},
		{name: "Affine", shapes: shapes([]int{4}, m23, m34, c21, []int{1, 4}), f: func(g b, p []node) node {
			return g.Affine(p[0], p[1:]...)
		}},
		{name: "Affine without bias", shapes: shapes(m23, m34), f: func(g b, p []node) node { return g.Affine(nil, p...) }},
		{name: "Affine with a full addend", shapes: shapes([]int{3, 3}, m23), f: func(g b, p []node) node {
			return g.Affine(p[1], p[1], p[0]) // x + x·W
		}},
		{name: "Affine of a vector", shapes: shapes([]int{4}, v3, m34), f: func(g b, p []node) node { return g.Affine(p[0], p[1:]...) }},
		{name: "Affine of joined columns", shapes: shapes([]int{4}, m23, c21, []int{4, 4}), f: func(g b, p []node) node {
			return g.Affine(p[0], g.Concat(p[1], p[2]), p[3])
		}},
		{name: "Affine of swept rows", shapes: shapes([]int{5}, seq, []int{4, 5}, []int{5, 5}), f: func(g b, p []node) node {
			h := g.Zeros(3, 5)
			var hs []node
			for s, x := range g.Unstack(p[1]) {
				g.InStep(s, func() { h = g.Tanh(g.Affine(p[0], x, p[2], h, p[3])) })
				hs = append(hs, h)
			}
			return g.Stack(hs...)
		}},
		{name: "MatMul of looked-up rows", shapes: shapes([]int{3, 2}, []int{2, 4}), f: two(func(g b, E, W node) node {
			return g.MatMul(g.Gather(E, ids(g, 2, 3)), W)
		})},

		{name: "BatchMatMul", shapes: shapes([]int{2, 3, 4}, []int{4, 3, 5}), f: two(b.BatchMatMul)},
		{name: "BatchMatMul of one step", shapes: shapes(m34, []int{4, 3, 2}), f: two(b.BatchMatMul)},
		{name: "BatchMatMul of a row", shapes: shapes([]int{2, 1, 3}, []int{3, 1, 2}), f: two(b.BatchMatMul)},
		{name: "BatchMatMul of a parameter by itself", shapes: shapes([]int{3, 2, 3}), f: one(func(g b, x node) node { return g.BatchMatMul(x, x) })},
		{name: "BatchMatMulT", shapes: shapes([]int{2, 3, 4}, []int{5, 3, 4}), f: two(b.BatchMatMulT)},
		{name: "BatchMatMulT of one step", shapes: shapes(m34, []int{5, 3, 4}), f: two(b.BatchMatMulT)},
		{name: "BatchMatMulT of a parameter by itself", shapes: shapes(seq), f: one(func(g b, x node) node { return g.BatchMatMulT(x, x) })},
		{name: "BatchMatMul of a memory in each step", shapes: shapes(seq, seq), f: two(func(g b, x, memory node) node {
			h := g.Zeros(3, 4)
			for s, q := range g.Unstack(x) {
				g.InStep(s, func() { h = g.Tanh(g.Add(q, g.BatchMatMul(g.BatchMatMulT(g.Add(h, q), memory), memory))) })
			}
			return h
		})},
		{name: "AdditiveScores", shapes: shapes(seq, []int{5, 3, 4}, []int{4}), f: additiveOf},
		{name: "AdditiveScores of one step", shapes: shapes(m34, []int{5, 3, 4}, []int{4}), f: additiveOf},
		{name: "AdditiveScores of a key and a parameter by itself", shapes: shapes([]int{1, 3, 4}, []int{4}), f: func(g b, p []node) node {
			return g.AdditiveScores(p[0], p[0], p[1])
		}},
		{name: "AdditiveScores in each step", shapes: shapes(seq, []int{4, 3, 4}, []int{4}), f: func(g b, p []node) node {
			h := g.Zeros(3, 4)
			for s, q := range g.Unstack(p[0]) {
				g.InStep(s, func() { h = g.Tanh(g.BatchMatMul(g.AdditiveScores(g.Add(h, q), p[1], p[2]), p[1])) })
			}
			return h
		}},
		{name: "SwapAxes", shapes: shapes(seq), f: one(func(g b, x node) node { return g.Square(g.SwapAxes(x)) })},
		{name: "MaskedSoftmax", shapes: shapes([]int{3, 4}), f: one(func(g b, x node) node { return g.MaskedSoftmax(x, ids(g, 3)) })},
		{name: "MaskedSoftmax of a sequence", shapes: shapes(seq), f: one(func(g b, x node) node { return g.MaskedSoftmax(x, ids(g, 3)) })},

		{name: "Chunk", shapes: shapes([]int{2, 6}), f: one(func(g b, x node) node {
			p, q, r := g.Chunk3(x)
			return g.Add(g.Mul(p, q), r)
		})},
		{name: "Chunk2, Chunk4", shapes: shapes([]int{2, 4}), f: one(func(g b, x node) node {
			p, q := g.Chunk2(x)
			r, s, u, v := g.Chunk4(x)
			return g.Mul(g.Mul(p, q), g.Mul(g.Mul(r, s), g.Mul(u, v)))
		})},
		{name: "Cols that overlap", shapes: shapes([]int{2, 4}), f: one(func(g b, x node) node { return g.Mul(g.Cols(x, 1, 4), g.Cols(x, 0, 3)) })},
		{name: "Cols of joined columns", shapes: shapes(m23, c21), f: two(func(g b, x, y node) node { return g.Cols(g.Tanh(g.Concat(x, y)), 1, 4) })},
		{name: "Concat", shapes: shapes(m23, c21), f: two(func(g b, x, y node) node { return g.Concat(x, y, x) })},
		{name: "Rows that overlap", shapes: shapes([]int{4, 2}), f: one(func(g b, x node) node { return g.Sub(g.Rows(x, 1, 4), g.Rows(x, 0, 3)) })},
		{name: "Rows of a sequence", shapes: shapes(seq), f: one(func(g b, x node) node { return g.Rows(x, 1, 2) })},
		{name: "At", shapes: shapes(seq), f: one(func(g b, x node) node { return g.Mul(g.At(x, 1), g.At(x, 1)) })},
		{name: "Unstack", shapes: shapes(seq), f: one(func(g b, x node) node {
			p := g.Unstack(x)
			return g.Mul(p[0], p[1])
		})},
		{name: "Stack", shapes: shapes(m23, m23), f: two(func(g b, x, y node) node { return g.Stack(x, y, x) })},
		{name: "Stack of stacks", shapes: shapes(m23, m23), f: two(func(g b, x, y node) node { return g.Stack(g.Stack(x, y), g.Tanh(g.Stack(y, y))) })},
		{name: "Stack of vectors", shapes: shapes(v3, v3), f: two(func(g b, x, y node) node { return g.Stack(y, x, y) })},

		{name: "Gather", shapes: shapes([]int{5, 2}), f: one(func(g b, E node) node { return g.Gather(E, ids(g, 3)) })},
		{name: "Gather twice", shapes: shapes([]int{5, 2}), f: one(func(g b, E node) node {
			return g.Mul(g.Gather(E, ids(g, 2, 3)), g.Gather(E, g.IDs("more", 2, 3)))
		})},
		{name: "Gather of one row", shapes: shapes([]int{5, 2}), f: one(func(g b, E node) node { return g.Gather(E, ids(g)) })},
		{name: "Where", shapes: shapes(m23, m23), f: two(func(g b, x, y node) node { return g.Where(g.Input("mask", 2, 3), x, y) })},
		{name: "Where by rows", shapes: shapes(m23, m23), f: two(func(g b, x, y node) node { return g.Where(g.Input("mask", 2, 1), x, y) })},
		{name: "Softmax", shapes: shapes(m23), f: one(b.Softmax)},
		{name: "LogSoftmax", shapes: shapes(m23), f: one(b.LogSoftmax)},
		{name: "Softmax of a vector", shapes: shapes(v3), f: one(b.Softmax)},
		{name: "CrossEntropies", shapes: shapes([]int{2, 5}), f: one(func(g b, x node) node { return g.CrossEntropies(x, ids(g, 2)) })},
		{name: "SmoothCrossEntropies", shapes: shapes([]int{2, 5}), f: one(func(g b, x node) node {
			return g.SmoothCrossEntropies(x, ids(g, 2), 0.2)
		})},
		{name: "CrossEntropies of one row", shapes: shapes([]int{5}), f: one(func(g b, x node) node { return g.CrossEntropies(x, ids(g)) })},
		{name: "CrossEntropy", shapes: shapes([]int{2, 3, 5}), f: one(func(g b, x node) node { return g.CrossEntropy(x, ids(g, 2, 3)) })},
		{name: "WeightedCrossEntropy", shapes: shapes([]int{2, 3, 5}, m23), f: two(func(g b, x, w node) node {
			return g.WeightedCrossEntropy(x, ids(g, 2, 3), above(g, w))
		})},
		{name: "WeightedCrossEntropy of one row", shapes: shapes([]int{5}, nil), f: two(func(g b, x, w node) node {
			return g.WeightedCrossEntropy(x, ids(g), above(g, w))
		})},

		{name: "LayerNorm", shapes: shapes(m23, v3, v3), f: layerNormOf},
		{name: "LayerNorm of a sequence", shapes: shapes(seq, []int{4}, []int{4}), f: layerNormOf},
		{name: "LayerNorm of a vector", shapes: shapes(v3, v3, v3), f: layerNormOf},
		{name: "LayerNorm of one column", shapes: shapes(c21, []int{1}, []int{1}), f: layerNormOf},
		{name: "LayerNorm of a vector by itself", shapes: shapes(v3), f: one(func(g b, x node) node { return g.LayerNorm(x, x, x, 0.1) })},
		{name: "LayerNorm without gain", shapes: shapes(m23, v3), f: two(func(g b, x, bias node) node { return g.LayerNorm(x, nil, bias, 0.1) })},
		{name: "LayerNorm without bias", shapes: shapes(m23, v3), f: two(func(g b, x, gain node) node { return g.LayerNorm(x, gain, nil, 0.1) })},
		{name: "LayerNorm alone", shapes: shapes(m23), f: one(func(g b, x node) node { return g.LayerNorm(x, nil, nil, 0.1) })},
		{name: "LayerNorm in each step", shapes: shapes(seq, []int{4}, []int{4}), f: func(g b, p []node) node {
			h := g.Zeros(3, 4)
			for s, x := range g.Unstack(p[0]) {
				g.InStep(s, func() { h = g.LayerNorm(g.Add(g.Tanh(h), x), p[1], p[2], 0.1) })
			}
			return h
		}},

		{name: "SumAll", shapes: shapes(m23), f: one(b.SumAll)},
		{name: "SumAll of a scalar", shapes: shapes(nil), f: one(b.SumAll)},
		{name: "Mean", shapes: shapes(seq), f: one(b.Mean)},
		{name: "SumRows", shapes: shapes(seq), f: one(b.SumRows)},
		{name: "SumCols", shapes: shapes(seq), f: one(b.SumCols)},
		{name: "SumCols of a vector", shapes: shapes(v3), f: one(b.SumCols)},
		{name: "Sum", shapes: shapes(m23, m23), f: two(func(g b, x, y node) node { return g.Sum(x, y, g.Mul(x, y)) })},
		{name: "Alias", shapes: shapes(m23), f: one(func(g b, x node) node { return g.Mul(g.Alias(x), g.Alias(x)) })},
		{name: "Dropout", shapes: shapes(seq), f: one(func(g b, x node) node { return g.Dropout(x, 0.4) })},
		{name: "Apply", shapes: shapes(m23), first: true, f: one(func(g b, x node) node { return g.Apply(cubeOp{}, x) })},
		{name: "Square that is an output too", shapes: shapes(m23), f: one(func(g b, x node) node {
			g.Output("y", g.Square(x))
			return g.Square(x)
		})},
	}
	return append(append(append(cases, broadcastCases()...), gradientCases()...), pictureCases()...)
}

// pictureCases are convolutions and poolings: sizes that leave a rest, strides,
// padding, windows that overlap or leave pixels out.
func pictureCases() []gradCase {
	type b = *graph.Builder
	type pair = [2]int
	conv := func(w graph.Window) func(g b, p []node) node {
		return func(g b, p []node) node { return g.Conv2D(p[0], p[1], p[2], w) }
	}
	x, W, bias := []int{2, 4, 5, 2}, []int{3, 2, 2, 3}, v3
	same := graph.Window{Pad: pair{1, 1}}
	pool := graph.Window{Size: pair{3, 2}, Stride: pair{2, 1}, Pad: pair{1, 1}}
	return []gradCase{
		{name: "Conv2D", shapes: shapes(x, W, bias), f: conv(graph.Window{})},
		{name: "Conv2D without bias", shapes: shapes(x, W), f: two(func(g b, x, W node) node { return g.Conv2D(x, W, nil, same) })},
		{name: "Conv2D with stride", shapes: shapes(x, W, bias), f: conv(graph.Window{Stride: pair{2, 3}, Pad: pair{2, 0}})},
		{name: "Conv2D of single pixels", shapes: shapes(x, []int{1, 1, 2, 3}, bias), f: conv(graph.Window{Stride: pair{2, 2}})},
		{name: "Conv2D of the whole picture", shapes: shapes(x, []int{4, 5, 2, 3}, bias), f: conv(graph.Window{})},
		{name: "Conv2D twice by one kernel", shapes: shapes(x, []int{2, 2, 2, 2}), f: two(func(g b, x, W node) node {
			return g.Conv2D(g.Tanh(g.Conv2D(x, W, nil, same)), W, nil, graph.Window{})
		})},
		{name: "Conv2D of joined channels", shapes: shapes(x, x, []int{2, 2, 4, 1}), f: func(g b, p []node) node {
			return g.Conv2D(g.Tanh(g.Concat(p[0], p[1])), p[2], nil, same)
		}},
		{name: "Conv2D of some channels", shapes: shapes(x, []int{2, 2, 1, 3}), f: two(func(g b, x, W node) node {
			return g.Conv2D(g.Cols(g.Tanh(x), 1, 2), W, nil, same)
		})},
		{name: "MaxPool", shapes: shapes(x), f: one(func(g b, x node) node { return g.MaxPool(x, graph.Window{Size: pair{2, 2}}) })},
		{name: "MaxPool of windows that overlap", shapes: shapes(x), f: one(func(g b, x node) node { return g.MaxPool(x, pool) })},
		{name: "MaxPool of many channels", shapes: shapes([]int{1, 2, 3, 130}), f: one(func(g b, x node) node {
			return g.MaxPool(x, graph.Window{Size: pair{2, 2}, Stride: pair{1, 1}})
		})},
		{name: "GlobalMaxPool", shapes: shapes(x), f: one(b.GlobalMaxPool)},
		{name: "MeanPool", shapes: shapes(x), f: one(func(g b, x node) node { return g.MeanPool(x, graph.Window{Size: pair{2, 2}}) })},
		{name: "MeanPool of windows that overlap", shapes: shapes(x), f: one(func(g b, x node) node { return g.MeanPool(x, pool) })},
		{name: "GlobalMeanPool", shapes: shapes(x), f: one(b.GlobalMeanPool)},
		{name: "Positions", shapes: shapes(x), f: one(func(g b, x node) node { return g.Mul(g.At(g.Positions(x), 3), g.At(g.Positions(x), 1)) })},
		{name: "gradient of MaxPool", shapes: shapes(x), f: func(g b, p []node) node {
			y := g.Square(g.MaxPool(g.Tanh(p[0]), pool))
			return g.Grad([]node{y}, nil, p)[0]
		}},
	}
}

// additiveOf is AdditiveScores of queries, keys and a vector.
func additiveOf(g *graph.Builder, p []node) node { return g.AdditiveScores(p[0], p[1], p[2]) }

// layerNormOf is LayerNorm of a parameter, its gain and its bias.
func layerNormOf(g *graph.Builder, p []node) node { return g.LayerNorm(p[0], p[1], p[2], 0.1) }

// broadcastCases are the four functions of two operands on every pair of
// shapes that go together, in both orders.
func broadcastCases() []gradCase {
	type b = *graph.Builder
	fs := []struct {
		name string
		f    func(g b, x, y node) node
	}{
		{"Add", b.Add},
		{"Sub", b.Sub},
		{"Mul", b.Mul},
		{"Div", func(g b, x, y node) node { return g.Div(x, above(g, y)) }},
	}
	patterns := []struct {
		name string
		full []int
		part []int
	}{
		{"equal", m23, m23},
		{"scalar", m23, nil},
		{"row", m23, v3},
		{"column", m23, c21},
		{"row of a sequence", seq, []int{4}},
		{"column of a sequence", seq, []int{2, 3, 1}},
		{"scalar of a vector", v3, nil},
		{"one element of a vector", v3, []int{1}},
		{"scalars", nil, nil},
		{"one column", c21, []int{1}},
	}
	var cases []gradCase
	for _, f := range fs {
		for _, p := range patterns {
			cases = append(cases,
				gradCase{name: f.name + "/" + p.name, shapes: shapes(p.full, p.part), f: two(f.f)},
				gradCase{name: f.name + "/" + p.name + ", other order", shapes: shapes(p.part, p.full), f: two(f.f)})
		}
		cases = append(cases, gradCase{name: f.name + "/of one node", shapes: shapes(m23), f: one(func(g b, x node) node { return f.f(g, x, x) })})
	}
	return cases
}

// gradientCases contain operations that only gradients are made of.
func gradientCases() []gradCase {
	type b = *graph.Builder
	grad := func(f func(g b, p []node) node) func(g b, p []node) node {
		return func(g b, p []node) node { return g.Grad([]node{f(g, p)}, nil, p[:1])[0] }
	}
	return []gradCase{
		{name: "gradient of Gather", shapes: shapes([]int{5, 2}, []int{2, 3}), f: grad(func(g b, p []node) node {
			return g.Square(g.MatMul(g.Gather(p[0], ids(g, 2, 3)), p[1]))
		})},
		{name: "gradient of two Gathers", shapes: shapes([]int{5, 2}), f: grad(func(g b, p []node) node {
			return g.Mul(g.Square(g.Gather(p[0], ids(g, 2, 3))), g.Gather(p[0], g.IDs("more", 2, 3)))
		})},
		{name: "gradient of an addend row", shapes: shapes(v3, m23, []int{3, 3}), f: grad(func(g b, p []node) node {
			return g.Mul(g.Square(g.Affine(p[0], p[1], p[2])), g.Square(g.Add(p[1], p[0])))
		})},
		{name: "gradient of Column", shapes: shapes(m23, []int{2, 3, 5}), f: grad(func(g b, p []node) node {
			return g.WeightedCrossEntropy(p[1], ids(g, 2, 3), above(g, p[0]))
		})},
		{name: "gradient of SmoothCrossEntropies", shapes: shapes([]int{2, 5}), f: grad(func(g b, p []node) node {
			return g.Square(g.SmoothCrossEntropies(p[0], ids(g, 2), 0.3))
		})},
		{name: "gradient of CrossEntropies", shapes: shapes([]int{2, 5}), f: grad(func(g b, p []node) node {
			return g.Square(g.CrossEntropies(p[0], ids(g, 2)))
		})},
		{name: "gradient of Sigmoid, Tanh, Softmax, LogSoftmax", shapes: shapes(m23), f: grad(func(g b, p []node) node {
			return g.Mul(g.Square(g.Mul(g.Sigmoid(p[0]), g.Tanh(p[0]))), g.Mul(g.Softmax(p[0]), g.LogSoftmax(p[0])))
		})},
		{name: "gradient of LayerNorm", shapes: shapes(m23, v3, v3), f: grad(func(g b, p []node) node { return g.Square(layerNormOf(g, p)) })},
		{name: "gradient of LayerNorm in the gain", shapes: shapes(v3, m23, v3), f: grad(func(g b, p []node) node {
			return g.Square(g.LayerNorm(p[1], p[0], p[2], 0.1))
		})},
		{name: "gradient of ReLU, Abs", shapes: shapes(m23), f: grad(func(g b, p []node) node {
			return g.Mul(g.Square(g.ReLU(g.AddConst(p[0], 0.1))), g.Abs(p[0]))
		})},
		{name: "gradient of BatchMatMul, BatchMatMulT", shapes: shapes(seq, []int{4, 3, 2}), f: grad(func(g b, p []node) node {
			y := g.Square(g.BatchMatMul(p[0], p[1]))
			return g.BatchMatMulT(y, g.Square(p[1]))
		})},
		{name: "gradient of a memory in each step", shapes: shapes(seq, seq), f: grad(func(g b, p []node) node {
			h, lens := g.Zeros(3, 4), ids(g, 3)
			for s, q := range g.Unstack(p[0]) {
				g.InStep(s, func() { h = g.Tanh(g.BatchMatMul(g.MaskedSoftmax(g.BatchMatMulT(g.Add(h, q), p[1]), lens), p[1])) })
			}
			return h
		})},
		{name: "gradient of rows of another shape", shapes: shapes(seq, []int{4, 4}), f: grad(func(g b, p []node) node {
			return g.Mul(g.Rows(p[0], 0, 1), g.Square(g.Rows(g.MatMul(p[0], p[1]), 1, 2)))
		})},
	}
}

// formula binds the parameters of a case. Its loss weighs the elements of the
// result differently; with second it is made of the gradients of that.
func (c gradCase) formula(second bool, seen func(g *graph.Builder, loss node)) func(g *graph.Builder) {
	return func(g *graph.Builder) {
		var ps []node
		for i, s := range c.shapes {
			// a scalar is the only element of a parameter [1]
			if s == nil {
				ps = append(ps, g.SumAll(g.Param("p"+string(rune('0'+i)), graph.Normal(1), 1)))
				continue
			}
			ps = append(ps, g.Param("p"+string(rune('0'+i)), graph.Normal(1), s...))
		}
		y := c.f(g, ps)
		loss := g.SumAll(g.Mul(y, g.Input("weights", g.Shape(y)...)))
		if second {
			loss = g.SumAll(g.Mul(g.Square(y), g.Input("more weights", g.Shape(y)...)))
			grads := g.Grad([]node{loss}, nil, ps)
			loss = g.Zeros()
			for i, d := range grads {
				w := g.Input("direction"+string(rune('0'+i)), g.Shape(d)...)
				loss = g.Add(loss, g.SumAll(g.Mul(d, w)))
			}
		}
		if seen != nil && g.Err() == nil {
			seen(g, loss)
		}
		g.Minimise("loss", loss)
	}
}

// set gives each input values that follow from its name; masks are 0 and 1.
func set(p *graph.Program) error {
	for _, name := range p.Names() {
		shape := p.Shape(name)
		n := 1
		for _, d := range shape {
			n *= d
		}
		if x, err := p.Integers(name); err == nil {
			for i := range x {
				x[i] = (2*i + len(name)) % 3
			}
			continue
		}
		x := make([]float64, n)
		for i := range x {
			x[i] = math.Cos(float64(3*i + len(name)))
			if name == "mask" {
				x[i] = float64(i % 2)
			}
		}
		if err := p.SetFloat64s(name, x); err != nil && !strings.Contains(err.Error(), "is an output") {
			return err
		}
	}
	return nil
}

// The gradient of each operation is the central difference, for every pattern
// of broadcasting, with and without what the engine takes off the formula; so
// is the gradient of the gradient.
func TestGradientOfEachOperation(t *testing.T) {
	for _, c := range gradCases() {
		t.Run(c.name, func(t *testing.T) {
			for _, opts := range [][]graph.Option{nil, {graph.Plain}} {
				for _, second := range []bool{false, true} {
					if second && c.first {
						continue
					}
					err := gradcheck.Check(graph.NewParams64(3), c.key, c.formula(second, nil), gradcheck.Options{Set: set, Build: opts})
					assert.NoError(t, err, "options %v, second order %v", opts, second)
				}
			}
		})
	}
}

// Whoever adds an operation adds a case for its gradient.
func TestEachOperationHasAGradientCase(t *testing.T) {
	grads, values := map[string]bool{}, map[string]bool{}
	for _, c := range gradCases() {
		seen := func(g *graph.Builder, loss node) {
			for _, k := range graph.KindsUnder(g, loss, false) {
				grads[k] = true
			}
		}
		for _, second := range []bool{false, true} {
			if !second || !c.first {
				_, err := graph.Build(graph.NewParams64(3), c.key, c.formula(second, seen))
				require.NoError(t, err, c.name)
			}
		}
	}
	grads["keep"] = true   // the node of an output is given to nobody
	values["touch"] = true // made by Minimise alone; sparse_test.go
	for _, c := range forwardCases() {
		_, err := graph.Build(graph.NewParams64(3), graph.Key{Train: true}, func(g *graph.Builder) {
			y := c.f(g, give(g))
			for _, k := range graph.KindsUnder(g, y, true) {
				values[k] = true
			}
			g.Output("out", y)
		})
		require.NoError(t, err, c.name)
	}
	kinds, without := kindsOfPackage(t)
	require.Greater(t, len(kinds), 20)
	for _, k := range kinds {
		if without[k] {
			assert.True(t, values[k], "operation %s has no gradient and occurs in no case of forwardCases", k)
		} else {
			assert.True(t, grads[k], "operation %s occurs in no case of gradCases", k)
		}
	}
}

// kindsOfPackage finds the types that have the methods of an operation, and
// those among them that embed noGrad.
func kindsOfPackage(t *testing.T) (kinds []string, without map[string]bool) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	methods := map[string]int{}
	embeds := map[string][]string{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv != nil && (d.Name.Name == "name" || d.Name.Name == "run64" || d.Name.Name == "infer") {
					methods[typeName(d.Recv.List[0].Type)]++
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if ts, ok := s.(*ast.TypeSpec); ok {
						if st, ok := ts.Type.(*ast.StructType); ok {
							for _, field := range st.Fields.List {
								if len(field.Names) == 0 {
									embeds[ts.Name.Name] = append(embeds[ts.Name.Name], typeName(field.Type))
								}
							}
						}
					}
				}
			}
		}
	}
	without = map[string]bool{}
	for name := range methods {
		base := name
		for _, e := range embeds[name] {
			if e == "nothing" {
				base = e
			}
		}
		if name != "nothing" && methods[name]+map[bool]int{true: 2}[base == "nothing"] >= 3 {
			kinds = append(kinds, name)
			for _, e := range append(embeds[name], embeds[base]...) {
				without[name] = without[name] || e == "noGrad"
			}
		}
	}
	return kinds, without
}

func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.IndexExpr:
		return typeName(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
