package graph

import (
	"fmt"
	"slices"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/unroll-go/unroll/internal/pages"
)

// Param is one parameter: a tensor and, once a program trains it, its gradient.
// It is a gorgonia.ValueGrad.
type Param struct {
	path  string
	shape []int
	f32   []float32
	f64   []float64
	g32   []float32
	g64   []float64

	touched touched // rows of the gradient

	value, grad gorgonia.Value
}

var _ gorgonia.ValueGrad = (*Param)(nil)

// Path is the stable name, such as layer0/Wx.
func (p *Param) Path() string { return p.path }

// Shape is the shape.
func (p *Param) Shape() []int { return slices.Clone(p.shape) }

// Cols is the length of the last axis: that of a row.
func (p *Param) Cols() int { return p.shape[len(p.shape)-1] }

// Float32s is the tensor itself, row by row; nil in a float64 Params. It is to
// be read, and written only within Params.Update.
func (p *Param) Float32s() []float32 { return p.f32 }

// Float64s is Float32s of a float64 Params.
func (p *Param) Float64s() []float64 { return p.f64 }

// Grad32s is the gradient of the last run, in full; nil if no program trains p.
func (p *Param) Grad32s() []float32 { return p.g32 }

// Grad64s is Grad32s of a float64 Params.
func (p *Param) Grad64s() []float64 { return p.g64 }

// Values is a copy of the tensor in float64.
func (p *Param) Values() []float64 {
	if p.f64 != nil {
		return slices.Clone(p.f64)
	}
	return widen(p.f32)
}

// Grads is a copy of the gradient in float64; nil if no program trains p.
func (p *Param) Grads() []float64 {
	if p.g64 != nil {
		return slices.Clone(p.g64)
	}
	return widen(p.g32)
}

// Value is the tensor as Gorgonia sees it.
func (p *Param) Value() gorgonia.Value { return p.value }

// Grad is the gradient as Gorgonia sees it, an error if no program trains p.
func (p *Param) Grad() (gorgonia.Value, error) {
	if p.grad == nil {
		return nil, fmt.Errorf("graph: %s: no program computes its gradient", p.path)
	}
	return p.grad, nil
}

// trainable gives p a gradient.
func (p *Param) trainable() {
	switch {
	case p.grad != nil:
	case p.f64 != nil:
		p.g64 = pages.Make[float64](len(p.f64))
		p.grad = newTensorOf(p.shape, p.g64)
	default:
		p.g32 = pages.Make[float32](len(p.f32))
		p.grad = newTensorOf(p.shape, p.g32)
	}
}

// newTensorOf is newTensor for a shape that is never a scalar's.
func newTensorOf[E any](shape []int, data []E) gorgonia.Value {
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
}

func widen(x []float32) []float64 {
	if x == nil {
		return nil
	}
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}
