package graph

import "fmt"

// ShapeError says that the shapes of an operation's operands do not agree.
type ShapeError struct {
	Op     string  // operation, such as MatMul
	Shapes [][]int // of the operands, in order
	Reason string  // which sizes differ
}

// Error gives the operation, the shapes and the reason; Build puts the path
// before it.
func (e *ShapeError) Error() string {
	s := e.Op + ": "
	switch len(e.Shapes) {
	case 0:
		return s + e.Reason
	case 1:
		return fmt.Sprintf("%sshape %v: %s", s, e.Shapes[0], e.Reason)
	}
	s += "shapes "
	for i, sh := range e.Shapes {
		switch {
		case i == 4 && len(e.Shapes) > 5:
			return fmt.Sprintf("%s and %d more: %s", s, len(e.Shapes)-i, e.Reason)
		case i == len(e.Shapes)-1:
			s += " and "
		case i > 0:
			s += ", "
		}
		s += fmt.Sprint(nonNil(sh))
	}
	return s + " do not agree: " + e.Reason
}

// shapeError describes operands whose shapes do not fit.
func shapeError(op string, in []*value, format string, args ...any) error {
	shapes := make([][]int, len(in))
	for i, v := range in {
		shapes[i] = v.shape
	}
	return &ShapeError{Op: op, Shapes: shapes, Reason: fmt.Sprintf(format, args...)}
}

func nonNil(s []int) []int {
	if s == nil {
		return []int{}
	}
	return s
}
