package train_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/train"
)

// Six answers, worked by hand:
//
//	true 0: (.9 .1 0) (.6 .3 .1) (.2 .7 .1)   two right
//	true 1: (.1 .8 .1) (.5 .4 .1)             one right
//	true 2: (0 0 1)                           right
func answers(t *testing.T) *train.Classification {
	t.Helper()
	c, err := train.NewClassification(3, 2)
	require.NoError(t, err)
	for _, a := range []struct {
		p     []float64
		class int
	}{
		{[]float64{.9, .1, 0}, 0},
		{[]float64{.6, .3, .1}, 0},
		{[]float64{.2, .7, .1}, 0},
		{[]float64{.1, .8, .1}, 1},
		{[]float64{.5, .4, .1}, 1},
		{[]float64{0, 0, 1}, 2},
	} {
		require.NoError(t, c.Add(a.p, a.class))
	}
	return c
}

func TestClassification(t *testing.T) {
	c := answers(t)
	assert.Equal(t, 6, c.Rows())
	assert.InDelta(t, 4.0/6, c.Accuracy(), 1e-15)
	assert.Equal(t, [][]int{{2, 1, 0}, {1, 1, 0}, {0, 0, 1}}, c.Confusion())
	assert.Equal(t, train.Scores{Precision: 2.0 / 3, Recall: 2.0 / 3, F1: 2.0 / 3}, c.Class(0))
	assert.Equal(t, train.Scores{Precision: .5, Recall: .5, F1: .5}, c.Class(1))
	assert.InDelta(t, (2.0/3+.5+1)/3, c.MacroF1(), 1e-15)
	nats := -(math.Log(.9) + math.Log(.6) + math.Log(.2) + math.Log(.8) + math.Log(.4)) / 6
	assert.InDelta(t, nats, c.Nats(), 1e-15)
}

// Confidence .5 belongs to the lower of two bins, all others to the upper: mean
// (.9+.6+.7+.8+1)/5 = .8, of which 4 of 5 are right.
func TestReliability(t *testing.T) {
	c := answers(t)
	bins := c.Reliability()
	assert.Equal(t, train.Bin{From: 0, To: .5, Count: 1, Confidence: .5, Accuracy: 0}, bins[0])
	assert.Equal(t, 5, bins[1].Count)
	assert.InDelta(t, .8, bins[1].Confidence, 1e-15)
	assert.InDelta(t, .8, bins[1].Accuracy, 1e-15)
	assert.InDelta(t, .5/6, c.CalibrationError(), 1e-15)
}

// A class that neither occurs nor is said is not a class with F1 0.
func TestMacroF1OfAbsentClass(t *testing.T) {
	c, err := train.NewClassification(3, 10)
	require.NoError(t, err)
	require.NoError(t, c.Add([]float64{1, 0, 0}, 0))
	require.NoError(t, c.Add([]float64{1, 0, 0}, 1))
	assert.InDelta(t, 1.0/3, c.MacroF1(), 1e-15, "2/3 and 0")
}

func TestClassificationRefuses(t *testing.T) {
	_, err := train.NewClassification(0, 1)
	assert.Error(t, err)
	c := answers(t)
	for _, bad := range [][]float64{{1, 0}, {math.NaN(), 0, 0}, {-.1, 1, .1}, {2, 0, 0}} {
		assert.Error(t, c.Add(bad, 0))
	}
	assert.Error(t, c.Add([]float64{1, 0, 0}, 3))
	assert.Equal(t, 6, c.Rows())
}

func TestRegressionErrors(t *testing.T) {
	p, y := []float64{1, 2, 5}, []float64{1, 4, 4} // off by 0, -2, 1
	rmse, err := train.RMSE(p, y)
	require.NoError(t, err)
	assert.InDelta(t, math.Sqrt(5.0/3), rmse, 1e-15)
	mae, err := train.MAE(p, y)
	require.NoError(t, err)
	assert.InDelta(t, 1, mae, 1e-15)
	half, err := train.Pinball(p, y, 0.5)
	require.NoError(t, err)
	assert.InDelta(t, 0.5, half, 1e-15)
	high, err := train.Pinball(p, y, 0.9) // 0, .9·2, .1·1
	require.NoError(t, err)
	assert.InDelta(t, 1.9/3, high, 1e-15)

	for _, q := range []float64{0, 1, math.NaN()} {
		_, err = train.Pinball(p, y, q)
		assert.Error(t, err)
	}
	_, err = train.RMSE(p, y[:2])
	assert.EqualError(t, err, "train: 3 predictions of 2 values, wanted as many and at least 1")
	_, err = train.MAE(nil, nil)
	assert.Error(t, err)
}
