package datasets_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/unroll-go/unroll/datasets"
)

func TestPad(t *testing.T) {
	rows := [][]int{{1, 2, 3}, {4}}
	assert.Equal(t, []int{
		1, 4, 9,
		2, 9, 9,
		3, 9, 9,
		9, 9, 9,
	}, datasets.Pad(rows, 4, 3, 9))
	assert.Equal(t, []int{1, 2}, datasets.Pad(rows, 2, 1, 0), "what has no place is left out")
	assert.Equal(t, []int{0, 0}, datasets.Pad([][]int{}, 1, 2, 0))
	assert.Empty(t, datasets.Pad(rows, -1, 2, 0))
}

func TestPadVectors(t *testing.T) {
	rows := [][]float64{{1, 2, 3, 4}, {5, 6}}
	assert.Equal(t, []float64{
		1, 2, 5, 6,
		3, 4, 0, 0,
		0, 0, 0, 0,
	}, datasets.PadVectors(rows, 3, 2, 2, 0))
	assert.Equal(t, []float64{1, 2}, datasets.PadVectors(rows, 1, 1, 2, 0))
	assert.Empty(t, datasets.PadVectors(rows, 3, 2, 0, 0))
}

func TestLensAndStepWeights(t *testing.T) {
	lens := datasets.Lens([][]int{{1, 2, 3}, {4}}, 3)
	assert.Equal(t, []int{3, 1, 0}, lens)
	assert.Equal(t, []int{3}, datasets.Lens([][]int{{1, 2, 3}, {4}}, 1))
	assert.Equal(t, []float64{
		1, 1, 0,
		1, 0, 0,
	}, datasets.StepWeights(lens, 2))
	assert.Empty(t, datasets.StepWeights(lens, -1))
}
