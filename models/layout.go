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

// A model's file holds PyTorch's names and layouts, so that load_state_dict
// takes it: embed.weight [V, E], rnn.weight_ih_l0 [4H, E], out.weight [V, H].
// Inside, weights are [in, out] and have one bias where PyTorch has two: reading
// adds them, writing gives zeros as the second. GRU's candidate keeps both. Tied
// weights are written twice, as PyTorch's state_dict has them.

// shapes are the tensors of a model's file.
func (c Config) shapes(vocab int) map[string][]int {
	gates := map[string]int{"rnn": 1, "gru": 3, "lstm": 4}[c.Cell] * c.Hidden
	s := map[string][]int{"out.weight": {vocab, c.Hidden}, "out.bias": {vocab}}
	in := vocab
	if c.Embed > 0 {
		s["embed.weight"] = []int{vocab, c.Embed}
		in = c.Embed
	}
	for l := range c.Layers {
		s[rnnName("weight_ih", l)] = []int{gates, in}
		s[rnnName("weight_hh", l)] = []int{gates, c.Hidden}
		s[rnnName("bias_ih", l)] = []int{gates}
		s[rnnName("bias_hh", l)] = []int{gates}
		in = c.Hidden
	}
	return s
}

func rnnName(what string, layer int) string { return fmt.Sprintf("rnn.%s_l%d", what, layer) }

// tensors are the model's parameters as a file holds them.
func (m *CharLM) tensors() []safetensors.Tensor {
	shapes := m.Config.shapes(m.Vocab.Len())
	var ts []safetensors.Tensor
	put := func(name string, data []float32) {
		ts = append(ts, safetensors.FromFloat32s(name, shapes[name], data))
	}
	get := func(path string) []float32 { return m.Params.Get(path).Float32s() }
	if m.Config.Embed > 0 {
		put("embed.weight", get("embed/E"))
	}
	for l := range m.Config.Layers {
		at := fmt.Sprintf("rnn/layer%d/", l)
		b := get(at + "b")
		second := make([]float32, len(b))
		if m.Config.Cell == "gru" {
			copy(second[2*m.Config.Hidden:], get(at+"bn"))
		}
		put(rnnName("weight_ih", l), transposed(get(at+"Wx"), len(b)))
		put(rnnName("weight_hh", l), transposed(get(at+"Wh"), len(b)))
		put(rnnName("bias_ih", l), b)
		put(rnnName("bias_hh", l), second)
	}
	if m.Config.Tied {
		put("out.weight", get("embed/E"))
	} else {
		put("out.weight", transposed(get("out/W"), m.Vocab.Len()))
	}
	put("out.bias", get("out/b"))
	return ts
}

// check compares the tensors of a file with those a model needs and names all
// that are missing, unknown or of another shape.
func check(f *safetensors.File, want map[string][]int) error {
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
		return fmt.Errorf("models: %w: %s", ErrFormat, strings.Join(wrong, "; "))
	}
	return nil
}

// checkTied compares the two places of tied weights.
func checkTied(f *safetensors.File) error {
	if !bytes.Equal(f.Find("embed.weight").Data, f.Find("out.weight").Data) {
		return fmt.Errorf("models: %w: the weights are tied, but embed.weight and out.weight differ", ErrFormat)
	}
	return nil
}

// fill puts the values of a file that check has accepted into params.
func (c Config) fill(params *graph.Params, f *safetensors.File) error {
	var err error
	put := func(path string, x []float32, shape ...int) {
		if err == nil {
			err = params.Put(path, shape, x)
		}
	}
	get := func(name string) []float32 {
		x, bad := f.Find(name).Float32s()
		if err == nil {
			err = bad
		}
		return x
	}
	if c.Embed > 0 {
		put("embed/E", get("embed.weight"), f.Find("embed.weight").Shape...)
	}
	for l := range c.Layers {
		at := fmt.Sprintf("rnn/layer%d/", l)
		b, bn := c.oneBias(get(rnnName("bias_ih", l)), get(rnnName("bias_hh", l)))
		put(at+"b", b, len(b))
		if bn != nil {
			put(at+"bn", bn, c.Hidden)
		}
		for path, name := range map[string]string{"Wx": "weight_ih", "Wh": "weight_hh"} {
			in := f.Find(rnnName(name, l)).Shape[1]
			put(at+path, transposed(get(rnnName(name, l)), in), in, len(b))
		}
	}
	vocab := f.Find("out.bias").Shape[0]
	if !c.Tied {
		put("out/W", transposed(get("out.weight"), c.Hidden), c.Hidden, vocab)
	}
	put("out/b", get("out.bias"), vocab)
	return err
}

// oneBias is the sum of PyTorch's two; the GRU's candidate keeps the second.
func (c Config) oneBias(ih, hh []float32) (b, bn []float32) {
	summed := len(ih)
	if c.Cell == "gru" {
		summed = 2 * c.Hidden
		bn = hh[summed:]
	}
	for i := range summed {
		if hh[i] != 0 { // -0 stays -0
			ih[i] += hh[i]
		}
	}
	return ih, bn
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
