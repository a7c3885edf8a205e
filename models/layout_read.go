package models

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/internal/safetensors"
)

// params are the parameters that a file holds, compared with the layout first.
func (l layout) params(f *safetensors.File) (*graph.Params, error) {
	if err := l.check(f); err != nil {
		return nil, fmt.Errorf("models: %w: %w", ErrFormat, err)
	}
	ps := graph.NewParams(0)
	for _, e := range l {
		if err := e.put(ps, f); err != nil {
			return nil, err
		}
	}
	return ps, nil
}

// check compares the tensors of a file with those of the layout and names all
// that are missing, unknown or of another shape.
func (l layout) check(f *safetensors.File) error {
	want := l.shapes()
	var wrong []string
	for _, name := range slices.Sorted(maps.Keys(want)) {
		t := f.Find(name)
		switch {
		case t == nil:
			wrong = append(wrong, fmt.Sprintf("%s %v is missing", name, want[name]))
		case !slices.Equal(t.Shape, want[name]):
			wrong = append(wrong, fmt.Sprintf("%s: shape %v wanted, got %v", name, want[name], t.Shape))
		case t.DType != safetensors.F32 && t.DType != safetensors.F16 && t.DType != safetensors.BF16:
			wrong = append(wrong, fmt.Sprintf("%s: floats of at most 32 bits wanted, got %s", name, t.DType))
		}
	}
	for _, t := range f.Tensors {
		if want[t.Name] == nil {
			wrong = append(wrong, fmt.Sprintf("%v is unknown", &t))
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%s", strings.Join(wrong, "; "))
	}
	return l.checkAgain(f)
}

// checkAgain compares the two places of tied weights.
func (l layout) checkAgain(f *safetensors.File) error {
	for _, e := range l {
		if e.form != again {
			continue
		}
		first := l[slices.IndexFunc(l, func(o entry) bool { return o.path == e.path })].name
		if !bytes.Equal(f.Find(first).Data, f.Find(e.name).Data) {
			return fmt.Errorf("the weights are tied, but %s and %s differ", first, e.name)
		}
	}
	return nil
}

// put adds the parameter of an entry with the values of a file that check has
// accepted.
func (e entry) put(ps *graph.Params, f *safetensors.File) error {
	if e.form == again {
		return nil
	}
	x, err := f.Find(e.name).Float32s()
	if err != nil {
		return err
	}
	shape := e.shape
	switch e.form {
	case turned:
		x = transposed(x, shape[1])
		shape = []int{shape[1], shape[0]}
	case row:
		shape = shape[1:]
	case planes:
		x = outward(x, shape[0], shape[1], shape[2]*shape[3])
		shape = []int{shape[2], shape[3], shape[1], shape[0]}
	case biases:
		if err := e.pair.put(ps, f, x); err != nil {
			return err
		}
	}
	return ps.Put(e.path, shape, x)
}

// put adds the second bias to the first, but for what is a parameter of its own.
func (p pair) put(ps *graph.Params, f *safetensors.File, first []float32) error {
	second, err := f.Find(p.name).Float32s()
	if err != nil {
		return err
	}
	summed := len(second) - p.own
	for i, x := range second[:summed] {
		if x != 0 { // -0 stays -0
			first[i] += x
		}
	}
	if p.path == "" {
		return nil
	}
	return ps.Put(p.path, []int{p.own}, second[summed:])
}

// transposed turns rows of the given width into columns.
func transposed(x []float32, cols int) []float32 {
	y := make([]float32, len(x))
	rows := len(x) / cols
	for i := range rows {
		for j := range cols {
			y[j*rows+i] = x[i*cols+j]
		}
	}
	return y
}

// outward exchanges the first and the last of three axes: [n, m, k] becomes [k, m,
// n].
func outward(x []float32, n, m, k int) []float32 {
	y := make([]float32, len(x))
	for i := range n {
		for j := range m {
			for l := range k {
				y[(l*m+j)*n+i] = x[(i*m+j)*k+l]
			}
		}
	}
	return y
}
