//go:build linux

package kernel

import (
	"syscall"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// moved is n with its numbers in memory between two pages that nobody may touch, at its beginning or its end.
func (g guard) moved(n *Narrow, scale guard, atEnd bool) *Narrow {
	o := *n
	all := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(g.all))), 4*len(g.all))
	from := func(size int) unsafe.Pointer {
		if !atEnd || size == 0 {
			return unsafe.Pointer(&all[0])
		}
		return unsafe.Pointer(&all[len(all)-size])
	}
	o.halves = unsafe.Slice((*uint16)(from(2*len(n.halves))), len(n.halves))
	o.bytes = unsafe.Slice((*int8)(from(len(n.bytes))), len(n.bytes))
	copy(o.halves, n.halves)
	copy(o.bytes, n.bytes)
	if len(n.scale) > 0 {
		o.scale = scale.mat(1, len(n.scale), 0, atEnd).Data
		copy(o.scale, n.scale)
	}
	return &o
}

// A product with a narrow matrix reads and writes nothing outside its operands.
func TestMatMulNarrowStaysInside(t *testing.T) {
	require.Zero(t, syscall.Getpagesize()%64)
	onEachPath(t, func(t *testing.T) {
		a, c, w, scale := newGuard(t, 9000), newGuard(t, 9000), newGuard(t, 9000), newGuard(t, 600)
		r := newSource(26)
		for n := 1; n < 270; n++ {
			for m := 1; m < 8; m++ {
				for _, k := range []int{1, 2, 5} {
					bits := Bits(1 + r.IntN(2))
					b := narrowed(t, bits, view[float32](r, k, n), false)
					for _, atEnd := range []bool{false, true} {
						gap := (m + n + k) % 3
						MatMulNarrow(c.mat(m, n, gap, atEnd), a.mat(m, k, gap, atEnd), w.moved(b, scale, atEnd), 0, r.IntN(2) == 0)
					}
				}
			}
		}
	})
}
