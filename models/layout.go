package models

import (
	"fmt"
	"strings"

	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/internal/safetensors"
)

// A model's file holds PyTorch's names and layouts, so that load_state_dict
// takes it: embed.weight [V, E], rnn.weight_ih_l0 [4H, E], out.weight [V, H].
// Inside, weights are [in, out] and have one bias where PyTorch has two. A
// layout declares which parameter is which tensor; the functions below declare
// the parts that models are made of.

// layout maps the parameters of a model to the tensors of its file and back.
type layout []entry

// entry maps one parameter to one tensor. Biases of cells, of which PyTorch has
// two, are a pair.
type entry struct {
	path  string // of the parameter
	name  string // of the tensor
	shape []int  // of the tensor
	form  form
	pair  pair // for form biases
}

// form says how a tensor's values become a parameter's.
type form uint8

const (
	same   form = iota // as they are
	turned             // the tensor is [out, in], the parameter [in, out]
	row                // the tensor is [1, n], the parameter [n]
	planes             // the tensor is [F, C, KH, KW], the parameter [KH, KW, C, F]
	again              // the tensor repeats a parameter that another entry has (tied weights)
	biases             // two tensors, one parameter; see pair
)

// pair is the second of PyTorch's biases. Reading adds it to the first, writing
// gives zeros; but its last elements may be a parameter of their own, as the
// GRU's candidate has them, inside the reset.
type pair struct {
	name string // of the second tensor
	path string // of the parameter that its last elements are; "": none
	own  int    // how many they are
}

// module is PyTorch's name for what stands below a path.
func module(path string) string { return strings.ReplaceAll(path, "/", ".") }

// embedding is the table of cells.Embedding below a scope.
func embedding(path string, rows, width int) layout {
	return layout{{path: path + "/E", name: module(path) + ".weight", shape: []int{rows, width}}}
}

// dense is cells.Dense below a scope, with its bias.
func dense(path string, in, out int) layout {
	return append(denseNoBias(path, in, out),
		entry{path: path + "/b", name: module(path) + ".bias", shape: []int{out}})
}

// denseNoBias is cells.Dense without a bias.
func denseNoBias(path string, in, out int) layout {
	return layout{{path: path + "/W", name: module(path) + ".weight", shape: []int{out, in}, form: turned}}
}

// kernels is cells.Conv2D below a scope: a PyTorch module Conv2d.
func kernels(path string, in, out, h, w int) layout {
	name := module(path)
	return layout{
		{path: path + "/W", name: name + ".weight", shape: []int{out, in, h, w}, form: planes},
		{path: path + "/b", name: name + ".bias", shape: []int{out}},
	}
}

// norm is a layer normalisation with a gain and a bias: a PyTorch module
// LayerNorm.
func norm(path string, width int) layout {
	name := module(path)
	return layout{
		{path: path + "/gain", name: name + ".weight", shape: []int{width}},
		{path: path + "/bias", name: name + ".bias", shape: []int{width}},
	}
}

// tied is a dense layer below a scope whose weights are an embedding table, at a
// path of its own: the file has them a second time.
func tied(table, path string, rows, width int) layout {
	name := module(path)
	return layout{
		{path: table, name: name + ".weight", shape: []int{rows, width}, form: again},
		{path: path + "/b", name: name + ".bias", shape: []int{rows}},
	}
}

// recurrent is the stack of r below a scope, its first inputs of width in: a
// PyTorch module RNN, LSTM or GRU.
func recurrent(path string, r Recurrent, in int) layout {
	var l layout
	name := module(path)
	for i := range r.Layers {
		at := fmt.Sprintf("%s/layer%d", path, i)
		end := fmt.Sprintf("_l%d", i)
		if r.Bidirectional {
			l = append(l, cell(at+"/forward", name, end, r, in)...)
			l = append(l, cell(at+"/backward", name, end+"_reverse", r, in)...)
		} else {
			l = append(l, cell(at, name, end, r, in)...)
		}
		in = r.Out()
	}
	return l
}

// cell is one cell: two weights and the biases.
func cell(path, name, end string, r Recurrent, in int) layout {
	gates := map[string]int{"rnn": 1, "gru": 3, "lstm": 4}[r.Cell] * r.Hidden
	second := pair{name: name + ".bias_hh" + end}
	if r.Cell == "gru" {
		second.path, second.own = path+"/bn", r.Hidden
	}
	return layout{
		{path: path + "/Wx", name: name + ".weight_ih" + end, shape: []int{gates, in}, form: turned},
		{path: path + "/Wh", name: name + ".weight_hh" + end, shape: []int{gates, r.Hidden}, form: turned},
		{path: path + "/b", name: name + ".bias_ih" + end, shape: []int{gates}, form: biases, pair: second},
	}
}

// join is the layout of a model made of parts.
func join(parts ...layout) layout {
	var all layout
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

// shapes are the tensors of a file by name.
func (l layout) shapes() map[string][]int {
	s := map[string][]int{}
	for _, e := range l {
		s[e.name] = e.shape
		if e.form == biases {
			s[e.pair.name] = e.shape
		}
	}
	return s
}

// tensors are a model's parameters as a file holds them.
func (l layout) tensors(ps *graph.Params) ([]safetensors.Tensor, error) {
	var ts []safetensors.Tensor
	for _, e := range l {
		p := ps.Get(e.path)
		if p == nil || p.Float32s() == nil {
			return nil, fmt.Errorf("models: there is no float32 parameter %s to write as %s", e.path, e.name)
		}
		x := p.Float32s()
		switch e.form {
		case turned:
			x = transposed(x, e.shape[0])
		case planes: // [KH·KW, C, F] to [F, C, KH·KW]
			x = outward(x, e.shape[2]*e.shape[3], e.shape[1], e.shape[0])
		case biases:
			ts = append(ts, safetensors.FromFloat32s(e.pair.name, e.shape, e.pair.written(ps, len(x))))
		}
		ts = append(ts, safetensors.FromFloat32s(e.name, e.shape, x))
	}
	return ts, nil
}

// written are the n elements of the second bias.
func (p pair) written(ps *graph.Params, n int) []float32 {
	x := make([]float32, n)
	if p.path != "" {
		copy(x[n-p.own:], ps.Get(p.path).Float32s())
	}
	return x
}
