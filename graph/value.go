package graph

import "strconv"

// value is what the builder knows of a node.
type value struct {
	node  *Node
	kind  kind
	in    []*value
	shape []int
	ids   bool // integers, not floats
	index int  // position in core.values
	path  string
	step  int
	swept bool // one of all the rows of its input, made by Unstack

	varies  bool // depends on a swept row, so it may differ from step to step
	settled bool // depends on parameters and constants alone

	late bool // computes rows of what its operands would give, for one step
	from int  // the first of these rows
}

func (v *value) rows() int { r, _ := dims(v.shape); return r }
func (v *value) cols() int { _, c := dims(v.shape); return c }

// inherit notes what a value depends on.
func (v *value) inherit() {
	switch v.kind.(type) {
	case *parameter, constant:
		v.settled = true
	case *stock, keep:
	default:
		v.settled = len(v.in) > 0 && !v.ids
	}
	for _, c := range v.in {
		v.varies = v.varies || c.varies || c.swept
		v.settled = v.settled && c.settled
	}
}

// structure identifies an operation on operands; kinds are comparable.
func structure(k kind, in []*value) any {
	type few struct {
		k       kind
		a, b, c *value
	}
	type many struct {
		k  kind
		in string
	}
	if len(in) > 3 {
		var buf []byte
		for _, v := range in {
			buf = strconv.AppendInt(append(buf, ' '), int64(v.index), 36)
		}
		return many{k, string(buf)}
	}
	f := few{k: k}
	for i, p := range []**value{&f.a, &f.b, &f.c} {
		if i < len(in) {
			*p = in[i]
		}
	}
	return f
}
