package graph

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/internal/kernel"
)

// rule is something that the engine took off a formula.
type rule uint8

const (
	ruleHoisted rule = iota
	ruleExchanged
	ruleParted
	ruleZero
	ruleStacked
	ruleSummed
	ruleTurned
	ruleLate
	rules
)

var ruleNames = [rules]string{
	"products of a step made with those of all steps",
	"products with looked-up rows exchanged for a look-up",
	"products with joined columns parted",
	"products with zeros left out",
	"products of a gradient made as one of stacked rows",
	"sums of a gradient made as one of stacked rows",
	"products with a transposed copy of weights",
	"values of all steps made step by step",
}

// Plan says in numbers what a run of a program does.
type Plan struct {
	Operations int            // that compute something
	ByName     map[string]int // the operations by name; "Loop" is several elementwise ones, "CrossEntropyBoth" a loss with its gradient
	Fused      int            // operations in these
	Products   int            // matrix products among them, convolutions included
	Flops      float64        // floating-point operations of the products

	Traffic Traffic            // bytes that the operations read and write
	Moved   map[string]Traffic // the same by name

	Segments int            // runs of operations between which workers wait
	InPlace  int            // results written over an operand
	Joined   int            // stacks and joined columns that cost nothing
	Views    int            // ranges that cost nothing
	Kept     int            // operations computed once for each version of the parameters
	Arena    int            // bytes of memory that values share in time
	Own      int            // bytes of inputs, outputs, state and constants
	Rules    map[string]int // what was taken off the formula
}

// Plan returns the numbers of the program's plan; zero after Close.
func (p *Program) Plan() Plan {
	switch {
	case p.m64 != nil:
		return p.m64.p.describe(8)
	case p.m32 != nil:
		return p.m32.p.describe(4)
	}
	return Plan{}
}

// describe is the plan in numbers, for elements of so many bytes.
func (p *plan) describe(width int) Plan {
	d := Plan{
		Operations: len(p.body), ByName: map[string]int{}, Moved: map[string]Traffic{}, Segments: len(p.segs),
		Kept: len(p.derive), Arena: p.arena * width, Rules: map[string]int{},
	}
	for _, v := range p.body {
		name, t := v.kind.name(), p.traffic(v, width)
		if l := p.loops[v.index]; l != nil {
			name = l.name()
			d.Fused += len(l.vs)
		}
		d.ByName[name]++
		d.Moved[name] = d.Moved[name].plus(t)
		d.Traffic = d.Traffic.plus(t)
		switch v.kind.(type) {
		case matMul, batched, conv, convInput, convWeights:
			d.Products++
			d.Flops += flops(v)
		}
		for _, y := range p.writes(v) {
			if p.overwrites(y) {
				d.InPlace++
			}
		}
	}
	for r, n := range p.g.did {
		if n > 0 {
			d.Rules[ruleNames[r]] = n
		}
	}
	p.describeMemory(&d, width)
	return d
}

// describeMemory counts what costs nothing to run, and the bytes of the program's own.
func (p *plan) describeMemory(d *Plan, width int) {
	for _, v := range p.order {
		switch {
		case isView(v.kind):
			d.Views++
		case p.joined(v):
			d.Joined++
		}
	}
	for _, st := range p.stores {
		if st.kind == outside {
			d.Own += (st.hi - st.lo) * st.cols * width
		}
	}
}

// overwrites says whether v lies exactly where one of its operands lay.
func (p *plan) overwrites(v *value) bool {
	if v.ids {
		return false
	}
	st, r := p.region(v)
	for _, x := range p.reads(v) {
		if x.ids || isView(v.kind) {
			continue
		}
		if s, q := p.region(x); s == st && q == r {
			return true
		}
	}
	return false
}

// Explain describes the plan in words: operations, bytes moved, memory and what
// was taken off the formula.
func (p *Program) Explain() string {
	d := p.Plan()
	var b strings.Builder
	fmt.Fprintf(&b, "B %d, T %d, N %d, train %v; kernels: %s\n", p.key.B, p.key.T, p.key.N, p.key.Train, kernel.Path())
	fmt.Fprintf(&b, "%d operations in %d segments, %d of them matrix products of %.1f MFLOP\n",
		d.Operations, d.Segments, d.Products, d.Flops/1e6)
	fmt.Fprintf(&b, "%.2f MB read, %.2f MB written\n", mega(d.Traffic.Read), mega(d.Traffic.Written))
	fmt.Fprintf(&b, "%d results written over an operand, %d joined for nothing, %d views, %d kept with the parameters\n",
		d.InPlace, d.Joined, d.Views, d.Kept)
	fmt.Fprintf(&b, "%.2f MB shared in time, %.2f MB of inputs, outputs, state and constants\n", mega(d.Arena), mega(d.Own))
	for _, name := range slices.SortedFunc(maps.Keys(d.ByName), byCount(d.ByName)) {
		t := d.Moved[name]
		fmt.Fprintf(&b, "  %6d  %-20s %9.3f MB read %9.3f MB written\n", d.ByName[name], name, mega(t.Read), mega(t.Written))
	}
	for _, name := range slices.SortedFunc(maps.Keys(d.Rules), byCount(d.Rules)) {
		fmt.Fprintf(&b, "  %6d  %s\n", d.Rules[name], name)
	}
	return b.String()
}

// mega is bytes in MB.
func mega(bytes int) float64 { return float64(bytes) / 1e6 }

// byCount orders names by their counts, the largest first.
func byCount(n map[string]int) func(a, b string) int {
	return func(a, b string) int { return cmp.Or(cmp.Compare(n[b], n[a]), cmp.Compare(a, b)) }
}
