package graph

import (
	"fmt"
	"strconv"
	"strings"
)

// opText is the name of an operation with what it needs beside its operands.
func opText(v *value) string {
	name := v.kind.name()
	switch k := v.kind.(type) {
	case constant:
		return "const " + number(k.x)
	case scale:
		return name + " " + number(k.k)
	case addConst:
		return name + " " + number(k.k)
	case cols:
		return fmt.Sprintf("%s %d:%d", name, k.lo, k.hi)
	case rows:
		if k.drop {
			return fmt.Sprintf("%s %d", name, k.lo)
		}
		return fmt.Sprintf("%s %d:%d", name, k.lo, k.hi)
	case matMul:
		return name + " " + k.text()
	case batched:
		return name + " " + matMul(k).text()
	}
	return name
}

// text is the product as a formula.
func (k matMul) text() string {
	s := "a·b"
	switch {
	case k.tA && k.tB:
		s = "aᵀ·bᵀ"
	case k.tA:
		s = "aᵀ·b"
	case k.tB:
		s = "a·bᵀ"
	}
	if k.acc {
		return "c+" + s
	}
	return s
}

// portNames say which operand is which: the letters of a product's formula,
// else positions from 0, nothing where the order does not matter.
func portNames(v *value) []string {
	ports := make([]string, len(v.in))
	switch v.kind.(type) {
	case matMul, batched:
		copy(ports, []string{"c", "a", "b"}[3-len(ports):])
		return ports
	}
	if k, ok := v.kind.(binary); len(ports) < 2 || (ok && (k.fn == add || k.fn == mul)) {
		return ports
	}
	for i := range ports {
		ports[i] = strconv.Itoa(i)
	}
	return ports
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }

// shapeText is a shape as the documentation writes it.
func shapeText(v *value) string {
	s := strings.Join(strings.Fields(fmt.Sprint(v.shape)), ", ")
	if len(v.shape) == 0 {
		s = "scalar"
	}
	if v.ids {
		s += " ids"
	}
	return s
}

// describe is all that is known of a mark, in English.
func (m *mark) describe() string { return english().describe(m) }
