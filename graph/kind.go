package graph

import (
	"slices"

	"github.com/unroll-go/unroll/internal/kernel"
)

// kind is what one operation is: its name, the shape it gives, its derivative
// and its loops. Kinds are comparable values without operands, so that equal
// structure can be found with ==.
type kind interface {
	name() string

	// infer gives the shape of the result and whether it holds integers.
	infer(in []*value) (shape []int, ids bool, err error)

	// diff gives, for each operand, what it receives when the result v
	// receives dy. A zero term is no gradient; a kind that never gives one to
	// some of its float operands says so in a method flows(i int) bool.
	diff(g *Builder, v *value, dy *Node) []term

	// inPlace says whether the result may be written over operand i.
	inPlace(v *value, i int) bool

	run32(c *call[float32])
	run64(c *call[float64])
}

// call is an operation ready to run: its operands as matrices.
type call[F kernel.Float] struct {
	out     kernel.Mat[F]
	in      []kernel.Mat[F]
	ids     [][]int // integer operands, at their positions
	outIDs  []int
	seed    *uint64 // of masks: from the program's seed and step
	first   int     // row of the result that is row 0 here
	col     int     // column of the result that is column 0 here
	err     error   // what only running can find, such as an id outside its table
	v       *value
	scratch [2]kernel.Mat[F] // of kinds that need some; made in the first run
	loop    *kernel.Loop[F]  // of several values, v being the first
	loss    kernel.Mat[F]    // the second result of a loss with its gradient
}

// noGrad is embedded by kinds that nothing flows back through.
type noGrad struct{}

func (noGrad) diff(*Builder, *value, *Node) []term { return nil }

// apart is embedded by kinds that need memory of their own.
type apart struct{}

func (apart) inPlace(*value, int) bool { return false }

// over is embedded by elementwise kinds: they may write over any operand of
// their own shape.
type over struct{}

func (over) elementwise() {}

func (over) inPlace(v *value, i int) bool { return sameShape(v.shape, v.in[i].shape) }

// sameAsFirst is the shape rule of operations that keep the shape of operand 0.
func sameAsFirst(name string, in []*value, n int) ([]int, bool, error) {
	if err := floats(name, in); err != nil {
		return nil, false, err
	}
	for _, v := range in[1:n] {
		if !sameShape(v.shape, in[0].shape) {
			return nil, false, shapeError(name, in, "equal shapes are needed")
		}
	}
	return in[0].shape, false, nil
}

// floats refuses integer operands.
func floats(name string, in []*value) error {
	for i, v := range in {
		if v.ids {
			return shapeError(name, in, "operand %d holds ids, floats are needed", i)
		}
	}
	return nil
}

func sameShape(a, b []int) bool { return slices.Equal(a, b) }

// size is the number of elements of a shape.
func size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// dims is a shape seen as a matrix: the last axis are the columns.
func dims(shape []int) (rows, cols int) {
	if len(shape) == 0 {
		return 1, 1
	}
	cols = shape[len(shape)-1]
	rows = 1
	for _, d := range shape[:len(shape)-1] {
		rows *= d
	}
	return rows, cols
}

// withCols is a shape with another last axis.
func withCols(shape []int, cols int) []int {
	if len(shape) == 0 {
		return []int{cols}
	}
	s := append([]int(nil), shape...)
	s[len(s)-1] = cols
	return s
}
