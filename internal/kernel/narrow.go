package kernel

import (
	"fmt"
	"math"
)

// Bits is a form in which Narrow keeps numbers.
type Bits uint8

const (
	BFloat16 Bits = iota + 1 // the upper half of a float32, rounded to nearest even
	Int8                     // an integer in [-127, 127] times a scale that its column shares
)

// Narrow is a matrix [Rows, Cols] in fewer bits, the right factor of products.
//
// Columns lie in panels of 128, one after the other, the last as wide as is needed in units of 32; a panel holds its
// rows one after the other, so that a product reads all of it from beginning to end. Columns that fill a unit are zero.
// In a unit of bfloat16, column j lies beside column j+16: a vector of 32 bits has one in its upper halves, the other
// in its lower ones.
type Narrow struct {
	Rows, Cols int
	bits       Bits
	halves     []uint16  // bfloat16
	bytes      []int8    // Int8
	scale      []float32 // by column, in whole units; Int8
}

const (
	narrowPanel = 128 // columns
	narrowUnit  = 32
)

// NewNarrow returns a zero matrix.
func NewNarrow(bits Bits, rows, cols int) *Narrow {
	n := &Narrow{Rows: rows, Cols: cols, bits: bits}
	wide := (cols + narrowUnit - 1) / narrowUnit * narrowUnit
	switch bits {
	case BFloat16:
		n.halves = make([]uint16, rows*wide)
	case Int8:
		n.bytes, n.scale = make([]int8, rows*wide), make([]float32, wide)
	default:
		panic(fmt.Sprintf("internal error: kernel.NewNarrow: %d bits", bits))
	}
	return n
}

// Size is the memory of the numbers, in bytes.
func (n *Narrow) Size() int { return 2*len(n.halves) + len(n.bytes) + 4*len(n.scale) }

// Set narrows op(x), which is x or, with t, its transpose. BFloat16 keeps NaN and infinities, and makes an infinity of
// what is nearer to it than to the largest number. Int8 cannot: at the first number that is not finite Set stops and
// returns its row and column in x and false; the matrix is then not to be used.
func (n *Narrow) Set(x Mat[float32], t bool) (row, col int, ok bool) {
	rows, cols := x.Rows, x.Cols
	if t {
		rows, cols = cols, rows
	}
	if rows != n.Rows || cols != n.Cols {
		panic(fmt.Sprintf("internal error: kernel.Narrow.Set: %dx%d into %dx%d", rows, cols, n.Rows, n.Cols))
	}
	if n.bits == BFloat16 {
		n.eachOf(x, t, func(at, _ int, v float32) { n.halves[at] = toBFloat16(v) })
		return 0, 0, true
	}
	for i := range x.Rows {
		for j, v := range x.Row(i) {
			if v-v != 0 {
				return i, j, false
			}
		}
	}
	clear(n.scale)
	n.eachOf(x, t, func(_, j int, v float32) { n.scale[j] = max(n.scale[j], float32(math.Abs(float64(v)))) })
	n.eachOf(x, t, func(at, j int, v float32) {
		if n.bytes[at] = 0; v != 0 {
			n.bytes[at] = int8(math.RoundToEven(float64(v) / float64(n.scale[j]) * 127))
		}
	})
	for j, most := range n.scale {
		n.scale[j] = float32(float64(most) / 127)
	}
	return 0, 0, true
}

// eachOf calls f for each element of op(x), which is of the size of n, with its position and its column in n.
func (n *Narrow) eachOf(x Mat[float32], t bool, f func(at, j int, v float32)) {
	for i := range x.Rows {
		for j, v := range x.Row(i) {
			if t {
				f(n.at(j, i), i, v)
			} else {
				f(n.at(i, j), j, v)
			}
		}
	}
}

// at is the position of an element.
func (n *Narrow) at(i, j int) int {
	panel := j / narrowPanel * narrowPanel
	return panel*n.Rows + i*n.panelWidth(panel) + n.inPanel(j-panel)
}

// panelWidth is the width of the panel that begins at column j, with what fills its last unit.
func (n *Narrow) panelWidth(j int) int {
	return min(narrowPanel, (n.Cols-j+narrowUnit-1)/narrowUnit*narrowUnit)
}

// inPanel is the position in a panel's row of its column j.
func (n *Narrow) inPanel(j int) int {
	if n.bits == Int8 {
		return j
	}
	unit, half, k := j/narrowUnit, j%narrowUnit/16, j%16
	return unit*narrowUnit + 2*k + half
}

// value is the number at a position, in column j; an integer without its scale.
func (n *Narrow) value(at int) float32 {
	if n.bits == Int8 {
		return float32(n.bytes[at])
	}
	return fromBFloat16(n.halves[at])
}

// Widen sets out [Rows, Cols] to the numbers as they are now.
func (n *Narrow) Widen(out Mat[float32]) {
	out.is("Narrow.Widen", n.Rows, n.Cols)
	for i := range n.Rows {
		row := out.Row(i)
		for j := range row {
			row[j] = n.value(n.at(i, j))
			if n.bits == Int8 {
				row[j] *= n.scale[j]
			}
		}
	}
}

// toBFloat16 rounds to nearest, ties to even; a NaN stays one.
func toBFloat16(x float32) uint16 {
	u := math.Float32bits(x)
	if x != x {
		return uint16(u>>16) | 1<<6
	}
	return uint16((u + 0x7fff + u>>16&1) >> 16)
}

func fromBFloat16(h uint16) float32 { return math.Float32frombits(uint32(h) << 16) }
