//go:build linux

package kernel

import (
	"syscall"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// guard is memory for one operand between two pages that nobody may touch.
type guard struct{ all []float32 }

func newGuard(t *testing.T, count int) guard {
	page := syscall.Getpagesize()
	size := (4*count + page - 1) / page * page
	mem, err := syscall.Mmap(-1, 0, size+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, syscall.Munmap(mem)) })
	require.NoError(t, syscall.Mprotect(mem[:page], syscall.PROT_NONE))
	require.NoError(t, syscall.Mprotect(mem[page+size:], syscall.PROT_NONE))
	return guard{unsafe.Slice((*float32)(unsafe.Pointer(&mem[page])), size/4)}
}

// mat returns a matrix whose first element is the first of the memory, or whose last is the last.
func (g guard) mat(rows, cols, gap int, atEnd bool) Mat[float32] {
	m := Mat[float32]{Rows: rows, Cols: cols, Stride: cols + gap}
	size := max(0, (rows-1)*m.Stride+cols)
	if rows == 0 {
		size = 0
	}
	m.Data = g.all[:size:size]
	if atEnd {
		m.Data = g.all[len(g.all)-size:]
	}
	return m
}

// The loops over several operands stay inside every one of them.
func TestOfProductsStayInside(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		var all [6]guard
		for i := range all {
			all[i] = newGuard(t, 1200)
		}
		for n := range 300 {
			for _, atEnd := range []bool{false, true} {
				var m [6]Mat[float32]
				for i, g := range all {
					m[i] = g.mat(3, n, (n+i)%3, atEnd)
				}
				for _, c := range ofProducts[float32]() {
					c.f(m[0], m[1:])
				}
			}
		}
	})
}

// No kernel with vector code reads or writes outside its operands: a page before and one behind would end the test.
func TestStaysInside(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		if active == plain {
			return // Go itself looks after that
		}
		a, b, c := newGuard(t, 90000), newGuard(t, 90000), newGuard(t, 90000)
		try := func(m, n, k, kind int) {
			for _, atEnd := range []bool{false, true} {
				gap := (m + n + k + kind) % 3
				ar, ac, br, bc := m, k, k, n
				if kind&1 != 0 {
					ar, ac = ac, ar
				}
				if kind&2 != 0 {
					br, bc = bc, br
				}
				MatMul(c.mat(m, n, gap, atEnd), a.mat(ar, ac, gap, atEnd), b.mat(br, bc, gap, atEnd),
					kind&1 != 0, kind&2 != 0, kind&4 != 0)
			}
		}
		for m := range 41 {
			for n := range 41 {
				for k := range 41 {
					for kind := range 4 {
						try(m, n, k, kind|(m+n+k)&1<<2)
					}
				}
			}
		}
		for m := range 41 {
			for n := range 41 {
				for _, atEnd := range []bool{false, true} {
					Transpose(c.mat(n, m, 0, atEnd), a.mat(m, n, m%3, atEnd))
				}
			}
		}
		for _, f := range rowwise {
			for n := 1; n < 80; n++ {
				for _, atEnd := range []bool{false, true} {
					f(c.mat(2, n, n%3, atEnd), a.mat(2, n, n%3, atEnd), b.mat(2, n, n%3, atEnd))
				}
			}
		}
		r := newSource(13)
		for range 2000 {
			try(r.IntN(71), r.IntN(71), r.IntN(71), r.IntN(8))
		}
		for range 200 {
			try(r.IntN(290), r.IntN(290), r.IntN(290), r.IntN(8))
		}
	})
}
