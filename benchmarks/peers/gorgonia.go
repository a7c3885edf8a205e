package peers

import (
	"fmt"
	"math/rand/v2"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/unroll-go/unroll/benchmarks"
)

// Gorgonia is a training step of LSTM layers on Gorgonia's own operations, tape
// machine and Adam, with its own BLAS. The input is the one-hot row, as in
// Gorgonia's character example, whatever the embedding of the task; each gate
// has weights of its own, for slices of a joined product are not sound there.
type Gorgonia struct {
	c      benchmarks.Config
	g      *gorgonia.ExprGraph
	params gorgonia.Nodes
	layers []layer
	xs, ys []*tensor.Dense // one-hot, by step
	cost   gorgonia.Value
	vm     gorgonia.VM
	solver gorgonia.Solver
	err    error
}

// layer is the weights and the carried state of an LSTM layer.
type layer struct {
	w, u, b [4]*gorgonia.Node // by gate: i, f, o, candidate
	h, c    *gorgonia.Node    // the state after the steps so far
	h0, c0  *tensor.Dense     // the state before the first step
	hEnd    gorgonia.Value
	cEnd    gorgonia.Value
}

// NewGorgonia builds the step. A rate of 0 stands for that of the task.
func NewGorgonia(c benchmarks.Config, rate float64) (*Gorgonia, error) {
	if c.Cell != "lstm" || c.Opt != "adam" || c.Classes > 0 {
		return nil, fmt.Errorf("stock Gorgonia is written for language models of LSTM layers with adam, not for %v", c)
	}
	if rate == 0 {
		rate = c.Rate()
	}
	p := &Gorgonia{c: c, g: gorgonia.NewGraph(), layers: make([]layer, c.Layers)}
	p.build()
	if p.err != nil {
		return nil, p.err
	}
	p.vm = gorgonia.NewTapeMachine(p.g, gorgonia.BindDualValues(p.params...))
	p.solver = gorgonia.NewAdamSolver(gorgonia.WithLearnRate(rate))
	return p, nil
}

func (p *Gorgonia) build() {
	rng := rand.New(rand.NewPCG(1, 1))
	in := p.c.Vocab
	for i := range p.layers {
		p.layers[i] = p.newLayer(rng, i, in)
		in = p.c.Hidden
	}
	wo, bo := p.param(rng, "wo", p.c.Hidden, p.c.Vocab), p.param(rng, "bo", 1, p.c.Vocab)
	var losses gorgonia.Nodes
	for t := range p.c.Seq {
		x, xv := p.input(fmt.Sprint("x", t), p.c.Vocab)
		y, yv := p.input(fmt.Sprint("y", t), p.c.Vocab)
		p.xs, p.ys = append(p.xs, xv), append(p.ys, yv)
		for i := range p.layers {
			x = p.step(&p.layers[i], x)
		}
		probs := p.op(gorgonia.SoftMax(p.row(p.op(gorgonia.Mul(x, wo)), bo)))
		hits := p.op(gorgonia.HadamardProd(p.op(gorgonia.Log(probs)), y))
		losses = append(losses, p.op(gorgonia.Neg(p.op(gorgonia.Sum(hits)))))
	}
	p.finish(losses)
}

// finish makes the mean of the losses the cost and keeps what a step reads.
func (p *Gorgonia) finish(losses gorgonia.Nodes) {
	if p.err != nil {
		return
	}
	cost := losses[0]
	for _, l := range losses[1:] {
		cost = p.op(gorgonia.Add(cost, l))
	}
	cost = p.op(gorgonia.Div(cost, gorgonia.NewConstant(float32(p.c.Tokens()))))
	if p.err != nil {
		return
	}
	gorgonia.Read(cost, &p.cost)
	for i := range p.layers {
		gorgonia.Read(p.layers[i].h, &p.layers[i].hEnd)
		gorgonia.Read(p.layers[i].c, &p.layers[i].cEnd)
	}
	_, p.err = gorgonia.Grad(cost, p.params...)
}

func (p *Gorgonia) newLayer(rng *rand.Rand, i, in int) layer {
	var l layer
	for k := range l.w {
		l.w[k] = p.param(rng, fmt.Sprintf("w%d_%d", i, k), in, p.c.Hidden)
		l.u[k] = p.param(rng, fmt.Sprintf("u%d_%d", i, k), p.c.Hidden, p.c.Hidden)
		l.b[k] = p.param(rng, fmt.Sprintf("b%d_%d", i, k), 1, p.c.Hidden)
	}
	l.h, l.h0 = p.input(fmt.Sprint("h", i), p.c.Hidden)
	l.c, l.c0 = p.input(fmt.Sprint("c", i), p.c.Hidden)
	return l
}

// step is one time step of a layer.
func (p *Gorgonia) step(l *layer, x *gorgonia.Node) *gorgonia.Node {
	var gate [4]*gorgonia.Node
	for k := range gate {
		sum := p.op(gorgonia.Add(p.op(gorgonia.Mul(x, l.w[k])), p.op(gorgonia.Mul(l.h, l.u[k]))))
		gate[k] = p.row(sum, l.b[k])
	}
	i, f, o := p.op(gorgonia.Sigmoid(gate[0])), p.op(gorgonia.Sigmoid(gate[1])), p.op(gorgonia.Sigmoid(gate[2]))
	u := p.op(gorgonia.Tanh(gate[3]))
	l.c = p.op(gorgonia.Add(p.op(gorgonia.HadamardProd(f, l.c)), p.op(gorgonia.HadamardProd(i, u))))
	l.h = p.op(gorgonia.HadamardProd(o, p.op(gorgonia.Tanh(l.c))))
	return l.h
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
	if p.c.Batch == 1 {
		return p.op(gorgonia.Add(x, b))
	}
	return p.op(gorgonia.BroadcastAdd(x, b, nil, []byte{0}))
}
