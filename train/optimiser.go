package train

import (
	"cmp"
	"fmt"
	"math"

	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/internal/kernel"
	"github.com/unroll-go/unroll/internal/pages"
)

// Optimiser moves parameters against their gradients. What it remembers from
// step to step can be read and set, so that training can be resumed.
type Optimiser interface {
	// Name identifies the kind in checkpoints.
	Name() string

	// Step moves all parameters that have a gradient. The learning rate is
	// multiplied by rate, the gradients by scale.
	Step(ps *graph.Params, rate, scale float64) error

	// Memory is what the optimiser remembers.
	Memory() *Memory
}

// Memory is how many steps an optimiser has taken, and its tensors.
type Memory struct {
	Steps   int
	Tensors map[Slot]*Tensor
}

// Slot names a tensor of an optimiser: what it is, and whose.
type Slot struct {
	Name string // m, v; without a slash
	Path string // of the parameter
}

// Tensor is a flat tensor in the number type of its parameter, and as long.
type Tensor struct {
	F32 []float32
	F64 []float64
}

// tensor is the memory called name for p, zeros at first.
func (m *Memory) tensor(name string, p *graph.Param) *Tensor {
	t := m.Tensors[Slot{name, p.Path()}]
	if t == nil {
		t = &Tensor{}
		if x := p.Float64s(); x != nil {
			t.F64 = pages.Make[float64](len(x))
		} else {
			t.F32 = pages.Make[float32](len(p.Float32s()))
		}
		if m.Tensors == nil {
			m.Tensors = map[Slot]*Tensor{}
		}
		m.Tensors[Slot{name, p.Path()}] = t
	}
	return t
}

// Adam is the optimiser of Kingma and Ba (2015), as PyTorch computes it; with
// Decay, AdamW of Loshchilov and Hutter (2019).
//
//	m = β1·m + (1-β1)·g,  v = β2·v + (1-β2)·g²
//	w = w - rate·Decay·w - rate·m̂/(√v̂ + Eps),  m̂ = m/(1-β1^t), v̂ = v/(1-β2^t)
//
// Where a gradient is row-sparse (graph.Param.GradRows) the step is lazy, as
// PyTorch's SparseAdam: w, m and v of the rows that the batch has not touched
// stay as they are, and t counts all steps. So the means of a rare word are
// over the batches it is in, and it does not drift on after one. SparseAdam adds
// its eps to √v before the correction; it is Adam with Eps = eps/√(1-β2^t). Dense
// asks for what PyTorch's Adam computes, at the cost of a step on all rows.
type Adam struct {
	Rate         float64 // learning rate
	Beta1, Beta2 float64 // 0: 0.9 and 0.999
	Eps          float64 // 0: 1e-8
	Decay        float64 // decoupled weight decay; 0: none. Lazy steps decay the rows they move
	Dense        bool    // move all rows of a row-sparse gradient; false: lazy

	memory Memory
}

// NewAdam is Adam with the usual constants.
func NewAdam(rate float64) *Adam { return &Adam{Rate: rate} }

// Name is adam.
func (*Adam) Name() string { return "adam" }

// Memory holds the means m and v of each parameter.
func (a *Adam) Memory() *Memory { return &a.memory }

// validate names the setting that is out of range. Comparisons are such that
// NaN fails.
func (a *Adam) validate() error {
	switch {
	case !(a.Beta1 >= 0 && a.Beta1 < 1 && a.Beta2 >= 0 && a.Beta2 < 1):
		return fmt.Errorf("train: adam: beta1 and beta2 must be in [0, 1), got %v and %v", a.Beta1, a.Beta2)
	case !nonNegative(a.Eps):
		return fmt.Errorf("train: adam: eps must be a finite number of at least 0, got %v", a.Eps)
	}
	return checkRates(a.Rate, a.Decay)
}

// slots are the tensors that Memory has for each parameter after a step.
func (*Adam) slots() []string { return []string{"m", "v"} }

// Step moves all parameters that have a gradient.
func (a *Adam) Step(ps *graph.Params, rate, scale float64) error {
	if err := a.validate(); err != nil {
		return err
	}
	a.memory.Steps++
	s := kernel.AdamStep{
		Rate: a.Rate * rate, Beta1: cmp.Or(a.Beta1, 0.9), Beta2: cmp.Or(a.Beta2, 0.999), Eps: cmp.Or(a.Eps, 1e-8),
		Decay: a.Decay, Scale: scale, Step: a.memory.Steps,
	}
	return ps.Update(func(p *graph.Param) error {
		if p.Grad64s() == nil && p.Grad32s() == nil {
			return nil
		}
		m, v := a.memory.tensor("m", p), a.memory.tensor("v", p)
		spans(p, a.Dense, func(i, j int) {
			if p.Grad64s() != nil {
				kernel.Adam(p.Float64s()[i:j], p.Grad64s()[i:j], m.F64[i:j], v.F64[i:j], s)
			} else {
				kernel.Adam(p.Float32s()[i:j], p.Grad32s()[i:j], m.F32[i:j], v.F32[i:j], s)
			}
		})
		return nil
	})
}

// spans calls f for the elements i to j-1 of p that a step moves: all, or the
// rows of a row-sparse gradient, neighbours together.
func spans(p *graph.Param, dense bool, f func(i, j int)) {
	rows, D := p.GradRows(), p.Cols()
	if dense || rows == nil {
		f(0, len(p.Float32s())+len(p.Float64s()))
		return
	}
	for k := 0; k < len(rows); {
		first := k
		for k++; k < len(rows) && rows[k] == rows[k-1]+1; k++ {
		}
		f(rows[first]*D, (rows[k-1]+1)*D)
	}
}

// SGD is gradient descent, with momentum as PyTorch computes it:
//
//	v = Momentum·v + g + Decay·w,  w = w - rate·v   (with Nesterov, rate·(g + Momentum·v))
//
// Where a gradient is row-sparse (graph.Param.GradRows) only the rows that the
// batch has touched are moved. Without momentum and decay that is all there is to
// do. With them the step is lazy: other rows neither move along their velocity nor
// decay. Dense asks for the formula on all rows, at the cost of that.
type SGD struct {
	Rate     float64 // learning rate
	Momentum float64 // 0: none
	Nesterov bool
	Decay    float64 // L2; 0: none
	Dense    bool    // move all rows of a row-sparse gradient; false: lazy

	memory Memory
}

// Name is sgd.
func (*SGD) Name() string { return "sgd" }

// Memory holds the velocity v of each parameter, if there is momentum.
func (o *SGD) Memory() *Memory { return &o.memory }

// validate names the setting that is out of range.
func (o *SGD) validate() error {
	switch {
	case !(o.Momentum >= 0 && o.Momentum < 1):
		return fmt.Errorf("train: sgd: momentum must be in [0, 1), got %v", o.Momentum)
	case o.Nesterov && o.Momentum == 0:
		return fmt.Errorf("train: sgd: nesterov needs momentum")
	}
	return checkRates(o.Rate, o.Decay)
}

// slots are the tensors that Memory has for each parameter after a step.
func (o *SGD) slots() []string {
	if o.Momentum == 0 {
		return nil
	}
	return []string{"v"}
}

// Step moves all parameters that have a gradient.
func (o *SGD) Step(ps *graph.Params, rate, scale float64) error {
	if err := o.validate(); err != nil {
		return err
	}
	o.memory.Steps++
	s := kernel.SGDStep{Rate: o.Rate * rate, Momentum: o.Momentum, Nesterov: o.Nesterov, Decay: o.Decay, Scale: scale}
	dense := o.Dense && (o.Momentum != 0 || o.Decay != 0)
	return ps.Update(func(p *graph.Param) error {
		if p.Grad64s() == nil && p.Grad32s() == nil {
			return nil
		}
		var v Tensor
		if o.Momentum != 0 {
			v = *o.memory.tensor("v", p)
		}
		spans(p, dense, func(i, j int) {
			if p.Grad64s() != nil {
				kernel.SGD(p.Float64s()[i:j], p.Grad64s()[i:j], part(v.F64, i, j), s)
			} else {
				kernel.SGD(p.Float32s()[i:j], p.Grad32s()[i:j], part(v.F32, i, j), s)
			}
		})
		return nil
	})
}

// part is x[i:j], nil if there is no x.
func part[F any](x []F, i, j int) []F {
	if x == nil {
		return nil
	}
	return x[i:j]
}

// maxRate bounds learning rates: what is above it is a mistake.
const maxRate = 1e6

// checkRates refuses a learning rate or a weight decay that cannot work.
func checkRates(rate, decay float64) error {
	if !(rate > 0 && rate < maxRate) {
		return fmt.Errorf("train: the learning rate must be above 0 and below %g, got %v", maxRate, rate)
	}
	if !nonNegative(decay) {
		return fmt.Errorf("train: the weight decay must be a finite number of at least 0, got %v", decay)
	}
	return nil
}

// nonNegative is false for NaN and infinity too.
func nonNegative(x float64) bool { return x >= 0 && x <= math.MaxFloat64 }
