package kernel

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// The published SplitMix64 started at 1234567 (Vigna's splitmix64.c) gives these numbers.
func TestMixIsSplitMix64(t *testing.T) {
	want := []uint64{
		6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821,
	}
	for k, w := range want {
		assert.Equal(t, w, Mix(1234567+uint64(k+1)*gamma))
	}
}

func TestUniform(t *testing.T) {
	const n = 100000
	var mean, square float64
	for k := range uint64(n) {
		u := Uniform(42, k)
		assert.True(t, 0 <= u && u < 1)
		mean += u / n
		square += u * u / n
	}
	assert.InDelta(t, 1./2, mean, 0.005)
	assert.InDelta(t, 1./3, square, 0.005)
	assert.Equal(t, Uniform(42, 17), Uniform(Skip(42, 10), 7))
}

// A mask is 1/keep where Uniform < keep, for every stride, and the same in one piece or by rows.
func TestMask(t *testing.T) {
	r := newSource(1)
	for _, keep := range []float64{0, 0.1, 0.5, 0.8, 1} {
		sizes(func(rows, cols int) {
			m := view[float32](r, rows, cols)
			Mask(m, 99, keep)
			want := from[float32](rows, cols, func(i, j int) float64 {
				if Uniform(99, uint64(i*cols+j)) < keep {
					return 1 / keep
				}
				return 0
			})
			same(t, want, m, "keep %v", keep)
			unharmed(t, m)
			for i := range rows {
				part := NewMat[float32](1, cols)
				Mask(part, Skip(99, uint64(i*cols)), keep)
				assert.Equal(t, m.Row(i), part.Row(0))
			}
		})
	}
}

func TestMaskKeepsItsShare(t *testing.T) {
	m := NewMat[float64](200, 500)
	Mask(m, 7, 0.8)
	assert.InDelta(t, 1, SumAll(m)/100000, 0.01, "the mean of a mask is 1")
}
