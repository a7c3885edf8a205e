package pages

import "unsafe"

// huge is the size of a large page, in bytes.
const huge = 2 << 20

// Make is make([]F, n). A slice of 2 MB and more begins with a large page, if the
// system has them on request; it takes up to 2 MB of addresses more, not of memory.
func Make[F float32 | float64](n int) []F {
	each := int(unsafe.Sizeof(F(0)))
	if !onRequest || n < huge/each {
		return make([]F, n)
	}
	x := make([]F, n+huge/each)
	from := uintptr(unsafe.Pointer(unsafe.SliceData(x))) % huge
	first := int((huge-from)%huge) / each
	x = x[first : first+n : first+n]
	whole := n * each / huge * huge
	advise(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), whole))
	return x
}
