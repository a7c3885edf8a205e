package peers

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Gorgonia is a training step of one LSTM layer on Gorgonia's own operations,
// tape machine and Adam, with its own BLAS. The input is the one-hot row, as in
// Gorgonia's character example; each gate has weights of its own, for slices of
// a joined product are not sound there.
type Gorgonia struct {
	vocab, batch int
	g            *gorgonia.ExprGraph
	params       gorgonia.Nodes
	xs, ys       []*tensor.Dense
	h0, c0       *tensor.Dense
	h, c, cost   gorgonia.Value
	vm           gorgonia.VM
	solver       gorgonia.Solver
	err          error
}

// NewGorgonia builds the step.
func NewGorgonia(vocab, hidden, batch, seq int) (*Gorgonia, error) {
	p := &Gorgonia{vocab: vocab, batch: batch, g: gorgonia.NewGraph()}
	p.build(hidden, seq)
	if p.err != nil {
		return nil, p.err
	}
	p.vm = gorgonia.NewTapeMachine(p.g, gorgonia.BindDualValues(p.params...))
	p.solver = gorgonia.NewAdamSolver(gorgonia.WithLearnRate(2e-3))
	return p, nil
}

func (p *Gorgonia) build(hidden, seq int) {
	rng := rand.New(rand.NewPCG(1, 1))
	var w, u, b [4]*gorgonia.Node
	for k := range w {
		w[k] = p.param(rng, fmt.Sprint("w", k), p.vocab, hidden)
		u[k] = p.param(rng, fmt.Sprint("u", k), hidden, hidden)
		b[k] = p.param(rng, fmt.Sprint("b", k), 1, hidden)
	}
	wo, bo := p.param(rng, "wo", hidden, p.vocab), p.param(rng, "bo", 1, p.vocab)
	var h, c, cost *gorgonia.Node
	h, p.h0 = p.input("h", hidden)
	c, p.c0 = p.input("c", hidden)
	for t := range seq {
		x, xv := p.input(fmt.Sprint("x", t), p.vocab)
		y, yv := p.input(fmt.Sprint("y", t), p.vocab)
		p.xs, p.ys = append(p.xs, xv), append(p.ys, yv)
		var gate [4]*gorgonia.Node
		for k := range gate {
			gate[k] = p.row(p.op(gorgonia.Add(p.op(gorgonia.Mul(x, w[k])), p.op(gorgonia.Mul(h, u[k])))), b[k])
		}
		i, f, o := p.op(gorgonia.Sigmoid(gate[0])), p.op(gorgonia.Sigmoid(gate[1])), p.op(gorgonia.Sigmoid(gate[2]))
		c = p.op(gorgonia.Add(p.op(gorgonia.HadamardProd(f, c)), p.op(gorgonia.HadamardProd(i, p.op(gorgonia.Tanh(gate[3]))))))
		h = p.op(gorgonia.HadamardProd(o, p.op(gorgonia.Tanh(c))))
		probs := p.op(gorgonia.SoftMax(p.row(p.op(gorgonia.Mul(h, wo)), bo)))
		loss := p.op(gorgonia.Neg(p.op(gorgonia.Sum(p.op(gorgonia.HadamardProd(p.op(gorgonia.Log(probs)), y))))))
		if cost == nil {
			cost = loss
		} else {
			cost = p.op(gorgonia.Add(cost, loss))
		}
	}
	if p.err != nil {
		return
	}
	cost = p.op(gorgonia.Div(cost, gorgonia.NewConstant(float32(p.batch*seq))))
	gorgonia.Read(cost, &p.cost)
	gorgonia.Read(h, &p.h)
	gorgonia.Read(c, &p.c)
	if p.err == nil {
		_, p.err = gorgonia.Grad(cost, p.params...)
	}
}

// op keeps the first error.
func (p *Gorgonia) op(n *gorgonia.Node, err error) *gorgonia.Node {
	if p.err == nil {
		p.err = err
	}
	return n
}

// row adds a bias to every row.
func (p *Gorgonia) row(x, b *gorgonia.Node) *gorgonia.Node {
	if p.err != nil {
		return x
	}
	return p.op(gorgonia.BroadcastAdd(x, b, nil, []byte{0}))
}

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
	v := tensor.New(tensor.WithShape(p.batch, cols), tensor.WithBacking(make([]float32, p.batch*cols)))
	return gorgonia.NewMatrix(p.g, gorgonia.Float32, gorgonia.WithName(name), gorgonia.WithShape(p.batch, cols), gorgonia.WithValue(v)), v
}

// Step takes one update on a window, time-major, and returns the loss.
func (p *Gorgonia) Step(x, y []int) (float64, error) {
	p.oneHot(p.xs, x)
	p.oneHot(p.ys, y)
	if err := p.vm.RunAll(); err != nil {
		return 0, err
	}
	model := gorgonia.NodesToValueGrads(p.params)
	if err := clip(model, 5); err != nil {
		return 0, err
	}
	if err := p.solver.Step(model); err != nil {
		return 0, err
	}
	copy(p.h0.Data().([]float32), p.h.Data().([]float32))
	copy(p.c0.Data().([]float32), p.c.Data().([]float32))
	loss := float64(p.cost.Data().(float32))
	p.vm.Reset()
	return loss, nil
}

func (p *Gorgonia) oneHot(to []*tensor.Dense, ids []int) {
	for t, v := range to {
		data := v.Data().([]float32)
		clear(data)
		for b := range p.batch {
			data[b*p.vocab+ids[t*p.batch+b]] = 1
		}
	}
}

// clip bounds the length of the whole gradient.
func clip(model []gorgonia.ValueGrad, limit float64) error {
	var grads [][]float32
	sum := 0.0
	for _, m := range model {
		v, err := m.Grad()
		if err != nil {
			return err
		}
		g := v.Data().([]float32)
		grads = append(grads, g)
		for _, x := range g {
			sum += float64(x) * float64(x)
		}
	}
	if k := limit / (math.Sqrt(sum) + 1e-6); k < 1 {
		for _, g := range grads {
			for i := range g {
				g[i] *= float32(k)
			}
		}
	}
	return nil
}
