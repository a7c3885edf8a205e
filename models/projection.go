package models

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Projection is vectors seen from where they spread most.
type Projection struct {
	Points    [][]float64 // [N][k], the mean at the origin
	Explained []float64   // share of the whole variance along each axis, falling
}

// maxProjection bounds the side of the matrix whose eigenvectors are found.
const maxProjection = 2048

// PCA projects N vectors of D numbers on the k directions in which they vary most (Pearson 1901):
// the first eigenvectors of their covariance. The largest part of each direction is positive, so
// that a picture does not turn over by chance. The smaller of N and D must be at most 2048, the
// larger may be more; N at least 2, k from 1 to the smaller, all vectors finite and of one length.
func PCA(vectors [][]float64, k int) (*Projection, error) {
	x, err := centred(vectors)
	if err != nil {
		return nil, err
	}
	n, d := x.Dims()
	if k < 1 || k > min(n, d) {
		return nil, fmt.Errorf("models: %d directions of %d vectors of %d numbers", k, n, d)
	}
	if min(n, d) > maxProjection {
		return nil, fmt.Errorf("models: PCA of %d vectors of %d numbers; the smaller of the two must be at most %d", n, d, maxProjection)
	}
	axes, variances, total, err := directions(x, k)
	if err != nil {
		return nil, err
	}
	var points mat.Dense
	points.Mul(x, axes)
	p := &Projection{}
	for i := range n {
		p.Points = append(p.Points, mat.Row(nil, i, &points))
	}
	for _, v := range variances {
		p.Explained = append(p.Explained, v/math.Max(total, math.SmallestNonzeroFloat64))
	}
	return p, nil
}

// centred is the vectors less their mean.
func centred(vectors [][]float64) (*mat.Dense, error) {
	if len(vectors) < 2 || len(vectors[0]) == 0 {
		return nil, fmt.Errorf("models: PCA: at least 2 vectors wanted, got %d", len(vectors))
	}
	n, d := len(vectors), len(vectors[0])
	x := mat.NewDense(n, d, nil)
	for i, v := range vectors {
		if len(v) != d {
			return nil, fmt.Errorf("models: PCA: vector %d has %d numbers, the first %d", i, len(v), d)
		}
		for j, y := range v {
			if !finite(y) {
				return nil, fmt.Errorf("models: PCA: number %d of vector %d is %v", j, i, y)
			}
		}
		x.SetRow(i, v)
	}
	for j := range d {
		mean := mat.Sum(x.ColView(j)) / float64(n)
		for i := range n {
			x.Set(i, j, x.At(i, j)-mean)
		}
	}
	return x, nil
}

// directions are the first k eigenvectors of x'x, by way of the smaller of x'x and xx', their
// eigenvalues and the sum of all.
func directions(x *mat.Dense, k int) (axes *mat.Dense, values []float64, total float64, err error) {
	n, d := x.Dims()
	wide := n < d
	product := mat.NewSymDense(min(n, d), nil)
	if wide {
		product.SymOuterK(1, x)
	} else {
		product.SymOuterK(1, x.T())
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(product, true) {
		return nil, nil, 0, fmt.Errorf("models: PCA: the eigenvectors were not found")
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	all := eigen.Values(nil) // rising
	axes = mat.NewDense(d, k, nil)
	for i := range k {
		at := len(all) - 1 - i
		axis := mat.VecDenseCopyOf(vectors.ColView(at))
		if wide {
			var back mat.VecDense
			back.MulVec(x.T(), axis)
			axis = &back
		}
		upright(axis)
		axes.SetCol(i, axis.RawVector().Data)
		values = append(values, math.Max(all[at], 0))
	}
	for _, v := range all {
		total += math.Max(v, 0)
	}
	return axes, values, total, nil
}

// upright makes a vector's length 1 and its largest part positive.
func upright(v *mat.VecDense) {
	largest := 0.0
	for i := range v.Len() {
		if x := v.AtVec(i); math.Abs(x) > math.Abs(largest) {
			largest = x
		}
	}
	if largest != 0 {
		v.ScaleVec(math.Copysign(1/mat.Norm(v, 2), largest), v)
	}
}
