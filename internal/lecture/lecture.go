package lecture

import (
	"fmt"
	"io"

	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/train"
)

// chapters are the functions of the chapters in their order.
func chapters() []func(w io.Writer) error {
	return []func(w io.Writer) error{
		NextValue, Recurrence, Writing, Reviews, Captions, Translation, Paths, Vanishing, LSTM, GRU, Words, Embedding,
	}
}

// Chapters is how many there are.
func Chapters() int { return len(chapters()) }

// Run runs the code of a chapter, from 1, and writes what it prints.
func Run(chapter int, w io.Writer) error {
	all := chapters()
	if chapter < 1 || chapter > len(all) {
		return fmt.Errorf("lecture: there are chapters 1 to %d, got %d", len(all), chapter)
	}
	out := &sticky{w: w}
	if err := all[chapter-1](out); err != nil {
		return err
	}
	return out.err
}

// sticky keeps the first error of a writer, so that chapters need not look
// after every line.
type sticky struct {
	w   io.Writer
	err error
}

func (s *sticky) Write(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.w.Write(p)
	s.err = err
	return n, err
}

// fit takes steps of Adam on all inputs at once; a gradient longer than 1 is
// shortened to 1.
func fit(prog *graph.Program, rate float64, steps int) error {
	params, adam := prog.Params(), train.NewAdam(rate)
	for range steps {
		if err := prog.Run(); err != nil {
			return err
		}
		if err := adam.Step(params, 1, 1/max(1, params.GradNorm())); err != nil {
			return err
		}
	}
	return nil
}

// set gives inputs their values.
func set(prog *graph.Program, inputs map[string][]float64) error {
	for name, x := range inputs {
		if err := prog.SetFloat64s(name, x); err != nil {
			return err
		}
	}
	return nil
}

// run runs a program and returns one of its outputs.
func run(prog *graph.Program, output string) ([]float64, error) {
	if err := prog.Run(); err != nil {
		return nil, err
	}
	return prog.Float64s(output)
}

// setWeights gives parameters their values.
func setWeights(params *graph.Params, weights map[string][]float64) error {
	for path, w := range weights {
		if err := params.Set(path, w); err != nil {
			return err
		}
	}
	return nil
}
