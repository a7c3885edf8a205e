package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/internal/atomicfile"
	"github.com/unroll-go/unroll/internal/safetensors"
)

// ErrFormat is wrapped by the errors of Resume for files that are not
// checkpoints of the loop.
var ErrFormat = errors.New("not a checkpoint of this training")

// header is what a checkpoint says beside its tensors.
type header struct {
	Seed      uint64   `json:"seed"` // of the parameters: dropout masks come from it
	Optimiser string   `json:"optimiser"`
	Steps     int      `json:"steps"`    // updates taken
	Updates   int      `json:"updates"`  // the optimiser's count
	Position  int      `json:"position"` // in the data
	Best      *float64 `json:"best,omitempty"`
	BestStep  int      `json:"best_step,omitempty"`
	Note      string   `json:"note,omitempty"`
}

const (
	kindKey   = "unroll.kind"
	headerKey = "unroll.checkpoint"
	kind      = "checkpoint/1"
)

// Checkpoint writes the training as it stands: parameters, optimiser, step,
// place in the data, carried state and best score. note is the caller's, such
// as the settings (a checkpoint does not have the learning rate, the clipping
// and the like); Resume checks that it is the same.
func (l *Loop) Checkpoint(w io.Writer, note string) error {
	if err := l.check(); err != nil {
		return err
	}
	pos, state, err := l.Task.Position()
	if err != nil {
		return err
	}
	m := l.Optimiser.Memory()
	h := header{
		Seed: l.Task.Params().Seed(), Optimiser: l.Optimiser.Name(), Steps: l.at.step, Updates: m.Steps,
		Position: pos, BestStep: l.at.bestStep, Note: note,
	}
	if l.at.scored {
		h.Best = &l.at.best
	}
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	f := &safetensors.File{Metadata: map[string]string{kindKey: kind, headerKey: string(text)}}
	for _, p := range l.Task.Params().All() {
		f.Tensors = append(f.Tensors, tensorOf("param/"+p.Path(), p.Shape(), p.Float32s(), p.Float64s()))
	}
	for slot, t := range m.Tensors {
		f.Tensors = append(f.Tensors, tensorOf("optimiser/"+slot.Name+"/"+slot.Path, []int{len(t.F32) + len(t.F64)}, t.F32, t.F64))
	}
	for i, s := range state {
		f.Tensors = append(f.Tensors, safetensors.FromFloat64s(fmt.Sprintf("state/%d", i), []int{len(s)}, s))
	}
	return safetensors.Write(w, f)
}

// CheckpointFile is Checkpoint to a file that is replaced as a whole.
func (l *Loop) CheckpointFile(path, note string) error {
	return atomicfile.Write(path, func(w io.Writer) error { return l.Checkpoint(w, note) })
}

func tensorOf(name string, shape []int, f32 []float32, f64 []float64) safetensors.Tensor {
	if f64 != nil {
		return safetensors.FromFloat64s(name, shape, f64)
	}
	return safetensors.FromFloat32s(name, shape, f32)
}

// Resume makes the loop go on from a checkpoint. The task must be built as it
// was then; everything is compared before anything is changed. Errors for what
// is no checkpoint of this training wrap ErrFormat.
func (l *Loop) Resume(r io.Reader, note string) error {
	if err := l.check(); err != nil {
		return err
	}
	f, err := safetensors.Read(r, 0)
	if errors.Is(err, safetensors.ErrFormat) || errors.Is(err, safetensors.ErrChecksum) {
		return fmt.Errorf("train: %w: %w", ErrFormat, err)
	} else if err != nil {
		return err
	}
	h, err := l.header(f.Metadata, note)
	if err != nil {
		return fmt.Errorf("train: %w: %w", ErrFormat, err)
	}
	c, err := l.match(f, h.Updates)
	if err != nil {
		return fmt.Errorf("train: %w: %w", ErrFormat, err)
	}
	if err := l.Task.Seek(h.Position, c.state); err != nil {
		return fmt.Errorf("train: %w: %w", ErrFormat, err)
	}
	*l.Optimiser.Memory() = Memory{Steps: h.Updates, Tensors: c.memory}
	l.at = progress{step: h.Steps, bestStep: h.BestStep}
	if h.Best != nil {
		l.at.best, l.at.scored = *h.Best, true
	}
	return l.Task.Params().Update(func(p *graph.Param) error {
		copy(p.Float32s(), c.params[p.Path()].F32)
		copy(p.Float64s(), c.params[p.Path()].F64)
		return nil
	})
}

// ResumeFile is Resume from a file.
func (l *Loop) ResumeFile(path, note string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := l.Resume(f, note); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
