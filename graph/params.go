package graph

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"gorgonia.org/gorgonia"

	"github.com/unroll-go/unroll/internal/pages"
)

// Dtype is the number type of a Params and of all programs over it.
type Dtype uint8

// The number types: float32 to work with, float64 to check gradients with.
const (
	Float32 Dtype = iota
	Float64
)

// Params holds the parameters of a model under their paths. Any number of
// programs share it; it grows when a program is built that binds a new path.
// Values are written by its methods alone, and each raises the version.
type Params struct {
	dtype   Dtype
	seed    uint64
	byPath  map[string]*Param
	sorted  []*Param // by path
	version uint64
	derived map[derivedKey]*derived
	staff   staff // of the programs on them
}

// NewParams returns an empty set of float32 parameters. Initial values and
// dropout masks are drawn from the seed and the path of what they belong to,
// not from the order of creation.
func NewParams(seed uint64) *Params {
	return &Params{seed: seed, byPath: map[string]*Param{}, derived: map[derivedKey]*derived{}}
}

// NewParams64 is NewParams in float64, for gradient checks.
func NewParams64(seed uint64) *Params {
	ps := NewParams(seed)
	ps.dtype = Float64
	return ps
}

// Dtype is the number type.
func (ps *Params) Dtype() Dtype { return ps.dtype }

// Seed is the seed given to NewParams.
func (ps *Params) Seed() uint64 { return ps.seed }

// Version rises with each write.
func (ps *Params) Version() uint64 { return ps.version }

// Get returns the parameter at path, nil if there is none.
func (ps *Params) Get(path string) *Param { return ps.byPath[path] }

// All returns the parameters in the order of their paths.
func (ps *Params) All() []*Param {
	return slices.Clone(ps.sorted)
}

// Count is the number of elements of all parameters.
func (ps *Params) Count() int {
	n := 0
	for _, p := range ps.sorted {
		n += size(p.shape)
	}
	return n
}

// Update calls f for each parameter in the order of paths and raises the
// version. Within f, and only there, a parameter's slices may be written; of a
// row-sparse gradient only the rows of Param.GradRows, see ForgetGradRows.
func (ps *Params) Update(f func(p *Param) error) error {
	ps.version++
	for _, p := range ps.sorted {
		if err := f(p); err != nil {
			return fmt.Errorf("graph: %s: %w", p.path, err)
		}
	}
	return nil
}

// StepWith lets one of Gorgonia's solvers take a step on all parameters
// that have a gradient. They know no sparse gradients: a step moves all rows.
func (ps *Params) StepWith(s gorgonia.Solver) error {
	var model []gorgonia.ValueGrad
	for _, p := range ps.sorted {
		if p.grad != nil {
			model = append(model, p)
			p.ForgetGradRows() // the solver writes into all rows
		}
	}
	ps.version++
	return recovered("gorgonia", func() error { return s.Step(model) })
}

// GradNorm is the Euclidean norm of all gradients together.
func (ps *Params) GradNorm() float64 {
	sum := 0.0
	for _, p := range ps.sorted {
		sum += p.gradSquares()
	}
	return math.Sqrt(sum)
}

// Set writes a parameter. The number of values must be that of its elements.
func (ps *Params) Set(path string, values []float64) error {
	p := ps.byPath[path]
	if p == nil {
		return fmt.Errorf("graph: there is no parameter %q", path)
	}
	if len(values) != size(p.shape) {
		return fmt.Errorf("graph: parameter %q: shape %v wants %d values, got %d", path, p.shape, size(p.shape), len(values))
	}
	ps.version++
	copy(p.f64, values)
	for i := range p.f32 {
		p.f32[i] = float32(values[i])
	}
	return nil
}

// Put adds a parameter with its values, before any program binds its path: what
// a file holds need not be drawn first.
func (ps *Params) Put(path string, shape []int, values []float32) error {
	if ps.byPath[path] != nil {
		return fmt.Errorf("graph: there is a parameter %q already", path)
	}
	if err := checkShape(shape); err != nil || len(shape) == 0 || len(values) != size(shape) {
		return fmt.Errorf("graph: parameter %q: %d values do not fill shape %v", path, len(values), shape)
	}
	_, err := ps.bind(path, shape, func(w []float64, _ []int, _ *rand.Rand) {
		for i, x := range values {
			w[i] = float64(x)
		}
	})
	return err
}

// bind returns the parameter at path, drawing it at its first use.
func (ps *Params) bind(path string, shape []int, init Init) (*Param, error) {
	if p := ps.byPath[path]; p != nil {
		if !sameShape(p.shape, shape) {
			return nil, fmt.Errorf("parameter %q has shape %v, here it is used as %v", path, p.shape, shape)
		}
		return p, nil
	}
	p := &Param{path: path, shape: slices.Clone(shape)}
	w := pages.Make[float64](size(shape))
	init(w, p.shape, pathRand(ps.seed, path))
	if ps.dtype == Float64 {
		p.f64 = w
		p.value = newTensorOf(shape, p.f64)
	} else {
		p.f32 = pages.Make[float32](len(w))
		for i, x := range w {
			p.f32[i] = float32(x)
		}
		p.value = newTensorOf(shape, p.f32)
	}
	ps.byPath[path] = p
	at, _ := slices.BinarySearchFunc(ps.sorted, path, func(p *Param, path string) int { return strings.Compare(p.path, path) })
	ps.sorted = slices.Insert(ps.sorted, at, p)
	ps.version++
	return p, nil
}

// Param is a parameter of the model: a tensor that training changes. Its path
// is that of the scope and its name, and may be bound once in a formula; to
// share a parameter, use its node again. init draws the values at the first
// use of the path in the Params.
func (g *Builder) Param(name string, init Init, shape ...int) *Node {
	if g.err != nil {
		return g.bad
	}
	path := join(g.path, name)
	if g.bound[path] != nil {
		g.Fail(fmt.Errorf("parameter %q is bound twice; call the same step twice to share it", path))
		return g.bad
	}
	if len(g.updates) > 0 {
		g.Fail(fmt.Errorf("parameter %q is bound after Minimise, which would not train it", path))
		return g.bad
	}
	if name == "" || init == nil || len(shape) == 0 {
		g.Fail(fmt.Errorf("parameter %q: a name, an initialiser and a shape are needed", path))
		return g.bad
	}
	if err := checkShape(shape); err != nil {
		g.Fail(fmt.Errorf("parameter %q: %w", path, err))
		return g.bad
	}
	p, err := g.params.bind(path, shape, init)
	if err != nil {
		g.Fail(err)
		return g.bad
	}
	v := g.add(&value{kind: &parameter{p: p}, shape: p.shape}, path)
	g.bound[path] = v
	return v.node
}

// parameter is a leaf whose values are a Param's.
type parameter struct {
	nothing
	p *Param
}

func (*parameter) name() string { return "Param" }
