package pages

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
)

// Around the size of a page and far beyond, slices are as long as asked for, zero,
// and theirs alone.
func TestMakeIsMake(t *testing.T) {
	const page = huge / 4
	for _, n := range []int{0, 1, page - 1, page, page + 1, 3*page + 5} {
		x := Make[float32](n)
		assert.Len(t, x, n)
		assert.Equal(t, n, cap(x))
		sum := float32(0)
		for i := range x {
			sum += x[i]
			x[i] = 1
		}
		assert.Zero(t, sum)
		if onRequest && n >= page {
			assert.Zero(t, uintptr(unsafe.Pointer(&x[0]))%huge, "%d elements", n)
		}
	}
	assert.Len(t, Make[float64](huge/8+1), huge/8+1)
}
