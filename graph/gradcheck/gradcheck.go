package gradcheck

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/unroll-go/unroll/graph"
)

// Options say how to check; the zero value is what is wanted for smooth
// formulas of moderate size.
type Options struct {
	Loss       string                         // the name given to Minimise; "": loss
	Set        func(p *graph.Program) error   // sets inputs and state; nil: there are none
	Step       float64                        // length of a move; 0: 1e-5
	Tolerance  float64                        // relative; 0: 1e-6
	Directions int                            // for each parameter; 0: 3
	Seed       uint64                         // of the directions
	Build      []graph.Option                 // options for graph.Build
	Each       func(path string, err float64) // told every relative error, if set
}

// Check builds f with key for training, over float64 parameters, and compares
// for every parameter the gradient along random directions with the central
// difference (E(w+εd) - E(w-εd)) / 2ε. The error is relative to the larger of
// both, or to 1e-3 of the whole gradient's length where that is more.
func Check(params *graph.Params, key graph.Key, f func(g *graph.Builder), o Options) error {
	if params.Dtype() != graph.Float64 {
		return fmt.Errorf("gradcheck: float64 parameters are needed, see graph.NewParams64")
	}
	o.defaults()
	key.Train = true
	prog, err := graph.Build(params, key, f, o.Build...)
	if err != nil {
		return err
	}
	c := &checker{prog: prog, o: o, rng: rand.New(rand.NewPCG(o.Seed, 1))}
	if _, err := c.loss(); err != nil {
		return err
	}
	grads := map[string][]float64{}
	total := 0.0
	for _, p := range params.All() {
		if g := p.Grads(); g != nil {
			grads[p.Path()] = g
			total += dot(g, g)
		}
	}
	if len(grads) == 0 {
		return fmt.Errorf("gradcheck: no parameter has a gradient; the formula must call Minimise")
	}
	var bad []string
	for _, p := range params.All() {
		if g := grads[p.Path()]; g != nil {
			worst, err := c.param(params, p.Path(), p.Values(), g, 1e-3*math.Sqrt(total))
			if err != nil {
				return err
			}
			if !(worst <= o.Tolerance) {
				bad = append(bad, fmt.Sprintf("%s: relative error %.3g", p.Path(), worst))
			}
		}
	}
	if len(bad) > 0 {
		return fmt.Errorf("gradcheck: over the tolerance of %g: %s", o.Tolerance, strings.Join(bad, "; "))
	}
	return nil
}

func (o *Options) defaults() {
	if o.Loss == "" {
		o.Loss = "loss"
	}
	if o.Step == 0 {
		o.Step = 1e-5
	}
	if o.Tolerance == 0 {
		o.Tolerance = 1e-6
	}
	if o.Directions == 0 {
		o.Directions = 3
	}
}

type checker struct {
	prog *graph.Program
	o    Options
	rng  *rand.Rand
}

// loss runs the program from its first state and step.
func (c *checker) loss() (float64, error) {
	c.prog.ZeroState()
	c.prog.SetStep(0)
	if c.o.Set != nil {
		if err := c.o.Set(c.prog); err != nil {
			return 0, err
		}
	}
	if err := c.prog.Run(); err != nil {
		return 0, err
	}
	return c.prog.Scalar(c.o.Loss)
}

// param is the worst relative error of one parameter, at w with gradient g.
func (c *checker) param(ps *graph.Params, path string, w, g []float64, floor float64) (float64, error) {
	worst := 0.0
	d := make([]float64, len(w))
	for range c.o.Directions {
		for i := range d {
			d[i] = c.rng.NormFloat64()
		}
		length := math.Sqrt(dot(d, d))
		for i := range d {
			d[i] /= length
		}
		up, err := c.moved(ps, path, w, d, c.o.Step)
		if err != nil {
			return 0, err
		}
		down, err := c.moved(ps, path, w, d, -c.o.Step)
		if err != nil {
			return 0, err
		}
		numeric, exact := (up-down)/(2*c.o.Step), dot(g, d)
		e := math.Abs(numeric-exact) / max(math.Abs(numeric), math.Abs(exact), floor, 1e-12)
		if math.IsNaN(e) {
			e = math.Inf(1)
		}
		worst = max(worst, e)
		if c.o.Each != nil {
			c.o.Each(path, e)
		}
	}
	return worst, ps.Set(path, w)
}

// moved is the loss at w + step·d.
func (c *checker) moved(ps *graph.Params, path string, w, d []float64, step float64) (float64, error) {
	x := make([]float64, len(w))
	for i := range x {
		x[i] = w[i] + step*d[i]
	}
	if err := ps.Set(path, x); err != nil {
		return 0, err
	}
	return c.loss()
}

func dot(a, b []float64) float64 {
	s := 0.0
	for i := range a {
		s += a[i] * b[i]
	}
	return s
}
