package benchmarks

import (
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models"
)

// Reader is inference by unroll: generation or the reading of whole sequences.
type Reader struct {
	config Config
	prog   *graph.Program
	draw   *models.Sampler
	ids    []int // the tokens that are read next [T, B]
}

// NewReader builds the inference of a task.
func (c Config) NewReader() (*Reader, error) {
	lm, err := c.lm(c.Vocab)
	if err != nil {
		return nil, err
	}
	prog, err := graph.Build(graph.NewParams(1), graph.Key{B: c.Batch, T: c.Seq}, lm.Generate, c.narrow()...)
	if err != nil {
		return nil, err
	}
	draw, err := models.NewSampler(models.Sampling{Seed: 1})
	return &Reader{config: c, prog: prog, draw: draw, ids: Stream(c.Tokens(), c.Vocab, 1)}, err
}

// narrow is the engine's option for the precision.
func (c Config) narrow() []graph.Option {
	switch c.Precision {
	case models.BFloat16:
		return []graph.Option{graph.BFloat16}
	case models.Int8:
		return []graph.Option{graph.Int8}
	}
	return nil
}

// Step reads the tokens at hand and leaves the logits of all steps [T, B, V] in
// the program. Generation (T = 1) draws from them, for each row, the token that
// is read next and keeps the state; whole sequences begin from a zero state.
func (r *Reader) Step() error {
	if err := r.prog.SetIDs("ids", r.ids); err != nil {
		return err
	}
	if r.config.Seq > 1 {
		r.prog.ZeroState()
	}
	if err := r.prog.Run(); err != nil || r.config.Seq > 1 {
		return err
	}
	logits, err := r.prog.Floats("logits")
	if err != nil {
		return err
	}
	for b, V := 0, r.config.Vocab; b < r.config.Batch; b++ {
		if r.ids[b], err = r.draw.Pick(logits[b*V : (b+1)*V]); err != nil {
			return err
		}
	}
	return nil
}
