package graph

import "github.com/unroll-go/unroll/internal/kernel"

// MaskedSoftmax is Softmax over the first lens[b] columns of each row, and exactly 0 in the others:
// scores [B, S], or [T, B, S], and lengths, ids [B]. What stands past the length is not read. A row
// of length 0 or less is all 0, a length above S counts as S.
func (g *Builder) MaskedSoftmax(x, lens *Node) *Node { return g.apply(maskedSoftmax{}, x, lens) }

// maskedSoftmax is softmax over the beginnings of rows. Operands: scores, lengths.
type maskedSoftmax struct{}

func (maskedSoftmax) name() string { return "MaskedSoftmax" }

func (k maskedSoftmax) infer(in []*value) ([]int, bool, error) {
	x, lens := in[0], in[1]
	if x.ids || !lens.ids || len(lens.shape) != 1 || len(x.shape) < 2 || x.shape[len(x.shape)-2] != lens.shape[0] {
		return nil, false, shapeError(k.name(), in, "scores [.., B, S] and lengths, ids [B], are needed")
	}
	return x.shape, false, nil
}

// diff is that of softmax: where the result is 0 nothing flows.
func (maskedSoftmax) diff(g *Builder, v *value, dy *Node) []term {
	return []term{wholeTerm(g.apply(softmaxGrad{}, v.node, dy)), {}}
}

func (maskedSoftmax) inPlace(_ *value, i int) bool { return i == 0 }
func (maskedSoftmax) run32(c *call[float32])       { runMaskedSoftmax(c) }
func (maskedSoftmax) run64(c *call[float64])       { runMaskedSoftmax(c) }

func runMaskedSoftmax[F kernel.Float](c *call[F]) {
	B := len(c.ids[1])
	for i := range c.out.Rows {
		n := min(max(c.ids[1][(c.first+i)%B], 0), c.out.Cols)
		if n > 0 {
			kernel.Softmax(c.out.Slice(i, i+1, 0, n), c.in[0].Slice(i, i+1, 0, n))
		}
		kernel.Fill(c.out.Slice(i, i+1, n, c.out.Cols), 0)
	}
}
