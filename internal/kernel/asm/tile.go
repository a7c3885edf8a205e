package main

import (
	"fmt"
	"go/types"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/gotypes"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// fields are those of the struct tile in package kernel, eight bytes each, in order.
var fields = []struct{ name, kind, comment string }{
	{"a", "unsafe.Pointer", "op(A) at the first row"},
	{"b", "unsafe.Pointer", "B at the first column"},
	{"c", "unsafe.Pointer", "C at the first row and column"},
	{"aRow", "int", "bytes from one row of op(A) to the next"},
	{"aCol", "int", "bytes from one column of op(A) to the next"},
	{"bRow", "int", "bytes from one row of B to the next"},
	{"cRow", "int", "bytes from one row of C to the next"},
	{"k", "int", "rows of B, at least 1"},
	{"count", "int", "tiles, one below the other, at least 1"},
	{"from", "unsafe.Pointer", "what the sums begin with, at the first row and column; nil: zero"},
	{"fromRow", "int", "bytes from one row of that to the next"},
	{"next", "unsafe.Pointer", "what is read as B next, fetched into the second-level cache"},
	{"nextRow", "int", "bytes from one row of that to the next"},
	{"lanes", "int", "columns in the last vector of a masked tile, 1 to all"},
}

// field is the operand of a field of the tile that R13 points to.
func field(name string) operand.Mem {
	for i, f := range fields {
		if f.name == name {
			return operand.Mem{Base: reg.R13, Disp: 8 * i}
		}
	}
	panic("no field " + name)
}

// tileType stands for the struct in a signature.
var tileType = types.NewNamed(types.NewTypeName(0, kernel, "tile", nil), types.NewStruct(nil, nil), nil)

var kernel = types.NewPackage("github.com/unroll-go/unroll/internal/kernel", "kernel")

// signature is that of a function of one argument.
func signature(name string, kind types.Type) *gotypes.Signature {
	arguments := types.NewTuple(types.NewParam(0, kernel, name, kind))
	return gotypes.NewSignature(kernel, types.NewSignatureType(nil, nil, nil, arguments, nil, false))
}

// The registers of the inner loop.
var (
	rA, rB, rLeft, rCol, rRow = reg.RAX, reg.RBX, reg.RCX, reg.RDX, reg.RSI
	rNext, rNextRow           = reg.R14, reg.R15

	// odd[i] holds 2i+1 rows of A in bytes: with the scales 1, 2, 4 and 8 every row up to 12 has an address.
	odd = []reg.GPPhysical{reg.RDI, reg.R8, reg.R9, reg.R10, reg.R11, reg.R12}
)

// element is the address of op(A) in row i.
func element(i int) operand.Mem {
	if i == 0 {
		return operand.Mem{Base: rA}
	}
	scale := uint8(1)
	for ; i%2 == 0; i /= 2 {
		scale *= 2
	}
	return operand.Mem{Base: rA, Index: odd[i/2], Scale: scale}
}

// tiles writes all tiles, and the table their masks come from.
func (s isa) tiles(c *build.Context) {
	if s.lanes != 16 {
		c.StaticGlobal(s.maskTable())
		c.DataAttributes(attr.RODATA | attr.NOPTR)
		for i := range 2 * s.lanes {
			ones := operand.U32(0)
			if i < s.lanes {
				ones--
			}
			c.AppendDatum(ones)
		}
	}
	s.variants(func(r, v int, masked bool) { newTile(s, c, r, v, masked).write() })
}

// tile is one function: count times r rows of C, v vectors wide. Each element has one accumulator, and its terms
// come one after the other, fused: the bits do not depend on the tile an element falls into.
type tile struct {
	isa
	*build.Context
	r, v   int
	masked bool

	sums, b []reg.VecPhysical // r·v accumulators, row by row; the v vectors of a row of B
	spare   []reg.VecPhysical // the other registers
	lanes   reg.Register      // the mask
}

func newTile(s isa, c *build.Context, r, v int, masked bool) *tile {
	t := &tile{isa: s, Context: c, r: r, v: v, masked: masked}
	t.sums, t.b, t.spare = s.vec[:r*v], s.vec[r*v:r*v+v], s.vec[r*v+v:]
	if r == 1 {
		t.b, t.spare = s.vec[v:v+1], s.vec[v+1:] // B is mostly an operand in memory
	}
	return t
}

func (t *tile) write() {
	t.Function(t.tileName(t.r, t.v, t.masked))
	t.Signature(signature("t", types.NewPointer(tileType)))
	t.Pragma("noescape")
	t.Doc(fmt.Sprintf("%s computes tiles of %d x %d.", t.tileName(t.r, t.v, t.masked), t.r, t.v*t.isa.lanes))
	here := t.AllocLocal(32) // where A, C and the addend are, and the tiles left: the caller's pointers stay in their operands
	hereA, hereC, hereFrom, left := here, here.Offset(8), here.Offset(16), here.Offset(24)

	t.Load(t.Param("t"), reg.R13)
	if t.masked {
		t.MOVQ(field("lanes"), rLeft)
		t.lanes = t.maskOf(t.Context, rLeft, rB, t.spare[0])
		if t.isa.lanes != 16 {
			t.spare = t.spare[1:]
		}
	}
	for _, f := range []struct {
		name string
		to   operand.Mem
	}{{"a", hereA}, {"c", hereC}, {"from", hereFrom}, {"count", left}} {
		t.MOVQ(field(f.name), rA)
		t.MOVQ(rA, f.to)
	}
	t.strides()

	t.Label("tile")
	t.start(hereFrom)
	t.MOVQ(hereA, rA)
	t.MOVQ(field("b"), rB)
	t.MOVQ(field("k"), rLeft)
	if t.fetches() {
		t.MOVQ(field("next"), rNext)
		t.MOVQ(field("nextRow"), rNextRow)
	}
	t.Label("loop")
	t.step()
	t.ADDQ(rCol, rA)
	t.ADDQ(rRow, rB)
	if t.fetches() {
		t.ADDQ(rNextRow, rNext)
	}
	t.DECQ(rLeft)
	t.JNZ(operand.LabelRef("loop"))

	t.MOVQ(hereC, rA)
	t.finish()
	t.MOVQ(rA, hereC)
	t.IMUL3Q(operand.U32(uint32(t.r)), odd[0], rA)
	t.ADDQ(rA, hereA)
	t.DECQ(left)
	t.JNZ(operand.LabelRef("tile"))
	t.VZEROUPPER()
	t.RET()
}

// fetches says whether the inner loop fetches what comes next: it has time for that.
func (t *tile) fetches() bool { return t.r >= 5 && !t.masked }

// strides loads what the inner loop adds.
func (t *tile) strides() {
	t.MOVQ(field("aCol"), rCol)
	t.MOVQ(field("bRow"), rRow)
	t.MOVQ(field("aRow"), odd[0])
	for i := 1; 2*i+1 < t.r; i++ {
		t.LEAQ(operand.Mem{Base: odd[i-1], Index: odd[0], Scale: 2}, odd[i])
	}
}

// start sets the accumulators to what they begin with, or to zero. here then points below that.
func (t *tile) start(here operand.Mem) {
	t.MOVQ(here, rA)
	t.TESTQ(rA, rA)
	t.JEQ(operand.LabelRef("zero"))
	t.MOVQ(field("fromRow"), rB)
	for i := range t.r {
		for j := range t.v {
			t.load(operand.Mem{Base: rA, Disp: j * t.bytes()}, j, t.sums[i*t.v+j])
		}
		t.ADDQ(rB, rA)
	}
	t.MOVQ(rA, here)
	t.JMP(operand.LabelRef("begin"))
	t.Label("zero")
	for _, v := range t.sums {
		t.zero(t.Context, v)
	}
	t.Label("begin")
}

// step adds the products of one column of op(A) and one row of B.
func (t *tile) step() {
	if t.r == 1 {
		x := t.spare[0]
		t.VBROADCASTSS(element(0), x)
		for j, sum := range t.sums {
			from := operand.Mem{Base: rB, Disp: j * t.bytes()}
			if !t.masked && j*t.bytes()%64 == 0 { // the row after the next
				t.PREFETCHT0(operand.Mem{Base: rB, Index: rRow, Scale: 2, Disp: j * t.bytes()})
			}
			if t.masked && j == t.v-1 {
				t.load(from, j, t.b[0])
				t.VFMADD231PS(t.b[0], x, sum)
			} else {
				t.VFMADD231PS(from, x, sum)
			}
		}
		return
	}
	for j, v := range t.b {
		t.load(operand.Mem{Base: rB, Disp: j * t.bytes()}, j, v)
		if t.fetches() && j*t.bytes()%64 == 0 {
			t.PREFETCHT1(operand.Mem{Base: rNext, Disp: j * t.bytes()})
		}
	}
	for i := range t.r {
		x := t.spare[i%len(t.spare)]
		t.VBROADCASTSS(element(i), x)
		for j, v := range t.b {
			t.VFMADD231PS(v, x, t.sums[i*t.v+j])
		}
	}
}

// finish stores the accumulators to C at rA, which then points behind them.
func (t *tile) finish() {
	t.MOVQ(field("cRow"), rB)
	for i := range t.r {
		for j := range t.v {
			to, from := operand.Mem{Base: rA, Disp: j * t.bytes()}, t.sums[i*t.v+j]
			if t.masked && j == t.v-1 {
				t.storeMasked(t.Context, from, t.lanes, to)
			} else {
				t.VMOVUPS(from, to)
			}
		}
		t.ADDQ(rB, rA)
	}
}

// load loads the j-th vector of a row.
func (t *tile) load(from operand.Mem, j int, to reg.VecPhysical) {
	if t.masked && j == t.v-1 {
		t.loadMasked(t.Context, from, t.lanes, to)
	} else {
		t.VMOVUPS(from, to)
	}
}
