package main

import (
	"fmt"
	"go/types"
	"slices"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pointwise is a function from elements to elements: out_j = f(x_j [, y_j [, z_j [, v_j]]] [, k]).
type pointwise struct {
	name   string
	inputs int  // how many of x, y, z and v
	scalar bool // whether there is k
	temps  int  // vectors beside the inputs
	sum    bool // whether out is also added to s, in eight lanes; out is never -0, and there is a temporary
	doc    string
	body   func(w *work) // leaves the result in place of x
}

// work is the body of a loop: several vectors at once, each instruction for all of them before the next one, so that
// their chains of instructions fill each other's gaps.
type work struct {
	isa
	*build.Context
	chains int
	x, y   []reg.VecPhysical // inputs
	z, v   []reg.VecPhysical
	t      [][]reg.VecPhysical // temporaries
	k      reg.VecPhysical     // the scalar
	s      reg.VecPhysical     // the eight lanes
	held   []string            // constants in registers
	asked  map[string]bool     // constants that were used
}

// The registers of a loop.
var rOut, rX, rY, rCount, rTable, rSum = reg.RAX, reg.RBX, reg.RDX, reg.RCX, reg.RSI, reg.R9

func (s isa) pointwise(c *build.Context) {
	s.constants(c)
	for _, p := range pointwises() {
		p.write(s, c)
	}
}

// elementsType stands for the struct elements of package kernel in a signature.
var elementsType = types.NewNamed(types.NewTypeName(0, kernel, "elements", nil), types.NewStruct(nil, nil), nil)

// The fields of elements: pointers to the first elements of out, x, y, z and v, the bytes from each row to the next, the
// rows and columns, the sums and the scalar.
const (
	atPointers = 0
	atSteps    = 40
	atRows     = 80
	atCols     = 88
	atSums     = 96
	atScalar   = 104
)

func field8(at int) operand.Mem { return operand.Mem{Base: reg.R12, Disp: at} }

func (p pointwise) write(s isa, c *build.Context) {
	c.Function(s.name + p.name)
	c.Signature(signature("e", types.NewPointer(elementsType)))
	c.Pragma("noescape")
	c.Doc(fmt.Sprintf("%s%s sets %s for all rows of e, which then stands at the last one.", s.name, p.name, p.doc))
	c.Load(c.Param("e"), reg.R12)
	c.LEAQ(operand.NewDataAddr(operand.NewStaticSymbol(s.name+"Constants"), 0), rTable)
	w := s.work(c, p, p.constants(s))
	if p.scalar {
		c.VBROADCASTSS(field8(atScalar), w.k)
	}
	for i, name := range w.held {
		c.VBROADCASTSS(w.inTable(name), w.heldIn(i))
	}
	if p.sum {
		c.MOVQ(field8(atSums), rSum)
		c.VMOVUPS(operand.Mem{Base: rSum}, w.s)
	}
	c.Label("row")
	for i, r := range p.pointers() {
		c.MOVQ(field8(atPointers+8*i), r)
	}
	c.MOVQ(field8(atCols), rCount)
	w.loop(p)
	w.rest(p)
	c.Comment("Pointers never pass the last row: the collector may look at them afterwards")
	c.DECQ(field8(atRows))
	c.JLE(operand.LabelRef("end"))
	for i := range p.pointers() {
		c.MOVQ(field8(atSteps+8*i), reg.RDI)
		c.ADDQ(reg.RDI, field8(atPointers+8*i))
	}
	c.JMP(operand.LabelRef("row"))
	c.Label("end")
	if p.sum {
		c.VMOVUPS(w.s, operand.Mem{Base: rSum})
	}
	c.VZEROUPPER()
	c.RET()
}

// pointers are the registers of out and the inputs.
func (p pointwise) pointers() []reg.GPPhysical {
	return append([]reg.GPPhysical{rOut}, inputs[:p.inputs]...)
}

var inputs = []reg.GPPhysical{rX, rY, reg.R10, reg.R11}

// names are those of the inputs.
func (p pointwise) names() []string { return []string{"x", "y", "z", "v"}[:p.inputs] }

// constants are those that the body uses, where there are registers for them.
func (p pointwise) constants(s isa) []string {
	if s.lanes != 16 {
		return nil
	}
	c := build.NewContext() // written nowhere
	c.Function(p.name)
	var all, used []string
	for _, v := range constants {
		all = append(all, v.name)
	}
	w := s.work(c, p, all)
	p.body(w)
	for _, name := range all {
		if w.asked[name] {
			used = append(used, name)
		}
	}
	return used
}

// work shares out the registers: the scalar, a mask, the constants to be held, and as many chains as there is room for,
// up to four.
func (s isa) work(c *build.Context, p pointwise, held []string) *work {
	free := s.vec[2 : len(s.vec)-len(held)]
	w := &work{isa: s, Context: c, k: s.vec[0], chains: min(4, len(free)/(p.inputs+p.temps)), held: held, asked: map[string]bool{}}
	if p.sum {
		w.s = s.vec[1].AsY().(reg.VecPhysical)
		if s.lanes != 16 { // where that is the mask
			w.s = s.vec[len(s.vec)-1]
		}
	}
	take := func() []reg.VecPhysical {
		v := free[:w.chains]
		free = free[w.chains:]
		return v
	}
	for _, v := range []*[]reg.VecPhysical{&w.x, &w.y, &w.z, &w.v}[:p.inputs] {
		*v = take()
	}
	for range p.temps {
		w.t = append(w.t, take())
	}
	return w
}

// loop computes whole groups of vectors.
func (w *work) loop(p pointwise) {
	step := w.chains * w.isa.lanes
	w.SUBQ(operand.U32(uint32(step)), rCount)
	w.JL(operand.LabelRef("few"))
	w.Label("loop")
	for i, v := range w.vectors(p) {
		for u := range w.chains {
			w.VMOVUPS(operand.Mem{Base: inputs[i], Disp: u * w.bytes()}, v[u])
		}
	}
	p.body(w)
	if p.sum {
		w.each(func(u int) { w.addLanes(w.x[u], w.t[0][u]) })
	}
	for u := range w.chains {
		w.VMOVUPS(w.x[u], operand.Mem{Base: rOut, Disp: u * w.bytes()})
	}
	w.advance(p, w.chains*w.bytes())
	w.SUBQ(operand.U32(uint32(step)), rCount)
	w.JGE(operand.LabelRef("loop"))
	w.Label("few")
	w.ADDQ(operand.U32(uint32(step)), rCount)
}

// rest computes what is left, a masked vector at a time.
func (w *work) rest(p pointwise) {
	w.chains = 1
	w.Label("rest")
	w.CMPQ(rCount, operand.Imm(0))
	w.JLE(operand.LabelRef("done"))
	w.MOVQ(operand.U32(uint32(w.isa.lanes)), reg.RDI)
	w.CMPQ(rCount, reg.RDI)
	w.CMOVQLT(rCount, reg.RDI)
	mask := w.maskOf(w.Context, reg.RDI, reg.R8, w.vec[1])
	for i, v := range w.vectors(p) {
		w.loadMasked(w.Context, operand.Mem{Base: inputs[i]}, mask, v[0])
	}
	p.body(w)
	w.storeMasked(w.Context, w.x[0], mask, operand.Mem{Base: rOut})
	if p.sum {
		w.clearOutside(mask, w.x[0])
		w.addLanes(w.x[0], w.t[0][0])
	}
	w.advance(p, w.bytes())
	w.SUBQ(operand.U32(uint32(w.isa.lanes)), rCount)
	w.JMP(operand.LabelRef("rest"))
	w.Label("done")
}

// addLanes adds groups of eight elements to the lanes, one after the other.
func (w *work) addLanes(x, spare reg.VecPhysical) {
	w.VADDPS(x.AsY(), w.s, w.s)
	if w.isa.lanes == 16 {
		w.VEXTRACTF64X4(operand.Imm(1), x, spare.AsY())
		w.VADDPS(spare.AsY(), w.s, w.s)
	}
}

// clearOutside clears the lanes outside a mask.
func (w *work) clearOutside(mask reg.Register, x reg.VecPhysical) {
	if w.isa.lanes == 16 {
		w.VMOVUPS_Z(x, mask, x)
	} else {
		w.VPAND(mask, x, x)
	}
}

func (w *work) vectors(p pointwise) [][]reg.VecPhysical {
	return [][]reg.VecPhysical{w.x, w.y, w.z, w.v}[:p.inputs]
}

func (w *work) advance(p pointwise, bytes int) {
	for _, r := range p.pointers() {
		w.ADDQ(operand.U32(uint32(bytes)), r)
	}
}

// each runs one instruction for every chain.
func (w *work) each(do func(u int)) {
	for u := range w.chains {
		do(u)
	}
}

// constants writes each constant as a vector.
func (s isa) constants(c *build.Context) {
	c.StaticGlobal(s.name + "Constants")
	c.DataAttributes(attr.RODATA | attr.NOPTR)
	for _, v := range constants {
		for range s.lanes {
			c.AppendDatum(operand.U32(v.bits))
		}
	}
}

// constant is the vector of a constant: a register, or memory where there are too few of them. (Nothing aligns such
// memory to the 64 bytes of the wider vector, and reading across a cache line takes twice the time.)
func (w *work) constant(name string) operand.Op {
	w.asked[name] = true
	if i := slices.Index(w.held, name); i >= 0 {
		return w.heldIn(i)
	}
	return w.inTable(name)
}

// heldIn is the register of the i-th constant that is held.
func (w *work) heldIn(i int) reg.VecPhysical { return w.vec[len(w.vec)-1-i] }

// inTable is the place of a constant in memory.
func (w *work) inTable(name string) operand.Mem {
	for i, v := range constants {
		if v.name == name {
			return operand.Mem{Base: rTable, Disp: i * w.bytes()}
		}
	}
	panic("no constant " + name)
}
