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

// vectorMax returns the largest of x, at least eight elements, NaN if there is one. Of 0 and -0 either may be taken.
func vectorMax(x []float32) float32 { return avx2Max(unsafe.SliceData(x), len(x)) }

// addSquareLanes adds the squares of the whole groups of eight to s, and returns what is left of x.
func addSquareLanes(s *[8]float64, x []float32) []float32 {
	if n := len(x) / 8; n > 0 {
		avx2Squares(s, unsafe.SliceData(x), n)
	}
	return x[len(x)&^7:]
}

// addDown sets s, as long as the rows of x, to the sums of its columns; without rows it leaves s alone.
func addDown(p path, s []float32, x Mat[float32]) {
	if x.Rows == 0 {
		return
	}
	from := stridedOf(x, false)
	if p == avx512 {
		avx512SumDown(unsafe.SliceData(s), (*float32)(from.p), len(s), from.row, x.Rows)
	} else {
		avx2SumDown(unsafe.SliceData(s), (*float32)(from.p), len(s), from.row, x.Rows)
	}
}
