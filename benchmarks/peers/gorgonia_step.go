package peers

import (
	"math"
	"math/rand/v2"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/unroll-go/unroll/benchmarks"
)

func (p *Gorgonia) param(rng *rand.Rand, name string, rows, cols int) *gorgonia.Node {
	data := make([]float32, rows*cols)
	for i := range data {
		data[i] = float32(0.08 * rng.NormFloat64())
	}
	v := tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(data))
	n := gorgonia.NodeFromAny(p.g, v, gorgonia.WithName(name))
	p.params = append(p.params, n)
	return n
}

func (p *Gorgonia) input(name string, cols int) (*gorgonia.Node, *tensor.Dense) {
	rows := p.c.Batch
	v := tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(make([]float32, rows*cols)))
	shape, value := gorgonia.WithShape(rows, cols), gorgonia.WithValue(v)
	return gorgonia.NewMatrix(p.g, gorgonia.Float32, gorgonia.WithName(name), shape, value), v
}

// Step takes one update on a window and returns its loss.
func (p *Gorgonia) Step(w benchmarks.Window) (float64, error) {
	p.oneHot(p.xs, w.X)
	p.oneHot(p.ys, w.Y)
	if err := p.vm.RunAll(); err != nil {
		return 0, err
	}
	model := gorgonia.NodesToValueGrads(p.params)
	if err := clip(model); err != nil {
		return 0, err
	}
	if err := p.solver.Step(model); err != nil {
		return 0, err
	}
	for _, l := range p.layers {
		copy(floats(l.h0), floats(l.hEnd))
		copy(floats(l.c0), floats(l.cEnd))
	}
	loss := float64(p.cost.Data().(float32))
	p.vm.Reset()
	return loss, nil
}

func (p *Gorgonia) oneHot(to []*tensor.Dense, ids []int) {
	for t, v := range to {
		data := floats(v)
		clear(data)
		for b := range p.c.Batch {
			data[b*p.c.Vocab+ids[t*p.c.Batch+b]] = 1
		}
	}
}

// clip bounds the length of the whole gradient.
func clip(model []gorgonia.ValueGrad) error {
	var grads [][]float32
	sum := 0.0
	for _, m := range model {
		v, err := m.Grad()
		if err != nil {
			return err
		}
		grads = append(grads, floats(v))
		for _, x := range floats(v) {
			sum += float64(x) * float64(x)
		}
	}
	if k := benchmarks.Clip / (math.Sqrt(sum) + 1e-6); k < 1 {
		for _, g := range grads {
			for i := range g {
				g[i] *= float32(k)
			}
		}
	}
	return nil
}

func floats(v gorgonia.Value) []float32 { return v.Data().([]float32) }
