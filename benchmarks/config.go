package benchmarks

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/benchmarks/peephole"
	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/models"
)

// Config is a task with its sizes.
type Config struct {
	Task    string // T1 to T7, I1 to I3
	Cell    string // lstm, gru or rnn, or peephole, which is no cell of the library
	Vocab   int
	Emb     int // width of the embedding; 0: one-hot input
	Hidden  int
	Layers  int
	Batch   int
	Seq     int    // steps of a window; of inference, 1: each token is drawn and fed back
	Classes int    // of a whole sequence; 0: a language model
	Opt     string // adam or sgd; empty: inference

	Dense     bool             // adam moves all rows of the embedding, not only those of the batch
	Precision models.Precision // of the weights, for inference
}

// presets are the tasks in order.
var presets = []Config{
	{Task: "T1", Cell: "lstm", Vocab: 65, Emb: 64, Hidden: 128, Layers: 1, Batch: 32, Seq: 64, Opt: "adam"},
	{Task: "T2", Cell: "lstm", Vocab: 65, Emb: 64, Hidden: 128, Layers: 2, Batch: 50, Seq: 50, Opt: "adam"},
	{Task: "T3", Cell: "lstm", Vocab: 65, Emb: 64, Hidden: 512, Layers: 2, Batch: 64, Seq: 64, Opt: "adam"},
	{Task: "T4", Cell: "gru", Vocab: 65, Emb: 64, Hidden: 256, Layers: 1, Batch: 32, Seq: 64, Opt: "adam"},
	{Task: "T5", Cell: "rnn", Vocab: 65, Emb: 64, Hidden: 128, Layers: 1, Batch: 32, Seq: 64, Opt: "adam"},
	{Task: "T6", Cell: "lstm", Vocab: 10000, Emb: 200, Hidden: 200, Layers: 2, Batch: 20, Seq: 35, Opt: "sgd"},
	{Task: "T7", Cell: "lstm", Vocab: 20000, Emb: 100, Hidden: 128, Layers: 1, Batch: 64, Seq: 40, Classes: 2, Opt: "adam"},
	{Task: "I1", Cell: "lstm", Vocab: 65, Emb: 64, Hidden: 128, Layers: 2, Batch: 1, Seq: 1},
	{Task: "I2", Cell: "lstm", Vocab: 65, Emb: 64, Hidden: 128, Layers: 2, Batch: 64, Seq: 1},
	{Task: "I3", Cell: "lstm", Vocab: 65, Emb: 64, Hidden: 128, Layers: 2, Batch: 1, Seq: 256},
}

// Presets are the tasks with the sizes that are published.
func Presets() []Config { return slices.Clone(presets) }

// Preset is one of them by its name.
func Preset(task string) (Config, error) {
	var names []string
	for _, c := range presets {
		if c.Task == task {
			return c, nil
		}
		names = append(names, c.Task)
	}
	return Config{}, fmt.Errorf("task %q is unknown; there are %s", task, strings.Join(names, ", "))
}

// Trains tells training from inference.
func (c Config) Trains() bool { return strings.HasPrefix(c.Task, "T") }

// Tokens is how many tokens a step reads.
func (c Config) Tokens() int { return c.Batch * c.Seq }

// String is the sizes in one line, the same for all peers.
func (c Config) String() string {
	s := fmt.Sprintf("%s V%d E%d H%d L%d B%d T%d", c.Cell, c.Vocab, c.Emb, c.Hidden, c.Layers, c.Batch, c.Seq)
	if c.Classes > 0 {
		s += fmt.Sprintf(" C%d", c.Classes)
	}
	if c.Trains() {
		s += " " + c.Opt
	}
	if c.Dense {
		s += " dense"
	}
	if c.Precision != models.Float32 {
		s += " " + c.Precision.String()
	}
	return s
}

// most bounds the vocabulary and the tokens of a window: more is a mistake.
const most = 1 << 20

// Validate says in a sentence what is out of range.
func (c Config) Validate() error {
	_, err := c.lm(max(c.Vocab, 2))
	switch {
	case err != nil:
		return err
	case c.Vocab < 2 || c.Vocab > most:
		return fmt.Errorf("vocab must be in [2, %d], got %d", most, c.Vocab)
	case c.Batch < 1 || c.Seq < 1 || c.Batch > most/c.Seq:
		return fmt.Errorf("batch and seq must be at least 1, and at most %d tokens together, got %d and %d",
			most, c.Batch, c.Seq)
	case c.Classes < 0 || c.Classes == 1 || c.Classes > c.Vocab:
		return fmt.Errorf("classes must be 0, or from 2 to vocab, got %d", c.Classes)
	case c.Classes > 0 && (!c.Trains() || c.Emb == 0):
		return fmt.Errorf("classes need a training task, T1 to T7, and an embedding")
	case c.Trains() && c.Opt != "adam" && c.Opt != "sgd":
		return fmt.Errorf("opt %q is unknown; there are adam and sgd", c.Opt)
	case !c.Trains() && c.Opt != "":
		return fmt.Errorf("%s does not train, so it has no opt", c.Task)
	case c.Dense && c.Opt != "adam":
		return fmt.Errorf("dense goes with adam")
	case c.Trains() && c.Precision != models.Float32:
		return fmt.Errorf("training is in f32; precision %v is for inference", c.Precision)
	}
	return nil
}

// lm is the network for a vocabulary of the given size.
func (c Config) lm(vocab int) (models.LM, error) {
	m := models.Config{Cell: c.Cell, Embed: c.Emb, Hidden: c.Hidden, Layers: c.Layers}
	if c.Cell != "peephole" {
		return m.LM(vocab)
	}
	m.Cell = "lstm"
	lm, err := m.LM(vocab)
	if err != nil {
		return lm, err
	}
	var own []cells.Cell
	for in := cmp.Or(c.Emb, vocab); len(own) < c.Layers; in = c.Hidden {
		own = append(own, peephole.LSTM{In: in, Hidden: c.Hidden})
	}
	lm.RNN = cells.Of(own...)
	return lm, nil
}
