package kernel

// binary is one of the four operations.
type binary int

const (
	add binary = iota
	sub
	mul
	div
)

// Add sets out_ij = a_ij + b_ij, [rows, cols]. Here and in Sub, Mul and Div, each of a and b is full, 1 x cols,
// rows x 1 or 1 x 1, what is missing being repeated, and out may be the same view as a full operand.
func Add[F Float](out, a, b Mat[F]) { elementwise(add, &out, &a, &b) }

// Sub sets out_ij = a_ij - b_ij, with the shapes of Add.
func Sub[F Float](out, a, b Mat[F]) { elementwise(sub, &out, &a, &b) }

// Mul sets out_ij = a_ij·b_ij, with the shapes of Add.
func Mul[F Float](out, a, b Mat[F]) { elementwise(mul, &out, &a, &b) }

// Div sets out_ij = a_ij / b_ij, with the shapes of Add.
func Div[F Float](out, a, b Mat[F]) { elementwise(div, &out, &a, &b) }

// elementwise sets out = a op b row by row, or in one go where all three are gapless and full.
func elementwise[F Float](op binary, out, a, b *Mat[F]) {
	if n := out.Rows * out.Cols; out.alike(a) && out.alike(b) {
		vectorVector(op, out.Data[:n], a.Data[:n], b.Data[:n])
		return
	}
	name := [...]string{"Add", "Sub", "Mul", "Div"}[op]
	x, y := spread(name, a, out.Rows, out.Cols), spread(name, b, out.Rows, out.Cols)
	if o, ok := any(out).(*Mat[float32]); ok && active != plain && x.col&y.col == 1 {
		rows32(op, o, any(x.m).(*Mat[float32]), any(y.m).(*Mat[float32]), x.row, y.row)
		return
	}
	for i := range out.Rows {
		o, p, q := out.Row(i), x.at(i), y.at(i)
		switch {
		case x.col == 1 && y.col == 1:
			vectorVector(op, o, p, q)
		case x.col == 1:
			vectorScalar(op, o, p, q[0])
		case y.col == 1:
			scalarVector(op, o, p[0], q)
		case len(o) > 0:
			vectorScalar(op, o[:1], p, q[0])
			fillRow(o, o[0])
		}
	}
}

// alike says whether m and x have one size and no gaps.
func (m *Mat[F]) alike(x *Mat[F]) bool {
	return m.Rows == x.Rows && m.Cols == x.Cols && m.gapless() && x.gapless()
}

// vectorVector sets o_j = x_j op y_j.
func vectorVector[F Float](op binary, o, x, y []F) {
	if o32, ok := any(o).([]float32); ok && active != plain {
		vectorVector32(op, o32, any(x).([]float32), any(y).([]float32))
		return
	}
	x, y = x[:len(o)], y[:len(o)]
	switch op {
	case add:
		for j := range o {
			o[j] = x[j] + y[j]
		}
	case sub:
		for j := range o {
			o[j] = x[j] - y[j]
		}
	case mul:
		for j := range o {
			o[j] = x[j] * y[j]
		}
	case div:
		for j := range o {
			o[j] = x[j] / y[j]
		}
	}
}

// vectorScalar sets o_j = x_j op y.
func vectorScalar[F Float](op binary, o, x []F, y F) {
	if o32, ok := any(o).([]float32); ok && active != plain {
		vectorScalar32(op, o32, any(x).([]float32), float32(y))
		return
	}
	x = x[:len(o)]
	switch op {
	case add:
		for j := range o {
			o[j] = x[j] + y
		}
	case sub:
		for j := range o {
			o[j] = x[j] - y
		}
	case mul:
		for j := range o {
			o[j] = x[j] * y
		}
	case div:
		for j := range o {
			o[j] = x[j] / y
		}
	}
}

// scalarVector sets o_j = x op y_j.
func scalarVector[F Float](op binary, o []F, x F, y []F) {
	if o32, ok := any(o).([]float32); ok && active != plain {
		scalarVector32(op, o32, float32(x), any(y).([]float32))
		return
	}
	y = y[:len(o)]
	switch op {
	case add:
		for j := range o {
			o[j] = x + y[j]
		}
	case sub:
		for j := range o {
			o[j] = x - y[j]
		}
	case mul:
		for j := range o {
			o[j] = x * y[j]
		}
	case div:
		for j := range o {
			o[j] = x / y[j]
		}
	}
}
