//go:build !purego

package kernel

import "unsafe"

// addLanes adds the whole groups of eight in x to s, and returns what is left of x.
func addLanes(s *[8]float32, x []float32) []float32 {
	if n := len(x) / 8; n > 0 {
		avx2Sum(s, unsafe.SliceData(x), n)
	}
	return x[len(x)&^7:]
}

// addProductLanes adds the products of the whole groups of eight to s, and returns what is left of x and y.
func addProductLanes(s *[8]float32, x, y []float32) (xs, ys []float32) {
	y = y[:len(x)]
	n := len(x) / 8
	if n > 0 {
		avx2Dot(s, unsafe.SliceData(x), unsafe.SliceData(y), n)
	}
	return x[8*n:], y[8*n:]
}

// maxLanes raises s to the whole groups of eight in x, and returns what is left of x. Of 0 and -0 either may be taken.
func maxLanes(s *[8]float32, x []float32) []float32 {
	if n := len(x) / 8; n > 0 {
		avx2Max(s, unsafe.SliceData(x), n)
	}
	return x[len(x)&^7:]
}
