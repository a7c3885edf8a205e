package kernel

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// arity is the number of operands of each operation.
var arity = map[Op]int{
	OpCopy: 1, OpSigmoid: 1, OpTanh: 1, OpReLU: 1, OpExp: 1, OpLog: 1, OpSqrt: 1, OpSquare: 1, OpAbs: 1, OpScale: 1, OpAddConst: 1,
	OpSigmoidGrad: 2, OpTanhGrad: 2, OpReLUGrad: 2, OpAbsGrad: 2, OpAdd: 2, OpSub: 2, OpMul: 2, OpDiv: 2,
	OpWhere: 3, OpAddProduct: 3, OpSigmoidGradOf: 3, OpTanhGradOf: 3, OpSumOfProducts: 4, OpTanhGradAdd: 4,
}

// spreads says whether operand i of an operation may spread, and how.
func spreads(op Op, i int) (rows, cols bool) {
	switch op {
	case OpAdd, OpSub, OpMul, OpDiv:
		return true, true
	case OpWhere:
		return i > 0, true
	}
	return false, false
}

// A loop has the bits of its operations one after the other on whole matrices: any operations, any sizes, on views, with
// what spreads, and with results written over operands.
func TestLoop(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		for seed := range uint64(300) {
			tryLoop[float32](t, seed)
			tryLoop[float64](t, seed)
		}
	})
}

func tryLoop[F Float](t *testing.T, seed uint64) {
	r := newSource(seed)
	size := LoopSize{Rows: 1 + r.IntN(40), Cols: 1 + r.IntN(90), Block: 1 + r.IntN(400), Spare: 1 + r.IntN(3)}
	if r.IntN(4) == 0 {
		size.Cols *= 20
	}
	var slots, want []Mat[F]
	add := func(rows, cols int) {
		m := view[F](r, rows, cols)
		if r.IntN(3) == 0 { // without gaps
			m = clone(m)
		}
		slots, want = append(slots, m), append(want, clone(m))
	}
	const full = 5
	for range full {
		add(size.Rows, size.Cols)
	}
	add(1, size.Cols)
	add(size.Rows, 1)
	add(1, 1)
	for range size.Spare { // scratch on one side, whole matrices on the other
		slots, want = append(slots, Mat[F]{}), append(want, NewMat[F](size.Rows, size.Cols))
	}
	steps := randomSteps(r, full, len(slots), size)
	NewLoop(steps, slots, size, make([]F, size.Spare*size.Block)).Run()
	for _, s := range steps {
		in := make([]Mat[F], len(s.In))
		for i, x := range s.In {
			in[i] = want[x]
		}
		Apply(s.Op, s.K, want[s.Out], in)
	}
	for i := range full {
		got := slots[i]
		if got.Rows == 1 && size.Rows > 1 { // the loop has made it one row
			got.Rows, got.Cols, got.Stride = size.Rows, size.Cols, size.Cols
		}
		same(t, want[i], got, "seed %d, %+v, %+v, slot %d", seed, size, steps, i)
	}
}

// randomSteps are steps that write full slots and scratch, and read no scratch that was not written.
func randomSteps(r *source, full, slots int, size LoopSize) []Step {
	var steps []Step
	written := slots - size.Spare
	for range 1 + r.IntN(12) {
		s := Step{Op: Op(r.IntN(len(arity))), K: r.Float64() - 0.5}
		for i := range arity[s.Op] {
			rows, cols := spreads(s.Op, i)
			for {
				s.In[i] = r.IntN(written)
				if x := s.In[i] - full; x < 0 || x > 2 || ((x == 1 || rows) && (x == 0 || cols)) {
					break
				}
			}
		}
		s.Out = r.IntN(full)
		if r.IntN(2) == 0 {
			s.Out = slots - size.Spare + r.IntN(min(size.Spare, written+1-(slots-size.Spare)))
			written = max(written, s.Out+1)
		}
		steps = append(steps, s)
	}
	return steps
}

// No loop allocates.
func TestLoopAllocatesNothing(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		r := newSource(1)
		for op := range Op(len(arity)) {
			slots := []Mat[float32]{view[float32](r, 9, 70), view[float32](r, 9, 70), {}}
			steps := []Step{{Op: op, Out: 2}, {Op: op, Out: 1, In: [4]int{2, 0, 2, 0}}}
			l := NewLoop(steps, slots, LoopSize{Rows: 9, Cols: 70, Block: 140, Spare: 1}, make([]float32, 140))
			require.Zero(t, testing.AllocsPerRun(10, l.Run), fmt.Sprint(op))
		}
	})
}

// A vector function leaves its pointers at the last row: the garbage collector may look at them, and behind the last
// element is somebody else's memory.
func TestElementsEndAtTheLastRow(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		if active == plain {
			return
		}
		x := NewMat[float32](3, 5)
		e := elements{rows: 3, cols: 5}
		for i := range 3 {
			e.at[i], e.step[i] = &x.Data[0], 5*4
		}
		rowsAdd(active, &e)
		for i := range 3 {
			require.Same(t, &x.Data[10], e.at[i])
		}
	})
}
