package kernel

// The rows of Add, Sub, Mul and Div in float32, on the vector path that is active.

// vectorVector32 sets o_j = x_j op y_j.
func vectorVector32(op binary, o, x, y []float32) {
	switch op {
	case add:
		vectorAdd(active, o, x, y)
	case sub:
		vectorSub(active, o, x, y)
	case mul:
		vectorMul(active, o, x, y)
	case div:
		vectorDiv(active, o, x, y)
	}
}

// vectorScalar32 sets o_j = x_j op y.
func vectorScalar32(op binary, o, x []float32, y float32) {
	switch op {
	case add:
		vectorAddScalar(active, o, x, y)
	case sub:
		vectorSubScalar(active, o, x, y)
	case mul:
		vectorMulScalar(active, o, x, y)
	case div:
		vectorDivScalar(active, o, x, y)
	}
}

// scalarVector32 sets o_j = x op y_j.
func scalarVector32(op binary, o []float32, x float32, y []float32) {
	switch op {
	case add:
		vectorAddScalar(active, o, y, x)
	case sub:
		vectorScalarSub(active, o, y, x)
	case mul:
		vectorMulScalar(active, o, y, x)
	case div:
		vectorScalarDiv(active, o, y, x)
	}
}

// rows32 sets row i of out to row i·xRow of x op row i·yRow of y.
func rows32(op binary, out, x, y *Mat[float32], xRow, yRow int) {
	for i := range out.Rows {
		vectorVector32(op, out.Row(i), x.Row(i*xRow), y.Row(i*yRow))
	}
}
