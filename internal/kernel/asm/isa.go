package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// isa is an instruction set: its vectors, and the widest tile for each number of rows.
type isa struct {
	name  string
	lanes int // float32 in a vector
	vec   []reg.VecPhysical
	width []int // width[r] is the number of vectors in the widest tile of r rows; width[0] is unused
}

// A tile needs rows·vectors accumulators, and 8 of them to hide the latency of a fused multiply-add (4 cycles, two
// units); beyond that, more rows save reads of B and more vectors reads of A. Both tables never rise: a tile of r-1
// rows can be as wide as one of r.
var (
	avx512 = isa{"avx512", 16, zmm, []int{0, 16, 8, 4, 4, 2, 2, 2, 2, 2, 2, 2, 2}}
	avx2   = isa{"avx2", 8, ymm, []int{0, 8, 4, 3, 2, 2, 2}}
)

var (
	zmm = []reg.VecPhysical{
		reg.Z0, reg.Z1, reg.Z2, reg.Z3, reg.Z4, reg.Z5, reg.Z6, reg.Z7,
		reg.Z8, reg.Z9, reg.Z10, reg.Z11, reg.Z12, reg.Z13, reg.Z14, reg.Z15,
		reg.Z16, reg.Z17, reg.Z18, reg.Z19, reg.Z20, reg.Z21, reg.Z22, reg.Z23,
		reg.Z24, reg.Z25, reg.Z26, reg.Z27, reg.Z28, reg.Z29, reg.Z30, reg.Z31,
	}
	ymm = []reg.VecPhysical{
		reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7,
		reg.Y8, reg.Y9, reg.Y10, reg.Y11, reg.Y12, reg.Y13, reg.Y14, reg.Y15,
	}
)

// maxRows is the height of the tallest tile.
func (s isa) maxRows() int { return len(s.width) - 1 }

// zero clears a vector.
func (s isa) zero(c *build.Context, v reg.VecPhysical) {
	if s.lanes == 16 {
		c.VPXORD(v, v, v)
	} else {
		c.VXORPS(v, v, v)
	}
}

// maskOf makes the mask of the first n lanes: a mask register, or the vector v with lanes all ones or zero. n and help
// are lost. Lanes outside a mask are neither read nor written.
func (s isa) maskOf(c *build.Context, n, help reg.GPPhysical, v reg.VecPhysical) reg.Register {
	if s.lanes == 16 {
		c.Comment("The mask of the last vector")
		c.MOVQ(operand.U32(0xffff), help)
		c.BZHIQ(n, help, help)
		c.KMOVW(help.As32(), reg.K1)
		return reg.K1
	}
	c.Comment("The mask of the last vector: n ones and the zeros that follow them")
	c.LEAQ(operand.NewDataAddr(operand.NewStaticSymbol(s.maskTable()), 0), help)
	c.NEGQ(n)
	c.VMOVUPS(operand.Mem{Base: help, Index: n, Scale: 4, Disp: 4 * s.lanes}, v)
	return v
}

func (s isa) maskTable() string { return s.name + "Ones" }

// loadMasked loads the lanes of mask, and zero elsewhere.
func (s isa) loadMasked(c *build.Context, from operand.Mem, mask reg.Register, to reg.VecPhysical) {
	if s.lanes == 16 {
		c.VMOVUPS_Z(from, mask, to)
	} else {
		c.VMASKMOVPS(from, mask, to)
	}
}

// storeMasked stores the lanes of mask.
func (s isa) storeMasked(c *build.Context, from reg.VecPhysical, mask reg.Register, to operand.Mem) {
	if s.lanes == 16 {
		c.VMOVUPS(from, mask, to)
	} else {
		c.VMASKMOVPS(from, mask, to)
	}
}

// bytes is the size of a vector.
func (s isa) bytes() int { return 4 * s.lanes }

// tileName names the function of a tile of r rows and v vectors.
func (s isa) tileName(r, v int, masked bool) string {
	if masked {
		return fmt.Sprintf("%sTile%dx%dMasked", s.name, r, v)
	}
	return fmt.Sprintf("%sTile%dx%d", s.name, r, v)
}

// variants are the tiles there are: with a masked last vector every width up to the widest, for what remains of C;
// without a mask the widest, and the widest of the next height for a shorter tile beside a higher one.
func (s isa) variants(do func(r, v int, masked bool)) {
	for r := 1; r <= s.maxRows(); r++ {
		full := []int{s.width[r]}
		if r < s.maxRows() && s.width[r+1] != s.width[r] {
			full = append(full, s.width[r+1])
		}
		for _, v := range full {
			do(r, v, false)
		}
		for v := 1; v <= s.width[r]; v++ {
			do(r, v, true)
		}
	}
}
