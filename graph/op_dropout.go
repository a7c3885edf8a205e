package graph

import (
	"fmt"
	"hash/fnv"

	"github.com/unroll-go/unroll/internal/kernel"
)

// Dropout sets each element to 0 with probability p and divides the others by
// 1-p (Srivastava et al. 2014, inverted). Without Key.Train, or for p = 0, it
// is x itself. The mask depends on the seed of the parameters, the program's
// step and the place in the formula alone.
func (g *Builder) Dropout(x *Node, p float64) *Node {
	if x = g.known("Dropout", x); g.err != nil {
		return x
	}
	return g.MaskWith(x, g.DropMask(p, g.Shape(x)...))
}

// DropMask is the mask of Dropout by itself, for formulas that use one mask
// more than once (Gal and Ghahramani 2016: one mask for all time steps). It is
// nil when nothing is to be dropped; see MaskWith.
func (g *Builder) DropMask(p float64, shape ...int) *Node {
	if !(p >= 0 && p < 1) {
		g.Fail(fmt.Errorf("Dropout: the probability must be in [0, 1), got %v", p))
		return nil
	}
	if !g.Train || p == 0 || g.err != nil {
		return nil
	}
	if err := checkShape(shape); err != nil {
		g.Fail(fmt.Errorf("Dropout: %w", err))
		return nil
	}
	g.core.masks++
	h := fnv.New64a()
	fmt.Fprintf(h, "%s %d %d", g.path, g.step, g.masks)
	k := &dropMask{key: h.Sum64(), keep: 1 - p}
	return g.add(&value{kind: k, shape: append([]int(nil), shape...)}, fmt.Sprintf("mask %d", g.masks)).node
}

// MaskWith is x ⊙ mask, or x where the mask is nil.
func (g *Builder) MaskWith(x, mask *Node) *Node {
	if mask == nil {
		return g.known("MaskWith", x)
	}
	return g.Mul(x, mask)
}

// dropMask is 1/keep with probability keep, else 0, from a counter.
type dropMask struct {
	nothing
	key  uint64
	keep float64
}

func (*dropMask) name() string { return "DropMask" }

func (k *dropMask) run32(c *call[float32]) { runDropMask(k, c) }
func (k *dropMask) run64(c *call[float64]) { runDropMask(k, c) }

func runDropMask[F kernel.Float](k *dropMask, c *call[F]) {
	kernel.Mask(c.out, kernel.Skip(kernel.Mix(k.key^*c.seed), uint64(c.first*c.out.Cols)), k.keep)
}
