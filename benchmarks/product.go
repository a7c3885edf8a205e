package benchmarks

import (
	"fmt"
	"math"

	"github.com/unroll-go/unroll/graph"
)

// Product is a bare matrix product, [M, K]·[K, N], by weights that stay the same
// from one product to the next, as a recurrent step and a forward pass have it.
type Product struct{ M, N, K int }

// Products are those whose speed is published.
func Products() []Product { return []Product{{32, 512, 128}, {64, 2048, 512}} }

// ParseProduct reads M,N,K.
func ParseProduct(s string) (Product, error) {
	var p Product
	var rest string
	if n, _ := fmt.Sscanf(s+" .", "%d,%d,%d %s", &p.M, &p.N, &p.K, &rest); n != 4 || rest != "." {
		return p, fmt.Errorf("product must be three sizes m,n,k, got %q", s)
	}
	for _, d := range []int{p.M, p.N, p.K} {
		if d < 1 || d > 1<<13 {
			return p, fmt.Errorf("sizes of a product must be in [1, %d], got %d", 1<<13, d)
		}
	}
	return p, nil
}

// String is the sizes, MxNxK.
func (p Product) String() string { return fmt.Sprintf("%dx%dx%d", p.M, p.N, p.K) }

// Flops is the floating-point operations of one product.
func (p Product) Flops() float64 { return 2 * float64(p.M) * float64(p.N) * float64(p.K) }

// Bytes is what one product reads and writes, each operand once.
func (p Product) Bytes() float64 { return 4 * float64(p.M*p.K+p.K*p.N+p.M*p.N) }

// Work is one product by unroll: a run of a program of one MatMul by a
// parameter. Of the result, which lies where results of a step lie, one row is
// an output.
func (p Product) Work() (Work, error) {
	prog, err := graph.Build(graph.NewParams(1), graph.Key{B: p.M}, func(g *graph.Builder) {
		y := g.MatMul(g.Input("x", p.M, p.K), g.Param("W", graph.Glorot, p.K, p.N)) // [M, N]
		g.Output("row", g.Rows(y, 0, 1))
	})
	if err != nil {
		return nil, err
	}
	x := make([]float32, p.M*p.K)
	for i := range x {
		x[i] = float32(i%7) - 3
	}
	err = prog.SetFloats("x", x)
	return func() (float64, error) { return math.NaN(), prog.Run() }, err
}

// Measure takes products until the time is over; tokens_per_s are products.
func (p Product) Measure(work Work, t Timing) (Result, error) {
	s, err := t.take(work)
	if err != nil {
		return Result{}, err
	}
	r := s.result(1)
	r.Task, r.Config = "product", p.String()
	r.GFlops = figure(p.Flops() * float64(s.n) / s.seconds / 1e9)
	return r, nil
}
