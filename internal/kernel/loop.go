package kernel

import "unsafe"

// Step is one operation of a loop: slot Out becomes the result of Op on the first slots of In.
type Step struct {
	Op  Op
	K   float64 // of Scale and AddConst
	Out int
	In  [4]int
}

// Loop is elementwise operations on matrices of one size, run one after the other on each block of elements, so that
// what passes between them stays in the first-level cache.
type Loop[F Float] struct {
	steps      []Step
	slots      []Mat[F]
	moves      []move // by slot
	lanes      []lane // by step
	rows, cols int
	high, wide int // of a block
	in         []Mat[F]
}

// move is how a slot follows the blocks.
type move struct {
	row, col int  // bytes from the beginning for each row and column before the block
	step     int  // bytes from row to row within it
	columns  bool // it has all columns
	gapless  bool // rows within a block follow each other without a gap
}

// LoopSize is the size of a loop.
type LoopSize struct {
	Rows, Cols int // of its matrices
	Block      int // elements of a block, as LoopBlock gives it
	Spare      int // slots of scratch
}

// loopCache is how many bytes of the first-level cache a block takes.
const loopCache = 32 << 10

// LoopBlock is how many elements a block has when a loop works on so many different matrices, scratch included.
func LoopBlock[F Float](matrices int) int {
	var x F
	const line = 16
	return max(8*line, loopCache/int(unsafe.Sizeof(x))/max(1, matrices)/line*line)
}

// NewLoop returns the loop of steps over slots, which are full matrices or spread over them and then are only read.
// Whoever holds the slots lets them point at their data before a run; the last ones, as many as are spare, become
// scratch: a block of it each. Loops that do not run at the same time may share scratch.
func NewLoop[F Float](steps []Step, slots []Mat[F], size LoopSize, scratch []F) *Loop[F] {
	l := &Loop[F]{steps: steps, slots: slots, rows: size.Rows, cols: size.Cols, in: make([]Mat[F], len(Step{}.In))}
	named := slots[:len(slots)-size.Spare]
	if l.gapless(named) {
		l.rows, l.cols = 1, size.Rows*size.Cols
		for i := range named {
			m := &named[i]
			m.Rows, m.Cols, m.Stride = 1, l.cols, l.cols
		}
	}
	l.wide = min(l.cols, size.Block)
	l.high = min(l.rows, max(1, size.Block/max(1, l.cols)))
	for i := range size.Spare {
		data := scratch[i*size.Block : (i+1)*size.Block]
		slots[len(named)+i] = Mat[F]{Data: data, Rows: l.high, Cols: l.wide, Stride: l.wide}
	}
	for i := range slots {
		l.moves = append(l.moves, l.moveOf(&slots[i], i >= len(named)))
	}
	for i := range steps {
		l.lanes = append(l.lanes, l.laneOf(&steps[i]))
	}
	return l
}

// gapless says whether all slots are full and their rows follow each other without a gap.
func (l *Loop[F]) gapless(slots []Mat[F]) bool {
	for i := range slots {
		if m := &slots[i]; m.Rows != l.rows || m.Cols != l.cols || !m.gapless() {
			return false
		}
	}
	return true
}

// moveOf is how a slot moves.
func (l *Loop[F]) moveOf(m *Mat[F], scratch bool) move {
	var x F
	size := int(unsafe.Sizeof(x))
	v := move{step: m.Stride * size, columns: true, gapless: true}
	if scratch {
		return v
	}
	v.row, v.col = v.step, size
	v.columns = m.Cols == l.cols
	v.gapless = v.columns && m.Rows == l.rows && m.Stride == l.wide
	if m.Rows < l.rows {
		v.row, v.step = 0, 0
	}
	if !v.columns {
		v.col = 0
	}
	return v
}

// Run runs the loop.
func (l *Loop[F]) Run() {
	v, vector := any(l).(*Loop[float32])
	vector = vector && active != plain
	for r := 0; r < l.rows; r += l.high {
		for c := 0; c < l.cols; c += l.wide {
			b := block{r, c, min(l.high, l.rows-r), min(l.wide, l.cols-c)}
			if vector {
				vectorBlock(v, b)
				continue
			}
			for i := range l.steps {
				l.apply(&l.steps[i], b)
			}
		}
	}
}

// block is a part of the matrices of a loop.
type block struct{ row, col, rows, cols int }

// apply runs one step on a block.
func (l *Loop[F]) apply(s *Step, b block) {
	for j, x := range s.In {
		l.in[j] = l.view(x, b)
	}
	Apply(s.Op, s.K, l.view(s.Out, b), l.in)
}

// view is what a slot is in a block.
func (l *Loop[F]) view(slot int, b block) Mat[F] {
	m, v := l.slots[slot], &l.moves[slot]
	if v.row == 0 {
		b.row, b.rows = 0, min(b.rows, m.Rows)
	}
	if v.col == 0 {
		b.col, b.cols = 0, min(b.cols, m.Cols)
	}
	return m.Slice(b.row, b.row+b.rows, b.col, b.col+b.cols)
}
