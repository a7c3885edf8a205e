package main

import (
	"os"
	"strconv"
	"strings"

	"github.com/nlpodyssey/spago/ag"
	"github.com/nlpodyssey/spago/initializers"
	"github.com/nlpodyssey/spago/mat"
	"github.com/nlpodyssey/spago/mat/rand"
	"github.com/nlpodyssey/spago/nn"
	"github.com/nlpodyssey/spago/nn/embedding"
	"github.com/nlpodyssey/spago/nn/linear"
	"github.com/nlpodyssey/spago/nn/recurrent/lstm"
)

// generator is a language model with the state of a text.
type generator struct {
	embed  *embedding.Model
	layers []*lstm.Model
	out    *linear.Model
	states []*lstm.State // nil before the first token
}

// newGenerator has random weights, of which no gradients are wanted.
func newGenerator(s sizes) *generator {
	rng := rand.NewLockedRand(1)
	g := &generator{
		embed:  embedding.New[float32](s.vocab, s.emb),
		out:    linear.New[float32](s.hidden, s.vocab),
		states: make([]*lstm.State, s.layers),
	}
	for _, row := range g.embed.Weights {
		initializers.Normal(row.Value().(mat.Matrix), 0, 0.1, rng)
		row.SetRequiresGrad(false)
	}
	for in := s.emb; len(g.layers) < s.layers; in = s.hidden {
		g.layers = append(g.layers, lstm.New[float32](in, s.hidden).Init(rng))
		freeze(g.layers[len(g.layers)-1])
	}
	initializers.XavierUniform(g.out.W.Value().(mat.Matrix), 1, rng)
	freeze(g.out)
	return g
}

func freeze(m nn.Model) {
	nn.ForEachParam(m, func(p *nn.Param) { p.SetRequiresGrad(false) })
}

// next reads a token and returns the probabilities of the one after it. Of a
// state the values are kept, not the graph behind them.
func (g *generator) next(id int) ([]float32, error) {
	xs, err := g.embed.Encode([]int{id})
	if err != nil {
		return nil, err
	}
	x := xs[0]
	for i, l := range g.layers {
		s := l.Next(g.states[i], x)
		g.states[i] = &lstm.State{Y: s.Y.Value().(mat.Tensor), Cell: s.Cell.Value().(mat.Tensor)}
		x = g.states[i].Y
	}
	return ag.Softmax(g.out.Forward(x)[0]).Value().Data().F32(), nil
}

// peak is the most memory that the process has had, in MB; nil where /proc does
// not tell.
func peak() any {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return nil
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	field, _, _ := strings.Cut(strings.TrimSpace(after), " ")
	kb, err := strconv.ParseFloat(field, 64)
	if err != nil {
		return nil
	}
	return kb / 1024
}
