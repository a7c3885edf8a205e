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

	begin("Squares", "func(s *[8]float64, x *float32, groups int)", "adds groups of eight squares to s; groups >= 1.")
	c.VMOVUPS(operand.Mem{Base: rOut, Disp: 32}, reg.Y1)
	c.Label("loop")
	for i, sum := range []reg.VecPhysical{reg.Y0, reg.Y1} {
		c.VCVTPS2PD(operand.Mem{Base: rX, Disp: 16 * i}, reg.Y2)
		c.VMULPD(reg.Y2, reg.Y2, reg.Y2)
		c.VADDPD(reg.Y2, sum, sum)
	}
	end()
	c.VMOVUPS(reg.Y1, operand.Mem{Base: rOut, Disp: 32})
	leave()

	s.largest(c)
}

// largest writes the function for the largest element. Elements may be looked at twice, so the last vector overlaps
// the one before it.
func (s isa) largest(c *build.Context) {
	c.Function(s.name + "Max")
	c.SignatureExpr("func(x *float32, n int) float32")
	c.Pragma("noescape")
	c.Doc(s.name + "Max returns the largest of n elements, n >= 8; all ones, which is a NaN, if one of them is NaN.")
	c.Load(c.Param("x"), rX)
	c.Load(c.Param("n"), rCount)
	best, nan, x := s.vec[:4], s.vec[4], s.vec[5:9]
	for _, v := range best {
		c.VMOVUPS(operand.Mem{Base: rX}, v)
	}
	const unordered = 3
	one := func(from reg.Register) {
		c.VMOVUPS(operand.Mem{Base: from}, x[0])
		c.VMAXPS(x[0], best[0], best[0])
		c.VCMPPS(operand.Imm(unordered), x[0], x[0], x[0])
		c.VORPS(x[0], nan, nan)
	}
	c.VCMPPS(operand.Imm(unordered), best[0], best[0], nan)
	c.LEAQ(operand.Mem{Base: rX, Index: rCount, Scale: 4, Disp: -32}, rY)
	c.SUBQ(operand.Imm(32), rCount)
	c.JL(operand.LabelRef("few"))
	c.Label("loop")
	for i, v := range x {
		c.VMOVUPS(operand.Mem{Base: rX, Disp: 32 * i}, v)
		c.VMAXPS(v, best[i], best[i])
	}
	for i := 0; i < 4; i += 2 {
		c.VCMPPS(operand.Imm(unordered), x[i], x[i+1], x[i])
		c.VORPS(x[i], nan, nan)
	}
	c.ADDQ(operand.U32(128), rX)
	c.SUBQ(operand.Imm(32), rCount)
	c.JGE(operand.LabelRef("loop"))
	c.Label("few")
	c.CMPQ(rX, rY)
	c.JG(operand.LabelRef("done"))
	c.Label("next")
	one(rX)
	c.ADDQ(operand.Imm(32), rX)
	c.CMPQ(rX, rY)
	c.JLE(operand.LabelRef("next"))
	c.Label("done")
	one(rY)
	s.largestOf(c, best, x[0].AsX())
	c.VMOVMSKPS(nan, reg.EAX)
	c.TESTL(reg.EAX, reg.EAX)
	c.JEQ(operand.LabelRef("number"))
	c.VPCMPEQD(best[0].AsX(), best[0].AsX(), best[0].AsX())
	c.Label("number")
	to, err := c.ReturnIndex(0).Resolve()
	check(err)
	c.VMOVSS(best[0].AsX(), to.Addr)
	c.VZEROUPPER()
	c.RET()
}

// largestOf leaves the largest element of four vectors in the lowest lane of the first: halves, quarters, pairs.
func (s isa) largestOf(c *build.Context, best []reg.VecPhysical, spare reg.Register) {
	c.VMAXPS(best[1], best[0], best[0])
	c.VMAXPS(best[3], best[2], best[2])
	c.VMAXPS(best[2], best[0], best[0])
	low := best[0].AsX()
	c.VEXTRACTF128(operand.Imm(1), best[0], spare)
	c.VMAXPS(spare, low, low)
	for _, swap := range []uint64{0x4e, 0xb1} {
		c.VPSHUFD(operand.Imm(swap), low, spare)
		c.VMAXPS(spare, low, low)
	}
}

// sumDown writes the function that adds rows, a vector of columns at a time: several where there are so many, then a
// masked one.
func (s isa) sumDown(c *build.Context) {
	c.Function(s.name + "SumDown")
	c.SignatureExpr("func(out, x *float32, n, row, rows int)")
	c.Pragma("noescape")
	c.Doc(s.name + "SumDown sets n elements of out to the sums of the columns of x, rows >= 1, row in bytes.")
	c.Load(c.Param("out"), rOut)
	c.Load(c.Param("x"), rX)
	c.Load(c.Param("n"), rCount)
	c.Load(c.Param("row"), rTable)
	c.Load(c.Param("rows"), reg.R9)
	const many = 8
	advance := func(vecs int) {
		c.ADDQ(operand.U32(uint32(vecs*s.bytes())), rOut)
		c.ADDQ(operand.U32(uint32(vecs*s.bytes())), rX)
		c.SUBQ(operand.U32(uint32(vecs*s.lanes)), rCount)
	}
	c.Label("wide")
	c.CMPQ(rCount, operand.U32(uint32(many*s.lanes)))
	c.JL(operand.LabelRef("rest"))
	s.eachRow(c, "wideRow", many, func(from operand.Mem, sum reg.VecPhysical) { c.VADDPS(from, sum, sum) })
	for v := range many {
		c.VMOVUPS(s.vec[v], operand.Mem{Base: rOut, Disp: v * s.bytes()})
	}
	advance(many)
	c.JMP(operand.LabelRef("wide"))

	c.Label("rest")
	c.CMPQ(rCount, operand.Imm(0))
	c.JLE(operand.LabelRef("done"))
	c.MOVQ(operand.U32(uint32(s.lanes)), reg.RDI)
	c.CMPQ(rCount, reg.RDI)
	c.CMOVQLT(rCount, reg.RDI)
	mask := s.maskOf(c, reg.RDI, reg.R8, s.vec[15])
	s.eachRow(c, "restRow", 1, func(from operand.Mem, sum reg.VecPhysical) {
		s.loadMasked(c, from, mask, s.vec[1])
		c.VADDPS(s.vec[1], sum, sum)
	})
	s.storeMasked(c, s.vec[0], mask, operand.Mem{Base: rOut})
	advance(1)
	c.JMP(operand.LabelRef("rest"))
	c.Label("done")
	c.VZEROUPPER()
	c.RET()
}

// eachRow is the loop over the rows, R9 of them, in which some vectors from rX on are added to the first vectors.
func (s isa) eachRow(c *build.Context, name string, vecs int, add func(from operand.Mem, sum reg.VecPhysical)) {
	for v := range vecs {
		s.zero(c, s.vec[v])
	}
	c.MOVQ(rX, reg.R10)
	c.MOVQ(reg.R9, reg.R11)
	c.Label(name)
	for v := range vecs {
		add(operand.Mem{Base: reg.R10, Disp: v * s.bytes()}, s.vec[v])
	}
	c.ADDQ(rTable, reg.R10)
	c.DECQ(reg.R11)
	c.JNZ(operand.LabelRef(name))
}
