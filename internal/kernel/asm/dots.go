package main

import (
	"fmt"
	"go/types"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// dots is a function for a few rows of C = A·Bᵀ, where B is not worth a transposed copy: r rows of C, v vectors of its
// columns at a time, count times. Four columns of B at a time are transposed in registers, and a vector takes a line
// of the cache, 16 columns, before the next one does. The order of the terms is that of a tile.
type dots struct {
	isa
	*build.Context
	r, v int

	sums, t []reg.VecPhysical
	x       reg.VecPhysical // an element of A
}

// maxDots is the greatest number of rows.
const maxDots = 4

// The registers beside those of a tile: rA and rB are where the loop is, and
var (
	rA3           = reg.R11 // three rows of A
	rBRow, rBRow3 = reg.R8, reg.R9
	rFrom, rTimes = reg.R10, reg.RDI // run along B's rows and A's columns
	rStart        = reg.R12          // the first row of a vector
)

// dots writes all of them.
func (s isa) dots(c *build.Context) {
	for r := 1; r <= maxDots; r++ {
		for _, v := range []int{1, 2} {
			d := &dots{isa: s, Context: c, r: r, v: v}
			d.sums, d.t, d.x = s.vec[:r*v], s.vec[r*v:r*v+6], s.vec[r*v+6]
			d.write()
		}
	}
}

func (s isa) dotsName(r, v int) string { return fmt.Sprintf("%sDots%dx%d", s.name, r, v) }

func (d *dots) write() {
	d.Function(d.dotsName(d.r, d.v))
	d.Signature(signature("t", types.NewPointer(tileType)))
	d.Pragma("noescape")
	d.Doc(fmt.Sprintf("%s computes %d x %d elements count times; bRow leads from column to column, k is a multiple of 4.",
		d.dotsName(d.r, d.v), d.r, d.v*d.isa.lanes))
	here := d.AllocLocal(24)
	hereB, hereC, left := here, here.Offset(8), here.Offset(16)
	d.Load(d.Param("t"), reg.R13)
	for _, f := range []struct {
		name string
		to   operand.Mem
	}{{"b", hereB}, {"c", hereC}, {"count", left}} {
		d.MOVQ(field(f.name), rA)
		d.MOVQ(rA, f.to)
	}
	d.MOVQ(field("aCol"), rCol)
	d.MOVQ(field("aRow"), rRow)
	d.LEAQ(operand.Mem{Base: rRow, Index: rRow, Scale: 2}, rA3)
	d.MOVQ(field("bRow"), rBRow)
	d.LEAQ(operand.Mem{Base: rBRow, Index: rBRow, Scale: 2}, rBRow3)

	d.Label("panel")
	d.MOVQ(hereC, rA)
	d.start()
	d.MOVQ(field("a"), rA)
	d.MOVQ(hereB, rB)
	d.MOVQ(field("k"), rLeft)
	d.columns("line", 4)
	d.columns("quarter", 1)

	d.MOVQ(hereC, rA)
	d.finish()
	d.ADDQ(operand.U32(uint32(d.v*d.bytes())), hereC)
	d.IMUL3Q(operand.U32(uint32(d.v*d.isa.lanes)), rBRow, rA)
	d.ADDQ(rA, hereB)
	d.DECQ(left)
	d.JNZ(operand.LabelRef("panel"))
	d.VZEROUPPER()
	d.RET()
}

// columns adds the products of groups of four columns of A and B, as long as there are so many.
func (d *dots) columns(name string, groups int) {
	d.Label(name)
	d.SUBQ(operand.Imm(uint64(4*groups)), rLeft)
	d.JL(operand.LabelRef(name + "Done"))
	d.MOVQ(rB, rStart)
	for v := range d.v {
		d.MOVQ(rA, rTimes)
		for g := range groups {
			d.MOVQ(rStart, rFrom)
			d.transposed(16 * g)
			for l := range 4 {
				d.terms(v, d.t[l])
				d.ADDQ(rCol, rTimes)
			}
		}
		d.MOVQ(rFrom, rStart)
	}
	d.MOVQ(rTimes, rA)
	d.ADDQ(operand.Imm(uint64(16*groups)), rB)
	d.JMP(operand.LabelRef(name))
	d.Label(name + "Done")
	d.ADDQ(operand.Imm(uint64(4*groups)), rLeft)
}

// transposed loads four columns, disp bytes from rFrom, of as many rows of B as a vector has lanes, into the first four
// temporaries. rFrom then points behind these rows.
func (d *dots) transposed(disp int) {
	q, from := d.t[:4], rFrom
	for lane := range d.isa.lanes / 4 {
		for i, v := range q {
			at := []operand.Mem{{Base: from}, {Base: from, Index: rBRow, Scale: 1}, {Base: from, Index: rBRow, Scale: 2}, {Base: from, Index: rBRow3, Scale: 1}}[i]
			at.Disp = disp
			switch {
			case lane == 0:
				d.VMOVUPS(at, v.AsX())
			case d.isa.lanes == 16:
				d.VINSERTF32X4(operand.U8(uint8(lane)), at, v, v)
			default:
				d.VINSERTF128(operand.U8(uint8(lane)), at, v, v)
			}
		}
		d.LEAQ(operand.Mem{Base: from, Index: rBRow, Scale: 4}, from)
	}
	t0, t1 := d.t[4], d.t[5]
	d.VUNPCKLPS(q[1], q[0], t0)
	d.VUNPCKHPS(q[1], q[0], t1)
	d.VUNPCKLPS(q[3], q[2], q[0])
	d.VUNPCKHPS(q[3], q[2], q[1])
	d.VUNPCKLPD(q[1], t1, q[2])
	d.VUNPCKHPD(q[1], t1, q[3])
	d.VUNPCKHPD(q[0], t0, q[1])
	d.VUNPCKLPD(q[0], t0, q[0])
}

// terms adds the products of a column of A, at rTimes, and b, a column of B, to the sums in vector v.
func (d *dots) terms(v int, b reg.VecPhysical) {
	for i := range d.r {
		at := []operand.Mem{{Base: rTimes}, {Base: rTimes, Index: rRow, Scale: 1}, {Base: rTimes, Index: rRow, Scale: 2}, {Base: rTimes, Index: rA3, Scale: 1}}[i]
		if d.isa.lanes == 16 {
			d.VFMADD231PS_BCST(at, b, d.sums[i*d.v+v])
			continue
		}
		d.VBROADCASTSS(at, d.x)
		d.VFMADD231PS(d.x, b, d.sums[i*d.v+v])
	}
}

// start sets the sums to C at rA, or to zero.
func (d *dots) start() {
	for _, v := range d.sums {
		d.zero(d.Context, v)
	}
	d.CMPQ(field("from"), operand.Imm(0))
	d.JEQ(operand.LabelRef("begin"))
	d.eachOfC(func(at operand.Mem, sum reg.VecPhysical) { d.VMOVUPS(at, sum) })
	d.Label("begin")
}

// finish stores the sums to C at rA.
func (d *dots) finish() {
	d.eachOfC(func(at operand.Mem, sum reg.VecPhysical) { d.VMOVUPS(sum, at) })
}

// eachOfC goes through C, from rA on, which it moves.
func (d *dots) eachOfC(do func(at operand.Mem, sum reg.VecPhysical)) {
	for i := range d.r {
		for v := range d.v {
			do(operand.Mem{Base: rA, Disp: v * d.bytes()}, d.sums[i*d.v+v])
		}
		if i < d.r-1 {
			d.ADDQ(field("cRow"), rA)
		}
	}
}
