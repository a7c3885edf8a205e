package graph

import (
	bin "encoding/binary"
	"fmt"
	"hash"
	"hash/fnv"

	"github.com/chewxy/hm"
	"gonum.org/v1/gonum/graph"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/unroll-go/unroll/internal/kernel"
)

// symbol presents a kind to Gorgonia as an operation of one node. Its serial
// number is its hash, so that Gorgonia never takes two nodes for one. It
// implements gorgonia.Op and gorgonia.SDOp in full: a graph of ours also runs
// on Gorgonia's tape machine and differentiates with gorgonia.Grad.
type symbol struct {
	kind   kind
	serial uint32
	v      *value
	g      *Builder
}

var (
	_ gorgonia.Op   = (*symbol)(nil)
	_ gorgonia.SDOp = (*symbol)(nil)
)

// Arity is the number of operands.
func (s *symbol) Arity() int { return len(s.v.in) }

// Type is the function from the operands' types to the result's. Gorgonia
// pools these values: each call must build a new one.
func (s *symbol) Type() hm.Type {
	ts := make([]hm.Type, 0, len(s.v.in)+1)
	for _, c := range s.v.in {
		ts = append(ts, s.g.typeOf(c.shape, c.ids))
	}
	return hm.NewFnType(append(ts, s.g.typeOf(s.v.shape, s.v.ids))...)
}

// typeOf is the Gorgonia type of a tensor.
func (c *core) typeOf(shape []int, ids bool) hm.Type {
	dt := c.dtype(ids)
	if len(shape) == 0 {
		return dt
	}
	return gorgonia.TensorType{Dims: len(shape), Of: dt}
}

// InferShape is the shape that was inferred when the node was made.
func (s *symbol) InferShape(...gorgonia.DimSizer) (tensor.Shape, error) {
	return tensor.Shape(append([]int(nil), s.v.shape...)), nil
}

// ReturnsPtr is true: the result is fresh memory that later operations of
// Gorgonia may write into.
func (s *symbol) ReturnsPtr() bool { return true }

// CallsExtern is false.
func (s *symbol) CallsExtern() bool { return false }

// OverwritesInput is -1: Do never writes into an operand.
func (s *symbol) OverwritesInput() int { return -1 }

// WriteHash writes the serial number.
func (s *symbol) WriteHash(h hash.Hash) { _ = bin.Write(h, bin.LittleEndian, s.serial) }

// Hashcode is a hash of the serial number.
func (s *symbol) Hashcode() uint32 {
	h := fnv.New32a()
	s.WriteHash(h)
	return h.Sum32()
}

// String is the name of the operation.
func (s *symbol) String() string { return s.kind.name() }

// DiffWRT says through which operands gradients flow.
func (s *symbol) DiffWRT(inputs int) []bool {
	flows := make([]bool, inputs)
	if _, no := s.kind.(interface{ noGradient() }); no {
		return flows
	}
	for i := range flows {
		flows[i] = !s.v.in[i].ids
	}
	if k, ok := s.kind.(interface{ flows(i int) bool }); ok {
		for i := range flows {
			flows[i] = flows[i] && k.flows(i)
		}
	}
	return flows
}

func (noGrad) noGradient() {}

// SymDiff makes the nodes of the operands' gradients in the graph of grad.
func (s *symbol) SymDiff(_ gorgonia.Nodes, _, grad *Node) (gorgonia.Nodes, error) {
	g := s.g
	g.adopt(grad)
	terms := s.kind.diff(g, s.v, grad)
	out := make(gorgonia.Nodes, len(s.v.in))
	for i, c := range s.v.in {
		if i < len(terms) && terms[i].form != none {
			out[i] = g.total(c, terms[i:i+1:i+1])
		}
	}
	return out, g.err
}

// Do computes the operation into fresh memory.
func (s *symbol) Do(values ...gorgonia.Value) (gorgonia.Value, error) {
	if len(values) != len(s.v.in) {
		return nil, fmt.Errorf("graph: %s: %d operands, got %d", s, len(s.v.in), len(values))
	}
	if s.g.dtype(false) == tensor.Float64 {
		return do(s, values, s.kind.run64)
	}
	return do(s, values, s.kind.run32)
}

func do[F kernel.Float](s *symbol, values []gorgonia.Value, run func(*call[F])) (gorgonia.Value, error) {
	n := len(values)
	c := &call[F]{in: make([]kernel.Mat[F], n), ids: make([][]int, n), v: s.v}
	for i, val := range values {
		if !sameShape(val.Shape(), s.v.in[i].shape) {
			return nil, fmt.Errorf("graph: %s: operand %d: shape %v wanted, got %v", s, i, s.v.in[i].shape, val.Shape())
		}
		if t, ok := val.(*tensor.Dense); ok && !t.DataOrder().IsContiguous() {
			val = t.Materialize().(*tensor.Dense)
		}
		rows, cols := dims(s.v.in[i].shape)
		switch data := val.Data().(type) {
		case []int:
			c.ids[i] = data
		case []F:
			c.in[i] = kernel.Mat[F]{Data: data, Rows: rows, Cols: cols, Stride: cols}
		case F:
			c.in[i] = kernel.Mat[F]{Data: []F{data}, Rows: 1, Cols: 1, Stride: 1}
		default:
			return nil, fmt.Errorf("graph: %s: operand %d holds %T", s, i, data)
		}
	}
	if s.v.late {
		c.first = s.v.from
		for i := range c.in {
			from, n, some := s.v.rowsOf(splitOf(s.v), i)
			switch {
			case some && s.v.in[i].ids:
				c.ids[i] = c.ids[i][from : from+n]
			case some:
				c.in[i] = c.in[i].Slice(from, from+n, 0, c.in[i].Cols)
			}
		}
	}
	rows, cols := dims(s.v.shape)
	c.outIDs = make([]int, size(s.v.shape))
	c.out = kernel.NewMat[F](rows, cols)
	run(c)
	if c.err != nil {
		return nil, fmt.Errorf("graph: %w", c.err)
	}
	if s.v.ids {
		return newTensor(s.v.shape, c.outIDs), nil
	}
	return newTensor(s.v.shape, c.out.Data), nil
}

// newTensor is a Gorgonia value over data.
func newTensor[E any](shape []int, data []E) gorgonia.Value {
	if len(shape) == 0 {
		switch x := any(data[0]).(type) {
		case float32:
			return gorgonia.NewF32(x)
		case float64:
			return gorgonia.NewF64(x)
		case int:
			return gorgonia.NewI(x)
		}
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
}

// edge joins a node to one of its operands.
type edge struct{ from, to *Node }

func (e edge) From() graph.Node         { return e.from }
func (e edge) To() graph.Node           { return e.to }
func (e edge) ReversedEdge() graph.Edge { return edge{e.to, e.from} }
