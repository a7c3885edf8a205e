package models

import (
	"fmt"
	"strings"

	"github.com/unroll-go/unroll/graph"
)

// Look says what LookInside looks at. The zero value is the last token's surprise and the
// recurrent weights of layer 0.
type Look struct {
	Param  string // whose uses are told apart; "": rnn/layer0/Wh
	At     []int  // the t of E_t, the surprise at token t + 1; nil: the last one
	All    bool   // every t, for the triangle
	Routes bool   // also through which of h and c
	Scope  string // the layer whose Jacobians are taken; "": rnn/layer0, "-": none
}

// Inside is how a language model learns from a text, and how far back it feels.
type Inside struct {
	Tokens []string          // of the text: E_t compares the prediction after Tokens[t] with Tokens[t+1]
	Paths  *graph.PathReport // dE_t/dW use by use, dE_t/dh_k
	Memory *graph.Memory     // ds_t/ds_k by lag, nil if not asked for
	Radius []float64         // spectral radius of each [H, H] block of the layer's Wh, in the order of the gates
}

// LookInside takes the gradient of a text's surprise apart, from a zero state, in float64: see
// graph.Paths for what the terms are and what they cost, graph.Jacobians for the memory. The model
// is not changed. A text of two tokens at least is needed; one that is too long to be taken apart
// is an error that says what it would cost.
func (m *CharLM) LookInside(text string, of Look) (*Inside, error) {
	ids, err := m.Vocab.Encode(text)
	if err != nil {
		return nil, fmt.Errorf("models: look inside: %w", err)
	}
	if len(ids) < 2 {
		return nil, fmt.Errorf("models: look inside: at least 2 tokens wanted, got %d", len(ids))
	}
	if of.Param == "" {
		of.Param = "rnn/layer0/Wh"
	}
	if of.Scope == "" {
		of.Scope = "rnn/layer0"
	}
	params, err := m.inFloat64()
	if err != nil {
		return nil, err
	}
	in := &Inside{}
	for _, id := range ids {
		in.Tokens = append(in.Tokens, m.token(id))
	}
	if in.Paths, err = m.paths(params, ids, of); err != nil || of.Scope == "-" {
		return in, err
	}
	if in.Memory, err = m.memory(params, ids, of.Scope); err != nil {
		return nil, err
	}
	in.Radius, err = graph.SpectralRadius(params.Get(of.Scope+"/Wh").Values(), m.Config.Hidden)
	return in, err
}

// inFloat64 are the parameters, widened.
func (m *CharLM) inFloat64() (*graph.Params, error) {
	wide := graph.NewParams64(m.Params.Seed())
	for _, p := range m.Params.All() {
		if err := wide.Put(p.Path(), p.Shape(), p.Float32s()); err != nil {
			return nil, err
		}
	}
	return wide, nil
}

func (m *CharLM) paths(params *graph.Params, ids []int, of Look) (*graph.PathReport, error) {
	p, err := graph.NewPaths(params, graph.Key{B: 1, T: len(ids) - 1}, m.lm.Probe,
		graph.PathsOf{Loss: "nats", At: of.At, All: of.All, Param: of.Param, Routes: of.Routes})
	if err != nil {
		return nil, err
	}
	if err := give(p.Program, ids); err != nil {
		return nil, err
	}
	return p.Report()
}

func (m *CharLM) memory(params *graph.Params, ids []int, scope string) (*graph.Memory, error) {
	j, err := graph.NewJacobians(params, graph.Key{B: 1, T: len(ids) - 1}, m.lm.Probe, scope)
	if err != nil {
		return nil, err
	}
	if err := give(j.Program, ids); err != nil {
		return nil, err
	}
	return j.Report()
}

// give sets a text as input and target.
func give(p *graph.Program, ids []int) error {
	if err := p.SetIDs("ids", ids[:len(ids)-1]); err != nil {
		return err
	}
	return p.SetIDs("target", ids[1:])
}

// String is the paths and the memory as text.
func (in *Inside) String() string {
	var b strings.Builder
	b.WriteString(in.Paths.String())
	if in.Memory != nil {
		b.WriteString(in.Memory.String())
		fmt.Fprintf(&b, "spectral radius of Wh: %.4f\n", in.Radius)
	}
	return b.String()
}
