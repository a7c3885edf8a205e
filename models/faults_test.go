package models

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Gorgonia's SampleIndex never returns index 0 and can run off the end; the test
// of the same name in package graph shows it. This is our sampler on the same
// distributions: (0.9, 0.1), and weights whose sum a draw may exceed by rounding.
func TestFaultSampleIndex(t *testing.T) {
	s, err := NewSampler(Sampling{Seed: 1})
	require.NoError(t, err)
	const n = 10000
	first := 0
	for range n {
		i, err := s.Pick([]float32{float32(math.Log(0.9)), float32(math.Log(0.1))})
		require.NoError(t, err)
		if i == 0 {
			first++
		}
	}
	assert.InDelta(t, 0.9, float64(first)/n, 0.015, "five standard deviations")

	c := &choice{w: make([]float64, 1000)}
	for i := range c.w {
		c.w[i] = 0.1 // not a binary fraction, so that the sum is rounded
	}
	for _, u := range []float64{0, math.Nextafter(1, 0), 1} {
		i := c.draw(u)
		assert.True(t, 0 <= i && i < len(c.w), "draw %v: index %d", u, i)
	}
	only, err := s.Pick([]float32{-7})
	require.NoError(t, err)
	assert.Zero(t, only, "a single entry is index 0")
}
