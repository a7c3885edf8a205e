package main

import (
	"fmt"
	"go/types"
	"path/filepath"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// narrowFields are those of the struct narrowTile in package kernel, eight bytes each, in order.
var narrowFields = []struct{ name, kind, comment string }{
	{"a", "unsafe.Pointer", "A at the first row"},
	{"w", "unsafe.Pointer", "W at the first column"},
	{"c", "unsafe.Pointer", "C at the first row and column"},
	{"scale", "unsafe.Pointer", "of the columns; of integers alone"},
	{"aRow", "int", "bytes from one row of A to the next"},
	{"wRow", "int", "bytes from one row of W to the next"},
	{"cRow", "int", "bytes from one row of C to the next"},
	{"k", "int", "rows of W, at least 1"},
	{"acc", "int", "0: C = A·W; else C += A·W"},
}

// narrowField is the operand of a field of the tile that R13 points to.
func narrowField(name string) operand.Mem {
	for i, f := range narrowFields {
		if f.name == name {
			return operand.Mem{Base: reg.R13, Disp: 8 * i}
		}
	}
	panic("no field " + name)
}

var narrowTileType = types.NewNamed(types.NewTypeName(0, kernel, "narrowTile", nil), types.NewStruct(nil, nil), nil)

// narrowBits are the forms of W.
var narrowBits = []string{"BFloat16", "Int8"}

// narrowWidth is the number of vectors in the widest tile of as many rows; half of it, down to a unit of 32 columns,
// is there too. 8 accumulators hide the latency of a multiply-add.
func (s isa) narrowWidth() []int {
	if s.lanes == 16 {
		return []int{0, 8, 8, 4, 4}
	}
	return []int{0, 8, 4, 4}
}

// narrowVariants are the tiles there are.
func (s isa) narrowVariants(do func(bits string, r, v int)) {
	for _, bits := range narrowBits {
		for r, most := range s.narrowWidth() {
			for v := most; v*s.lanes >= 32; v /= 2 {
				do(bits, r, v)
			}
		}
	}
}

func (s isa) narrowName(bits string, r, v int) string {
	return fmt.Sprintf("%s%s%dx%d", s.name, bits, r, v)
}

// narrowFiles writes the products with narrow matrices.
func narrowFiles(dir string) {
	for _, s := range []isa{avx512, avx2} {
		c := build.NewContext()
		c.ConstraintExpr(constraint)
		s.narrowVariants(func(bits string, r, v int) { newNarrowTile(s, c, bits, r, v).write() })
		emit(c, filepath.Join(dir, "zz_narrow_"+s.name+"_amd64"))
	}
	write(filepath.Join(dir, "zz_narrow_tiles_amd64.go"), narrowDispatch())
}

// narrowTile is one function: r rows of C, v vectors wide. Each element has one accumulator.
type narrowTile struct {
	isa
	*build.Context
	bits string
	r, v int

	sums     []reg.VecPhysical // r·v accumulators, row by row
	low, up  reg.VecPhysical   // two vectors of W as float32, 16 columns apart
	mask     reg.VecPhysical   // the upper half of each 32 bits
	elements []reg.VecPhysical // of A: one for each row, or one for all
}

func newNarrowTile(s isa, c *build.Context, bits string, r, v int) *narrowTile {
	t := &narrowTile{isa: s, Context: c, bits: bits, r: r, v: v}
	n := r * v
	t.sums, t.low, t.up, t.mask, t.elements = s.vec[:n], s.vec[n], s.vec[n+1], s.vec[n+2], s.vec[n+3:]
	if len(t.elements) >= r {
		t.elements = t.elements[:r]
	} else {
		t.elements = t.elements[:1]
	}
	return t
}

// column is the column that accumulator j of a row begins at: vectors come in pairs that lie 16 columns apart.
func (t *narrowTile) column(j int) int {
	pairs := 16 / t.lanes // in a unit
	return j/2/pairs*32 + j/2%pairs*t.lanes + j%2*16
}

func (t *narrowTile) write() {
	t.Function(t.narrowName(t.bits, t.r, t.v))
	t.Signature(signature("t", types.NewPointer(narrowTileType)))
	t.Pragma("noescape")
	t.Doc(fmt.Sprintf("%s computes a tile of %d x %d.", t.narrowName(t.bits, t.r, t.v), t.r, t.v*t.lanes))
	t.Load(t.Param("t"), reg.R13)
	t.begin()
	t.MOVQ(narrowField("a"), rA)
	t.MOVQ(narrowField("w"), rB)
	t.MOVQ(narrowField("k"), rLeft)
	t.MOVQ(narrowField("wRow"), rRow)
	t.MOVQ(narrowField("aRow"), odd[0])
	if t.r > 3 {
		t.LEAQ(operand.Mem{Base: odd[0], Index: odd[0], Scale: 2}, odd[1])
	}
	t.Label("loop")
	t.step()
	t.ADDQ(operand.Imm(4), rA)
	t.ADDQ(rRow, rB)
	t.DECQ(rLeft)
	t.JNZ(operand.LabelRef("loop"))
	t.end()
	t.VZEROUPPER()
	t.RET()
}

// begin sets the accumulators to zero or, for bfloat16, to C; and makes the mask.
func (t *narrowTile) begin() {
	for _, v := range t.sums {
		t.zero(t.Context, v)
	}
	if t.bits == "Int8" {
		return
	}
	if t.lanes == 16 {
		t.VPTERNLOGD(operand.U8(0xff), t.mask, t.mask, t.mask)
	} else {
		t.VPCMPEQD(t.mask, t.mask, t.mask)
	}
	t.VPSLLD(operand.U8(16), t.mask, t.mask)
	t.CMPQ(narrowField("acc"), operand.Imm(0))
	t.JEQ(operand.LabelRef("start"))
	t.eachSum(func(sum reg.VecPhysical, c operand.Mem, _ int) { t.VMOVUPS(c, sum) })
	t.Label("start")
}

// eachSum calls do for each accumulator with its place in C and its column.
func (t *narrowTile) eachSum(do func(sum reg.VecPhysical, c operand.Mem, column int)) {
	t.MOVQ(narrowField("c"), rA)
	t.MOVQ(narrowField("cRow"), rB)
	for i := range t.r {
		for j := range t.v {
			do(t.sums[i*t.v+j], operand.Mem{Base: rA, Disp: 4 * t.column(j)}, t.column(j))
		}
		if i < t.r-1 {
			t.ADDQ(rB, rA)
		}
	}
}

// step adds the products of one column of A and one row of W.
func (t *narrowTile) step() {
	all := len(t.elements) == t.r
	if all {
		for i, x := range t.elements {
			t.VBROADCASTSS(element(i), x)
		}
	}
	for j := 0; j < t.v; j += 2 {
		t.widen(j)
		for i := range t.r {
			x := t.elements[i%len(t.elements)]
			if !all {
				t.VBROADCASTSS(element(i), x)
			}
			t.VFMADD231PS(t.low, x, t.sums[i*t.v+j])
			t.VFMADD231PS(t.up, x, t.sums[i*t.v+j+1])
		}
	}
}

// widen sets low and up to the vectors of W for the accumulators j and j+1.
func (t *narrowTile) widen(j int) {
	if t.bits == "Int8" {
		t.VPMOVSXBD(operand.Mem{Base: rB, Disp: t.column(j)}, t.low)
		t.VPMOVSXBD(operand.Mem{Base: rB, Disp: t.column(j + 1)}, t.up)
		t.VCVTDQ2PS(t.low, t.low)
		t.VCVTDQ2PS(t.up, t.up)
		return
	}
	unit, first := t.column(j)/32, t.column(j)%32
	from := operand.Mem{Base: rB, Disp: 64*unit + 4*first}
	if t.lanes == 16 {
		t.VPSLLD(operand.U8(16), from, t.low)
		t.VPANDD(from, t.mask, t.up)
		return
	}
	t.VMOVUPS(from, t.up)
	t.VPSLLD(operand.U8(16), t.up, t.low)
	t.VPAND(t.up, t.mask, t.up)
}

// end stores the accumulators to C, integers with their scale and added to C where asked.
func (t *narrowTile) end() {
	if t.bits == "BFloat16" {
		t.eachSum(func(sum reg.VecPhysical, c operand.Mem, _ int) { t.VMOVUPS(sum, c) })
		return
	}
	scale := func(column int) {
		t.VMOVUPS(operand.Mem{Base: rLeft, Disp: 4 * column}, t.low)
	}
	t.MOVQ(narrowField("scale"), rLeft)
	t.CMPQ(narrowField("acc"), operand.Imm(0))
	t.JEQ(operand.LabelRef("alone"))
	t.eachSum(func(sum reg.VecPhysical, c operand.Mem, column int) {
		scale(column)
		t.VFMADD213PS(c, t.low, sum)
		t.VMOVUPS(sum, c)
	})
	t.VZEROUPPER()
	t.RET()
	t.Label("alone")
	t.eachSum(func(sum reg.VecPhysical, c operand.Mem, column int) {
		scale(column)
		t.VMULPS(sum, t.low, sum)
		t.VMOVUPS(sum, c)
	})
}
