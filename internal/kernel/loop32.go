package kernel

import "unsafe"

// lane is how a step runs on vectors.
type lane struct {
	operands int     // 0: as on any machine
	flat     bool    // all rows of a block at once
	k        float32 // the scalar of the kernel
}

// laneOf is the lane of a step: of one whose operands have all columns.
func (l *Loop[F]) laneOf(s *Step) lane {
	n := 0
	switch s.Op {
	case OpCopy, OpSigmoid, OpTanh, OpReLU, OpExp, OpScale, OpAddConst:
		n = 1
	case OpSigmoidGrad, OpTanhGrad, OpReLUGrad, OpAdd, OpSub, OpMul, OpDiv:
		n = 2
	case OpAddProduct, OpSigmoidGradOf, OpTanhGradOf:
		n = 3
	case OpSumOfProducts, OpTanhGradAdd:
		n = 4
	}
	a := lane{operands: n, flat: l.moves[s.Out].gapless, k: float32(s.K)}
	switch s.Op {
	case OpExp:
		a.k = 0
	case OpSigmoidGradOf, OpTanhGradOf, OpTanhGradAdd:
		a.k = 1
	}
	for _, x := range s.In[:n] {
		if !l.moves[x].columns {
			return lane{}
		}
		a.flat = a.flat && l.moves[x].gapless
	}
	return a
}

// vectorBlock runs all steps of a loop on a block.
func vectorBlock(l *Loop[float32], b block) {
	var e elements
	for i := range l.steps {
		s, a := &l.steps[i], &l.lanes[i]
		if a.operands == 0 {
			l.apply(s, b)
			continue
		}
		e.rows, e.cols, e.k = b.rows, b.cols, a.k
		if a.flat {
			e.rows, e.cols = 1, b.rows*b.cols
		}
		e.at[0], e.step[0] = l.place(s.Out, b)
		for j := range a.operands {
			e.at[j+1], e.step[j+1] = l.place(s.In[j], b)
		}
		e.run(s.Op)
	}
}

// place is where a slot begins in a block, and the bytes from row to row.
func (l *Loop[F]) place(slot int, b block) (*F, int) {
	v := &l.moves[slot]
	return (*F)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(l.slots[slot].Data)), b.row*v.row+b.col*v.col)), v.step
}

// run runs an operation.
func (e *elements) run(op Op) {
	switch op {
	case OpCopy:
		rowsCopy(active, e)
	case OpSigmoid:
		rowsSigmoid(active, e)
	case OpTanh:
		rowsTanh(active, e)
	case OpReLU:
		rowsReLU(active, e)
	case OpExp:
		rowsExp(active, e)
	case OpScale:
		rowsMulScalar(active, e)
	case OpAddConst:
		rowsAddScalar(active, e)
	case OpSigmoidGrad:
		rowsSigmoidGrad(active, e)
	case OpTanhGrad:
		rowsTanhGrad(active, e)
	case OpReLUGrad:
		rowsReLUGrad(active, e)
	case OpAdd:
		rowsAdd(active, e)
	case OpSub:
		rowsSub(active, e)
	case OpMul:
		rowsMul(active, e)
	case OpDiv:
		rowsDiv(active, e)
	case OpAddProduct:
		rowsMulAdd(active, e)
	case OpSumOfProducts:
		rowsSumOfProducts(active, e)
	case OpSigmoidGradOf:
		rowsSigmoidGradOf(active, e)
	case OpTanhGradOf:
		rowsTanhGradOf(active, e)
	case OpTanhGradAdd:
		rowsTanhGradAdd(active, e)
	}
}
