package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// reductions writes loops over groups of eight elements into eight lanes. Package kernel adds its sums in eight lanes,
// so the vectors of AVX2 serve both paths, with the bits of plain Go.
func (s isa) reductions(c *build.Context) {
	begin := func(name, signature, doc string) {
		c.Function(s.name + name)
		c.SignatureExpr(signature)
		c.Pragma("noescape")
		c.Doc(s.name + name + " " + doc)
		c.Load(c.Param("s"), rOut)
		c.Load(c.Param("x"), rX)
		c.Load(c.Param("groups"), rCount)
		c.VMOVUPS(operand.Mem{Base: rOut}, reg.Y0)
	}
	end := func() {
		c.ADDQ(operand.Imm(32), rX)
		c.DECQ(rCount)
		c.JNZ(operand.LabelRef("loop"))
	}
	leave := func() {
		c.VMOVUPS(reg.Y0, operand.Mem{Base: rOut})
		c.VZEROUPPER()
		c.RET()
	}

	begin("Sum", "func(s *[8]float32, x *float32, groups int)", "adds groups of eight elements to s; groups >= 1.")
	c.Label("loop")
	c.VADDPS(operand.Mem{Base: rX}, reg.Y0, reg.Y0)
	end()
	leave()

	begin("Dot", "func(s *[8]float32, x, y *float32, groups int)", "adds groups of eight products to s; groups >= 1.")
	c.Load(c.Param("y"), rY)
	c.Label("loop")
	c.VMOVUPS(operand.Mem{Base: rX}, reg.Y1)
	c.VMULPS(operand.Mem{Base: rY}, reg.Y1, reg.Y1)
	c.VADDPS(reg.Y1, reg.Y0, reg.Y0)
	c.ADDQ(operand.Imm(32), rY)
	end()
	leave()

	begin("Max", "func(s *[8]float32, x *float32, groups int)",
		"raises s to groups of eight elements; groups >= 1. A lane that meets a NaN is NaN.")
	c.VXORPS(reg.Y1, reg.Y1, reg.Y1)
	c.Label("loop")
	c.VMOVUPS(operand.Mem{Base: rX}, reg.Y2)
	c.VMAXPS(reg.Y2, reg.Y0, reg.Y0)
	c.Comment("All ones, which is a NaN, where the element is not comparable to itself")
	c.VCMPPS(operand.Imm(3), reg.Y2, reg.Y2, reg.Y2)
	c.VORPS(reg.Y2, reg.Y1, reg.Y1)
	end()
	c.VORPS(reg.Y1, reg.Y0, reg.Y0)
	leave()
}
