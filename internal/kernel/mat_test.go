package kernel

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// A slice shows the same elements, ends where it ends, and can be sliced again, empty ones included.
func TestSlice(t *testing.T) {
	m := from[float64](4, 5, func(i, j int) float64 { return float64(10*i + j) })
	for r0 := range 5 {
		for r1 := r0; r1 <= 4; r1++ {
			for c0 := range 6 {
				for c1 := c0; c1 <= 5; c1++ {
					s := m.Slice(0, 4, c0, c1).Slice(r0, r1, 0, c1-c0)
					assert.Equal(t, []int{r1 - r0, c1 - c0, 5}, []int{s.Rows, s.Cols, s.Stride})
					for i := range s.Rows {
						row := s.Row(i)
						assert.Equal(t, m.Row(r0 + i)[c0:c1], row)
						assert.Equal(t, c1-c0, cap(row))
					}
				}
			}
		}
	}
	s := m.Slice(1, 3, 2, 4)
	Fill(s, -1)
	assert.Equal(t, []float64{20, 21, -1, -1, 24}, m.Row(2))
	assert.Equal(t, []float64{30, 31, 32, 33, 34}, m.Row(3))
}
