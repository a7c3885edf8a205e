package kernel

// Op is an elementwise operation: an element of its result depends on the same element of its operands.
type Op uint8

// The operations, with their operands.
const (
	OpCopy        Op = iota // x
	OpSigmoid               // x
	OpTanh                  // x
	OpReLU                  // x
	OpExp                   // x
	OpLog                   // x
	OpSqrt                  // x
	OpSquare                // x
	OpAbs                   // x
	OpScale                 // x; k·x
	OpAddConst              // x; x + k
	OpSigmoidGrad           // y, dy
	OpTanhGrad              // y, dy
	OpReLUGrad              // y, dy
	OpAbsGrad               // x, dy
	OpAdd                   // a, b
	OpSub                   // a, b
	OpMul                   // a, b
	OpDiv                   // a, b
	OpWhere                 // mask, a, b

	// Several in one, with the bits of the several.
	OpAddProduct    // a, b, c; a + b⊙c
	OpSumOfProducts // a, b, c, d; a⊙b + c⊙d
	OpSigmoidGradOf // y, a, b; SigmoidGrad of y and a⊙b
	OpTanhGradOf    // y, a, b
	OpTanhGradAdd   // y, a, b, e; e + TanhGradOf
)

// Apply sets out to the result of an operation, with the shapes and bits of the function of its name. k is the constant
// of Scale and AddConst.
func Apply[F Float](op Op, k float64, out Mat[F], in []Mat[F]) {
	switch op {
	case OpCopy:
		if !Same(out, in[0]) {
			Copy(out, in[0])
		}
	case OpSigmoid:
		Sigmoid(out, in[0])
	case OpTanh:
		Tanh(out, in[0])
	case OpReLU:
		ReLU(out, in[0])
	case OpExp:
		Exp(out, in[0])
	case OpLog:
		Log(out, in[0])
	case OpSqrt:
		Sqrt(out, in[0])
	case OpSquare:
		Square(out, in[0])
	case OpAbs:
		Abs(out, in[0])
	case OpScale:
		Scale(out, in[0], F(k))
	case OpAddConst:
		AddConst(out, in[0], F(k))
	default:
		applyPair(op, out, in)
	}
}

// applyPair is Apply for operations of several operands.
func applyPair[F Float](op Op, out Mat[F], in []Mat[F]) {
	switch op {
	case OpSigmoidGrad:
		SigmoidGrad(out, in[0], in[1])
	case OpTanhGrad:
		TanhGrad(out, in[0], in[1])
	case OpReLUGrad:
		ReLUGrad(out, in[0], in[1])
	case OpAbsGrad:
		AbsGrad(out, in[0], in[1])
	case OpAdd:
		Add(out, in[0], in[1])
	case OpSub:
		Sub(out, in[0], in[1])
	case OpMul:
		Mul(out, in[0], in[1])
	case OpDiv:
		Div(out, in[0], in[1])
	case OpWhere:
		Where(out, in[0], in[1], in[2])
	case OpAddProduct:
		AddProduct(out, in[0], in[1], in[2])
	case OpSumOfProducts:
		SumOfProducts(out, in[0], in[1], in[2], in[3])
	case OpSigmoidGradOf:
		SigmoidGradOf(out, in[0], in[1], in[2])
	case OpTanhGradOf:
		TanhGradOf(out, in[0], in[1], in[2])
	case OpTanhGradAdd:
		TanhGradAdd(out, in[3], in[0], in[1], in[2])
	default:
		panic("internal error: kernel.Apply: no such operation")
	}
}
