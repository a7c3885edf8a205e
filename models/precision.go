package models

import (
	"fmt"
	"strings"

	"github.com/unroll-go/unroll/graph"
)

// Precision is the form in which generating and scoring read a model's weights.
// Parameters themselves stay in float32: training, saving and another choice
// later start from them.
type Precision uint8

// The precisions. See graph.BFloat16 and graph.Int8.
const (
	Float32  Precision = iota // the parameters as they are
	BFloat16                  // half the bytes
	Int8                      // a quarter
)

var precisionNames = [...]string{"f32", "bf16", "int8"}

// String is f32, bf16 or int8.
func (p Precision) String() string {
	if int(p) < len(precisionNames) {
		return precisionNames[p]
	}
	return fmt.Sprintf("Precision(%d)", uint8(p))
}

// ParsePrecision is the precision of a name that String gives.
func ParsePrecision(name string) (Precision, error) {
	for p, s := range precisionNames {
		if s == name {
			return Precision(p), nil
		}
	}
	return 0, fmt.Errorf("models: precision %q is unknown; there are %s", name, strings.Join(precisionNames[:], ", "))
}

// options are those of the programs that read weights so.
func (p Precision) options() []graph.Option {
	switch p {
	case BFloat16:
		return []graph.Option{graph.BFloat16}
	case Int8:
		return []graph.Option{graph.Int8}
	}
	return nil
}

// Narrow chooses how Score and generators made from now on read the weights of
// products: in fewer bytes a small batch takes less time, for reading them is
// most of it, and the loss is a little different. The choice is made once,
// after loading:
//
//	m, err := models.LoadCharLMFile(path)
//	..
//	err = m.Narrow(models.BFloat16)
//
// The copies are made here, and again whenever the parameters change. A weight
// that is not finite has no place in Int8: that is an error, here or of later
// runs, and here the model is left as it was. Training is not affected.
func (m *CharLM) Narrow(p Precision) error {
	if int(p) >= len(precisionNames) {
		return fmt.Errorf("models: %v is unknown; there are %s", p, strings.Join(precisionNames[:], ", "))
	}
	g, err := graph.Build(m.Params, graph.Key{B: 1, T: 1}, m.lm.Generate, p.options()...)
	if err != nil {
		return err
	}
	if err := g.Run(); err != nil { // of id 0, from a zero state
		return fmt.Errorf("models: weights as %v: %w", p, err)
	}
	if err := m.score.Close(); err != nil {
		return err
	}
	m.precision = p
	m.score = graph.NewCache(m.Params, 4, m.lm.Score, p.options()...)
	return g.Close()
}

// Precision is what Narrow has chosen; Float32 at first.
func (m *CharLM) Precision() Precision { return m.precision }
