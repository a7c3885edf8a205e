package main

import (
	"fmt"
	"strings"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// update is a step of an optimiser: it changes some of its arrays, element by element. The bodies are those of
// optimise.go in package kernel, instruction by instruction.
type update struct {
	name    string
	arrays  []string // w first; grad, the gradient, is only read
	scalars []string
	doc     string
	body    func(w *changes) // leaves the new elements in place
}

func updates() []update {
	decayed := []string{"scale", "decay", "rate", "mu"}
	return []update{
		{"Adam", []string{"w", "grad", "m", "v"}, []string{"scale", "new1", "beta2", "new2", "root", "eps", "rate", "keep"}, "Adam", (*changes).adam},
		{"SGD", []string{"w", "grad"}, decayed, "SGD without momentum", func(w *changes) { w.gradient(); w.descend("grad") }},
		{"Momentum", []string{"w", "grad", "v"}, decayed, "SGD with momentum", func(w *changes) {
			w.gradient()
			w.velocity()
			w.mul("rate", w.a["v"], w.t)
			w.each(func(u int) { w.VSUBPS(w.t[u], w.a["w"][u], w.a["w"][u]) })
		}},
		{"Nesterov", []string{"w", "grad", "v"}, decayed, "SGD with Nesterov's momentum", func(w *changes) {
			w.gradient()
			w.velocity()
			w.mul("mu", w.a["v"], w.t)
			w.add(w.t, w.a["grad"])
			w.descend("grad")
		}},
	}
}

// changes is the body of an update.
type changes struct {
	*work
	a map[string][]reg.VecPhysical // the arrays by their names
	t []reg.VecPhysical            // a temporary
	k map[string]reg.VecPhysical   // the scalars
}

// mul sets to = k·a, add sets to = to + a.
func (w *changes) mul(k string, a, to []reg.VecPhysical) {
	w.each(func(u int) { w.VMULPS(w.k[k], a[u], to[u]) })
}

func (w *changes) add(a, to []reg.VecPhysical) {
	w.each(func(u int) { w.VADDPS(a[u], to[u], to[u]) })
}

func (w *changes) adam() {
	x, g, m, v, t := w.a["w"], w.a["grad"], w.a["m"], w.a["v"], w.t
	w.mul("scale", g, g)
	w.each(func(u int) { w.VSUBPS(m[u], g[u], t[u]) })
	w.mul("new1", t, t)
	w.add(t, m)
	w.mul("new2", g, t)
	w.each(func(u int) { w.VMULPS(g[u], t[u], t[u]) })
	w.mul("beta2", v, v)
	w.add(t, v)
	w.each(func(u int) { w.VSQRTPS(v[u], t[u]) })
	w.each(func(u int) { w.VDIVPS(w.k["root"], t[u], t[u]) })
	w.each(func(u int) { w.VADDPS(w.k["eps"], t[u], t[u]) })
	w.mul("rate", m, g)
	w.each(func(u int) { w.VDIVPS(t[u], g[u], g[u]) })
	w.mul("keep", x, x)
	w.each(func(u int) { w.VSUBPS(g[u], x[u], x[u]) })
}

// gradient sets g = scale·g + decay·w.
func (w *changes) gradient() {
	w.mul("scale", w.a["grad"], w.a["grad"])
	w.mul("decay", w.a["w"], w.t)
	w.add(w.t, w.a["grad"])
}

// velocity sets v = mu·v + g.
func (w *changes) velocity() {
	w.mul("mu", w.a["v"], w.a["v"])
	w.add(w.a["grad"], w.a["v"])
}

// descend sets w = w - rate·d; d is lost.
func (w *changes) descend(d string) {
	w.mul("rate", w.a[d], w.a[d])
	w.each(func(u int) { w.VSUBPS(w.a[d][u], w.a["w"][u], w.a["w"][u]) })
}

// updates writes the steps of the optimisers.
func (s isa) updates(c *build.Context) {
	for _, p := range updates() {
		p.write(s, c)
	}
}

func (p update) write(s isa, c *build.Context) {
	c.Function(s.name + p.name)
	c.SignatureExpr(fmt.Sprintf("func(%s *float32, n int, k *[8]float32)", strings.Join(p.arrays, ", ")))
	c.Pragma("noescape")
	c.Doc(fmt.Sprintf("%s%s makes a step of %s for n elements; k: %s.", s.name, p.name, p.doc, strings.Join(p.scalars, ", ")))
	for i, name := range p.arrays {
		c.Load(c.Param(name), arrays[i])
	}
	c.Load(c.Param("n"), rCount)
	c.Load(c.Param("k"), rTable)

	w := &changes{work: &work{isa: s, Context: c}, a: map[string][]reg.VecPhysical{}, k: map[string]reg.VecPhysical{}}
	mask, free := s.vec[0], s.vec[1:]
	for i, name := range p.scalars {
		w.k[name], free = free[0], free[1:]
		c.VBROADCASTSS(operand.Mem{Base: rTable, Disp: 4 * i}, w.k[name])
	}
	w.chains = min(4, len(free)/(len(p.arrays)+1))
	for _, name := range p.arrays {
		w.a[name], free = free[:w.chains], free[w.chains:]
	}
	w.t = free[:w.chains]
	p.loop(w)
	p.rest(w, mask)
	c.VZEROUPPER()
	c.RET()
}

var arrays = []reg.GPPhysical{reg.RAX, reg.RBX, reg.RDX, reg.R9}

// loop updates whole groups of vectors.
func (p update) loop(w *changes) {
	step := w.chains * w.lanes
	w.SUBQ(operand.U32(uint32(step)), rCount)
	w.JL(operand.LabelRef("few"))
	w.Label("loop")
	for i, name := range p.arrays {
		w.each(func(u int) { w.VMOVUPS(operand.Mem{Base: arrays[i], Disp: u * w.bytes()}, w.a[name][u]) })
	}
	p.body(w)
	for i, name := range p.arrays {
		if name != "grad" {
			w.each(func(u int) { w.VMOVUPS(w.a[name][u], operand.Mem{Base: arrays[i], Disp: u * w.bytes()}) })
		}
		w.ADDQ(operand.U32(uint32(step*4)), arrays[i])
	}
	w.SUBQ(operand.U32(uint32(step)), rCount)
	w.JGE(operand.LabelRef("loop"))
	w.Label("few")
	w.ADDQ(operand.U32(uint32(step)), rCount)
}

// rest updates what is left, a masked vector at a time.
func (p update) rest(w *changes, spare reg.VecPhysical) {
	w.chains = 1
	w.Label("rest")
	w.CMPQ(rCount, operand.Imm(0))
	w.JLE(operand.LabelRef("done"))
	w.MOVQ(operand.U32(uint32(w.lanes)), reg.RDI)
	w.CMPQ(rCount, reg.RDI)
	w.CMOVQLT(rCount, reg.RDI)
	mask := w.maskOf(w.Context, reg.RDI, reg.R8, spare)
	for i, name := range p.arrays {
		w.loadMasked(w.Context, operand.Mem{Base: arrays[i]}, mask, w.a[name][0])
	}
	p.body(w)
	for i, name := range p.arrays {
		if name != "grad" {
			w.storeMasked(w.Context, w.a[name][0], mask, operand.Mem{Base: arrays[i]})
		}
		w.ADDQ(operand.U32(uint32(w.bytes())), arrays[i])
	}
	w.SUBQ(operand.U32(uint32(w.lanes)), rCount)
	w.JMP(operand.LabelRef("rest"))
	w.Label("done")
}
