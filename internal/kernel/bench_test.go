package kernel

import (
	"fmt"
	"testing"
)

// BenchmarkRows measures the kernels other than the product on each path, in ns per element, 16x128 and 512x512; few
// rows show what a call costs.
func BenchmarkRows(b *testing.B) {
	for _, s := range [][2]int{{1, 1}, {16, 128}, {512, 512}} {
		for _, c := range rowBenchmarks(s[0], s[1]) {
			for _, p := range paths() {
				b.Run(fmt.Sprintf("%dx%d/%s/%s", s[0], s[1], c.name, p), func(b *testing.B) {
					use(b, p)
					for b.Loop() {
						c.run()
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(s[0]*s[1]), "ns/elem")
				})
			}
		}
	}
}

type rowBenchmark struct {
	name string
	run  func()
}

func rowBenchmarks(rows, cols int) []rowBenchmark {
	r := newSource(1)
	x, y, out := clone(view[float32](r, rows, cols)), clone(view[float32](r, rows, cols)), NewMat[float32](rows, cols)
	v, w, row, col := NewMat[float32](rows, cols), NewMat[float32](rows, cols), NewMat[float32](1, cols), NewMat[float32](rows, 1)
	table, pair := NewMat[float32](2*rows, cols), NewMat[float32](rows, 2)
	ids, places := make([]int, rows), make([]int, rows)
	for i := range ids {
		ids[i], places[i] = r.IntN(cols), r.IntN(2*rows)
	}
	return []rowBenchmark{
		{"Adam", func() {
			Adam(out.Data, x.Data, y.Data, v.Data, AdamStep{Step: 3, Beta1: 0.9, Beta2: 0.99, Rate: 1e-3, Eps: 1e-8, Scale: 1})
		}},
		{"SGD", func() { SGD(out.Data, x.Data, nil, SGDStep{Rate: 1e-3, Scale: 1}) }},
		{"SGDMomentum", func() { SGD(out.Data, x.Data, v.Data, SGDStep{Rate: 1e-3, Momentum: 0.5, Scale: 1}) }},
		{"SumSquares", func() { SumSquares(x.Data) }},
		{"SumRows", func() { SumRows(row, x, false) }},
		{"ScatterAdd", func() { ScatterAdd(table, places, x) }},
		{"Gather", func() { Gather(out, table, places) }},
		{"ReLU", func() { ReLU(out, x) }},
		{"ReLUGrad", func() { ReLUGrad(out, x, y) }},
		{"Softmax", func() { Softmax(out, x) }},
		{"SoftmaxGrad", func() { SoftmaxGrad(out, x, y) }},
		{"LogSoftmax", func() { LogSoftmax(out, x) }},
		{"LogSoftmaxGrad", func() { LogSoftmaxGrad(out, x, y) }},
		{"ExpSum", func() { ExpSum(pair, x) }},
		{"CrossEntropyGrad", func() { CrossEntropyGrad(out, x, Target{IDs: ids}, pair, col) }},
		{"CrossEntropyBoth", func() { CrossEntropyBoth(col, out, x, Target{IDs: ids}, col) }},
		{"Moments", func() { Moments(pair, x, 1e-5) }},
		{"LayerNorm", func() { LayerNorm(out, x, pair, row, row) }},
		{"LayerNormGrad", func() { LayerNormGrad(out, y, x, pair, row) }},
		{"TimesNormal", func() { TimesNormal(out, y, x, pair) }},
		{"Add", func() { Add(out, x, y) }},
		{"AddRow", func() { Add(out, x, row) }},
		{"Scale", func() { Scale(out, x, 0.5) }},
		{"Sigmoid", func() { Sigmoid(out, x) }},
		{"TanhGrad", func() { TanhGrad(out, x, y) }},
		{"AddProduct", func() { AddProduct(out, x, y, v) }},
		{"SumOfProducts", func() { SumOfProducts(out, x, y, v, x) }},
		{"SumOfProducts apart", func() { Mul(out, x, y); Mul(w, v, x); Add(out, out, w) }},
		{"SigmoidGradOf", func() { SigmoidGradOf(out, x, y, v) }},
		{"SigmoidGradOf apart", func() { Mul(w, y, v); SigmoidGrad(out, x, w) }},
		{"TanhGradOf", func() { TanhGradOf(out, x, y, v) }},
		{"TanhGradOf apart", func() { Mul(w, y, v); TanhGrad(out, x, w) }},
		{"TanhGradAdd", func() { TanhGradAdd(out, v, x, y, v) }},
		{"TanhGradAdd apart", func() { Mul(w, y, v); TanhGrad(w, x, w); Add(out, v, w) }},
	}
}
