package benchmarks

import (
	"math/rand/v2"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// Workload is the size of a training task.
type Workload struct {
	Vocab, Embed, Hidden int // one layer of LSTM
	Batch, Seq           int
}

// T1 is one layer of LSTM 128 on a vocabulary of 65, batches of 32 x 64.
var T1 = Workload{Vocab: 65, Embed: 64, Hidden: 128, Batch: 32, Seq: 64}

// Tokens is how many tokens a step predicts.
func (w Workload) Tokens() int { return w.Batch * w.Seq }

// Stream is n tokens, learnable nine times out of ten.
func (w Workload) Stream(n int, seed uint64) []int {
	rng := rand.New(rand.NewPCG(seed, 7))
	x := make([]int, n)
	for i := 1; i < n; i++ {
		if x[i] = (5*x[i-1] + 7) % w.Vocab; rng.Float64() < 0.1 {
			x[i] = rng.IntN(w.Vocab)
		}
	}
	return x
}

// Trainer is a training step of unroll.
type Trainer struct {
	prog *graph.Program
	opt  train.Optimiser
}

// NewTrainer builds the training step.
func (w Workload) NewTrainer() (*Trainer, error) {
	lm := models.LM{Vocab: w.Vocab, Embed: w.Embed, RNN: cells.Of(cells.LSTM{In: w.Embed, Hidden: w.Hidden})}
	prog, err := graph.Build(graph.NewParams(1), graph.Key{B: w.Batch, T: w.Seq, Train: true}, lm.Train)
	return &Trainer{prog: prog, opt: train.NewAdam(2e-3)}, err
}

// Step takes one update on a window, time-major, and returns the loss.
func (t *Trainer) Step(x, y []int) (float64, error) {
	if err := t.prog.SetIDs("ids", x); err != nil {
		return 0, err
	}
	if err := t.prog.SetIDs("target", y); err != nil {
		return 0, err
	}
	if err := t.prog.Run(); err != nil {
		return 0, err
	}
	norm := t.prog.Params().GradNorm()
	if err := t.opt.Step(t.prog.Params(), 1, min(1, 5/(norm+1e-6))); err != nil {
		return 0, err
	}
	return t.prog.Scalar("loss")
}
