package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/internal/atomicfile"
	"github.com/unroll-go/unroll/internal/safetensors"
)

// ErrFormat is wrapped by the errors of Resume for files that are not
// checkpoints of the loop.
var ErrFormat = errors.New("not a checkpoint of this training")

// header is what a checkpoint says beside its tensors.
type header struct {
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
// as the settings; Resume checks that it is the same.
func (l *Loop) Checkpoint(w io.Writer, note string) error {
	pos, state, err := l.Task.Position()
	if err != nil {
		return err
	}
	m := l.Optimiser.Memory()
	h := header{Optimiser: l.Optimiser.Name(), Steps: l.at.step, Updates: m.Steps, Position: pos, BestStep: l.at.bestStep, Note: note}
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
// was then; everything is compared before anything is changed.
func (l *Loop) Resume(r io.Reader, note string) error {
	f, err := safetensors.Read(r, 0)
	if err != nil {
		return err
	}
	if f.Metadata[kindKey] != kind {
		return fmt.Errorf("train: %w: %s is %q, %q wanted", ErrFormat, kindKey, f.Metadata[kindKey], kind)
	}
	var h header
	if err := json.Unmarshal([]byte(f.Metadata[headerKey]), &h); err != nil {
		return fmt.Errorf("train: %w: %s: %w", ErrFormat, headerKey, err)
	}
	switch {
	case h.Note != note:
		return fmt.Errorf("train: %w: it was made with %s, now %s", ErrFormat, h.Note, note)
	case h.Optimiser != l.Optimiser.Name():
		return fmt.Errorf("train: %w: optimiser %q, now %q", ErrFormat, h.Optimiser, l.Optimiser.Name())
	case h.Steps < 0 || h.Updates < 0 || h.Position < 0:
		return fmt.Errorf("train: %w: negative counts: %s", ErrFormat, f.Metadata[headerKey])
	}
	params, memory, state, err := l.match(f)
	if err != nil {
		return err
	}
	if err := l.Task.Seek(h.Position, state); err != nil {
		return fmt.Errorf("train: %w: %w", ErrFormat, err)
	}
	*l.Optimiser.Memory() = Memory{Steps: h.Updates, Tensors: memory}
	l.at = progress{step: h.Steps, best: math.NaN(), bestStep: h.BestStep}
	if h.Best != nil {
		l.at.best, l.at.scored = *h.Best, true
	}
	return l.Task.Params().Update(func(p *graph.Param) error {
		copy(p.Float32s(), params[p.Path()].F32)
		copy(p.Float64s(), params[p.Path()].F64)
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

// match sorts a file's tensors and compares them with the parameters.
func (l *Loop) match(f *safetensors.File) (params map[string]*Tensor, memory map[Slot]*Tensor, state [][]float64, err error) {
	params, memory = map[string]*Tensor{}, map[Slot]*Tensor{}
	ps := l.Task.Params()
	states := map[string][]float64{}
	for i := range f.Tensors {
		t := &f.Tensors[i]
		group, path, _ := strings.Cut(t.Name, "/")
		switch group {
		case "param":
			params[path], err = fitting(t, ps.Get(path))
		case "optimiser":
			name, path, _ := strings.Cut(path, "/")
			memory[Slot{name, path}], err = fitting(t, ps.Get(path))
		case "state":
			states[path], err = t.Float64s()
		default:
			err = fmt.Errorf("train: %w: tensor %q is unknown", ErrFormat, t.Name)
		}
		if err != nil {
			return nil, nil, nil, err
		}
	}
	for _, p := range ps.All() {
		if params[p.Path()] == nil {
			return nil, nil, nil, fmt.Errorf("train: %w: parameter %s is missing", ErrFormat, p.Path())
		}
	}
	for i := range states {
		if _, ok := states[fmt.Sprint(len(state))]; !ok {
			return nil, nil, nil, fmt.Errorf("train: %w: state tensor %s without its predecessors", ErrFormat, i)
		}
		state = append(state, states[fmt.Sprint(len(state))])
	}
	return params, memory, state, nil
}

// fitting reads a tensor that must be as long as p, in its number type.
func fitting(t *safetensors.Tensor, p *graph.Param) (*Tensor, error) {
	if p == nil {
		return nil, fmt.Errorf("train: %w: %s belongs to no parameter", ErrFormat, t.Name)
	}
	if n, err := t.Len(); err != nil || n != len(p.Float32s())+len(p.Float64s()) {
		return nil, fmt.Errorf("train: %w: %s: shape %v is not that of %s %v", ErrFormat, t.Name, t.Shape, p.Path(), p.Shape())
	}
	var out Tensor
	var err error
	if p.Float64s() != nil {
		out.F64, err = t.Float64s()
	} else {
		out.F32, err = t.Float32s()
	}
	return &out, err
}
