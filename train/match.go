package train

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/internal/safetensors"
)

// NoteError is wrapped by the error of Resume for a checkpoint with another note,
// for callers who can say what differs.
type NoteError struct{ Was, Now string }

// Error says both notes.
func (e *NoteError) Error() string { return fmt.Sprintf("it was made with %s, now %s", e.Was, e.Now) }

// header reads what a checkpoint says of itself and compares it with the loop.
func (l *Loop) header(metadata map[string]string, note string) (h header, err error) {
	if got := metadata[kindKey]; got != kind {
		return h, fmt.Errorf("%s is %.80q, %q wanted", kindKey, got, kind)
	}
	if err := json.Unmarshal([]byte(metadata[headerKey]), &h); err != nil {
		return h, fmt.Errorf("%s: %w", headerKey, err)
	}
	for _, n := range []int{h.Steps, h.Updates, h.Position, h.BestStep} {
		if n < 0 || n > math.MaxInt/2 { // counting on must not overflow
			return h, fmt.Errorf("%s: the count %d is out of range", headerKey, n)
		}
	}
	switch {
	case h.Note != note:
		return h, &NoteError{Was: h.Note, Now: note}
	case h.Optimiser != l.Optimiser.Name():
		return h, fmt.Errorf("optimiser %.80q, now %q", h.Optimiser, l.Optimiser.Name())
	case h.Seed != l.Task.Params().Seed():
		return h, fmt.Errorf("the seed of the parameters was %d, now %d", h.Seed, l.Task.Params().Seed())
	}
	return h, nil
}

// content is the tensors of a checkpoint.
type content struct {
	params map[string]*Tensor
	memory map[Slot]*Tensor
	state  [][]float64
}

// match sorts a file's tensors and compares them with the parameters and with
// what the optimiser remembers after so many updates.
func (l *Loop) match(f *safetensors.File, updates int) (content, error) {
	c := content{params: map[string]*Tensor{}, memory: map[Slot]*Tensor{}}
	states := map[string][]float64{}
	for i := range f.Tensors {
		if err := l.sort(&f.Tensors[i], c, states); err != nil {
			return c, err
		}
	}
	for _, p := range l.Task.Params().All() {
		if c.params[p.Path()] == nil {
			return c, fmt.Errorf("parameter %s is missing", p.Path())
		}
	}
	for i := range len(states) {
		s, ok := states[fmt.Sprint(i)]
		if !ok {
			return c, fmt.Errorf("state/%d of %d is missing", i, len(states))
		}
		c.state = append(c.state, s)
	}
	return c, l.remembers(c.memory, updates)
}

// sort puts a tensor where its name says.
func (l *Loop) sort(t *safetensors.Tensor, c content, states map[string][]float64) (err error) {
	ps := l.Task.Params()
	group, path, _ := strings.Cut(t.Name, "/")
	switch group {
	case "param":
		p := ps.Get(path)
		if p != nil && !slices.Equal(t.Shape, p.Shape()) {
			return fmt.Errorf("%v: shape %v wanted", t, p.Shape())
		}
		c.params[path], err = fitting(t, p)
	case "optimiser":
		name, path, _ := strings.Cut(path, "/")
		c.memory[Slot{name, path}], err = fitting(t, ps.Get(path))
	case "state":
		states[path], err = t.Float64s()
	default:
		err = fmt.Errorf("%v is unknown", t)
	}
	return err
}

// fitting reads a tensor that must be as long as p, in its number type.
func fitting(t *safetensors.Tensor, p *graph.Param) (*Tensor, error) {
	if p == nil {
		return nil, fmt.Errorf("%v belongs to no parameter", t)
	}
	if n, err := t.Len(); err != nil || n != len(p.Float32s())+len(p.Float64s()) {
		return nil, fmt.Errorf("%v does not fit %s %v", t, p.Path(), p.Shape())
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

// remembers compares an optimiser's tensors with those it has after so many
// updates; of an optimiser from elsewhere they are not known.
func (l *Loop) remembers(memory map[Slot]*Tensor, updates int) error {
	o, ok := l.Optimiser.(interface{ slots() []string })
	if !ok {
		return nil
	}
	names := o.slots()
	for slot := range memory {
		if !slices.Contains(names, slot.Name) {
			return fmt.Errorf("the optimiser has no tensor %.80q", slot.Name)
		}
	}
	for _, p := range l.Task.Params().All() {
		if _, err := p.Grad(); err != nil || updates == 0 {
			continue // never stepped
		}
		for _, name := range names {
			if memory[Slot{name, p.Path()}] == nil {
				return fmt.Errorf("optimiser/%s/%s is missing", name, p.Path())
			}
		}
	}
	return nil
}
