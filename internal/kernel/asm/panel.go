package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// transpose writes the function that transposes a strip: as many rows as a vector has lanes, any number of columns
// from 4 on. Four columns go at a time, the last four overlapping what went before where the number is no multiple.
//
// Quarter q of four columns is a vector of rows q, q+4, q+8, q+12; its lanes of 128 bits are loaded one by one,
// which costs no shuffle, and two rounds of interleaving then turn each 4x4 block.
func (s isa) transpose(c *build.Context) {
	c.Function(s.name + "Transpose")
	c.SignatureExpr("func(dst, src *float32, dstRow, srcRow, cols int)")
	c.Pragma("noescape")
	c.Doc(fmt.Sprintf("%sTranspose sets the rows 0 to cols-1 of dst to the columns of src, which has %d rows; cols >= 4, strides in bytes.", s.name, s.lanes))

	dst, src, left, to, row := reg.RAX, reg.RBX, reg.RCX, reg.RDX, reg.RSI
	row3, to3 := reg.R8, reg.R9
	c.Load(c.Param("dst"), dst)
	c.Load(c.Param("src"), src)
	c.Load(c.Param("dstRow"), to)
	c.Load(c.Param("srcRow"), row)
	c.Load(c.Param("cols"), left)
	c.LEAQ(operand.Mem{Base: row, Index: row, Scale: 2}, row3)
	c.LEAQ(operand.Mem{Base: to, Index: to, Scale: 2}, to3)
	bases := []reg.GPPhysical{src, reg.R10, reg.R11, reg.R12}[:s.lanes/4] // four rows each

	c.Label("loop")
	for i := 1; i < len(bases); i++ {
		c.LEAQ(operand.Mem{Base: bases[i-1], Index: row, Scale: 4}, bases[i])
	}
	q := s.vec[:4]
	for i, v := range q {
		for lane, base := range bases {
			from := []operand.Mem{{Base: base}, {Base: base, Index: row, Scale: 1}, {Base: base, Index: row, Scale: 2}, {Base: base, Index: row3, Scale: 1}}[i]
			switch {
			case lane == 0:
				c.VMOVUPS(from, v.AsX())
			case s.lanes == 16:
				c.VINSERTF32X4(operand.U8(uint8(lane)), from, v, v)
			default:
				c.VINSERTF128(operand.U8(uint8(lane)), from, v, v)
			}
		}
	}
	t, o := s.vec[4:8], s.vec[8:12]
	c.VUNPCKLPS(q[1], q[0], t[0])
	c.VUNPCKHPS(q[1], q[0], t[1])
	c.VUNPCKLPS(q[3], q[2], t[2])
	c.VUNPCKHPS(q[3], q[2], t[3])
	c.VUNPCKLPD(t[2], t[0], o[0])
	c.VUNPCKHPD(t[2], t[0], o[1])
	c.VUNPCKLPD(t[3], t[1], o[2])
	c.VUNPCKHPD(t[3], t[1], o[3])
	c.VMOVUPS(o[0], operand.Mem{Base: dst})
	c.VMOVUPS(o[1], operand.Mem{Base: dst, Index: to, Scale: 1})
	c.VMOVUPS(o[2], operand.Mem{Base: dst, Index: to, Scale: 2})
	c.VMOVUPS(o[3], operand.Mem{Base: dst, Index: to3, Scale: 1})

	c.ADDQ(operand.Imm(16), src)
	c.LEAQ(operand.Mem{Base: dst, Index: to, Scale: 4}, dst)
	c.SUBQ(operand.Imm(4), left)
	c.JEQ(operand.LabelRef("done"))
	c.CMPQ(left, operand.Imm(4))
	c.JGE(operand.LabelRef("loop"))

	c.Comment("Fewer than four columns are left: go back so that they are the last of four")
	c.SUBQ(operand.Imm(4), left)
	c.LEAQ(operand.Mem{Base: src, Index: left, Scale: 4}, src)
	c.IMULQ(to, left)
	c.ADDQ(left, dst)
	c.MOVQ(operand.U32(4), left)
	c.JMP(operand.LabelRef("loop"))
	c.Label("done")
	c.VZEROUPPER()
	c.RET()
}

// copyPanel writes the function that copies rows as long as the rows of a tile of the greatest height, one after the
// other.
func (s isa) copyPanel(c *build.Context) {
	vecs := s.width[s.maxRows()]
	c.Function(s.name + "CopyPanel")
	c.SignatureExpr("func(dst, src *float32, srcRow, rows int)")
	c.Pragma("noescape")
	c.Doc(fmt.Sprintf("%sCopyPanel copies %d elements from each row of src to dst, without a gap; rows >= 1, srcRow in bytes.", s.name, vecs*s.lanes))
	dst, src, row, left := reg.RAX, reg.RBX, reg.RCX, reg.RDX
	c.Load(c.Param("dst"), dst)
	c.Load(c.Param("src"), src)
	c.Load(c.Param("srcRow"), row)
	c.Load(c.Param("rows"), left)
	c.Label("loop")
	for j := range vecs {
		c.VMOVUPS(operand.Mem{Base: src, Disp: j * s.bytes()}, s.vec[j])
	}
	for j := range vecs {
		c.VMOVUPS(s.vec[j], operand.Mem{Base: dst, Disp: j * s.bytes()})
	}
	c.ADDQ(row, src)
	c.ADDQ(operand.U32(uint32(vecs*s.bytes())), dst)
	c.DECQ(left)
	c.JNZ(operand.LabelRef("loop"))
	c.VZEROUPPER()
	c.RET()
}
