package models_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/models"
)

// fixed is a classifier whose logits are its output bias, whatever it reads.
func fixed(t *testing.T, logits ...float64) *models.Classifier {
	t.Helper()
	m := newClassifier(t, classifierVariants()["rnn last both=false"])
	require.NoError(t, m.Params.Set("out/W", make([]float64, 2*3)))
	require.NoError(t, m.Params.Set("out/b", logits))
	return m
}

// ofClasses are empty documents of the given classes.
func ofClasses(t *testing.T, m *models.Classifier, classes ...int) []models.Document {
	t.Helper()
	docs := make([]models.Document, len(classes))
	for i, k := range classes {
		d, err := m.Document("")
		require.NoError(t, err)
		d.Class = k
		docs[i] = d
	}
	return docs
}

// Probabilities are the softmax of the logits over the temperature; the score is
// that of the likeliest class, and the mean of -log p.
func TestClassifierScore(t *testing.T) {
	m := fixed(t, 0, math.Log(2), math.Log(5)) // 1/8, 2/8, 5/8
	docs := ofClasses(t, m, 2, 1, 2, 0)
	s, err := m.Score(docs)
	require.NoError(t, err)
	assert.Equal(t, 4, s.Documents)
	assert.InDelta(t, 0.5, s.Accuracy, 1e-15)
	assert.InDelta(t, -(2*math.Log(5./8)+math.Log(2./8)+math.Log(1./8))/4, s.Nats, 1e-6)

	m.Temperature = 0.5 // 1/30, 4/30, 25/30
	p, err := m.Probabilities(docs[:1])
	require.NoError(t, err)
	assert.InDeltaSlice(t, []float64{1. / 30, 4. / 30, 25. / 30}, p[0], 1e-6)
}

// Of logits (0, 0, ln 16), three answers of four right and no other class ever,
// the fitted temperature makes the likeliest class as probable as it is right:
// 16^(1/T)/(2+16^(1/T)) = 3/4 gives T = ln 16/ln 6.
func TestCalibrate(t *testing.T) {
	m := fixed(t, 0, 0, math.Log(16))
	docs := ofClasses(t, m, 2, 2, 2, 0)
	before, err := m.Score(docs)
	require.NoError(t, err)
	after, err := m.Calibrate(docs)
	require.NoError(t, err)
	assert.InDelta(t, math.Log(16)/math.Log(6), m.Temperature, 1e-3)
	assert.Less(t, after.Nats, before.Nats)
	assert.Equal(t, before.Accuracy, after.Accuracy)
	p, err := m.Probabilities(docs[:1])
	require.NoError(t, err)
	assert.InDelta(t, 0.75, p[0][2], 1e-3)
	_, err = m.Calibrate(nil)
	assert.Error(t, err)
}

// Balanced weights: n/(K·n_k), 1 for a class without documents.
func TestBalanced(t *testing.T) {
	m := fixed(t, 0, 0, 0)
	docs := ofClasses(t, m, 0, 0, 0, 2)
	assert.InDeltaSlice(t, []float64{4. / 9, 1, 4. / 3}, models.Balanced(docs, 3), 1e-15)
}

// What cannot be trained is refused with a sentence.
func TestClassifierRefuses(t *testing.T) {
	m := fixed(t, 0, 0, 0)
	docs := ofClasses(t, m, 0, 1)
	for name, c := range map[string]models.ClassifierTraining{
		"smoothing must be in [0, 1), got 1":                            {Smoothing: 1},
		"2 class weights for 3 classes":                                 {Weights: []float64{1, 1}},
		"the weight of class 1 must be a finite number above 0, got -1": {Weights: []float64{1, -1, 1}},
		"datasets: batches: size -1, bucket 8, pool 0, wanted 0":        {Batch: -1},
	} {
		_, err := m.Task(docs, c)
		assert.ErrorContains(t, err, name)
	}
	_, err := m.Probabilities([]models.Document{{IDs: []int{0}, Class: 3}})
	assert.EqualError(t, err, "models: document 0: class 3 is outside [0, 3)")
	for want, labels := range map[string][]string{
		"at least 1 token and 2 classes, got 5 and 1": {"a", "a"},
	} {
		_, err := models.NewClassifier(m.Config, m.Tokens, labels, 1)
		assert.ErrorContains(t, err, want)
	}
	_, err = models.NewClassifier(m.Config, nil, []string{"a", "b"}, 1)
	assert.ErrorContains(t, err, "a tokenizer is needed")
}

// What another classifier has learnt is taken over, all but the answer; one of
// other sizes is refused and changes nothing.
func TestStartFrom(t *testing.T) {
	c := classifierVariants()["rnn attention both=true"]
	m, other := newClassifier(t, c), newClassifier(t, c)
	for _, p := range other.Params.All() {
		x := p.Values()
		for i := range x {
			x[i]++
		}
		require.NoError(t, other.Params.Set(p.Path(), x))
	}
	answer := m.Params.Get("out/W").Values()
	require.NoError(t, m.StartFrom(other))
	for _, path := range []string{"embed/E", "grams/E", "rnn/layer1/backward/Wh", "pool/query/W"} {
		assert.Equal(t, other.Params.Get(path).Values(), m.Params.Get(path).Values(), path)
	}
	assert.Equal(t, answer, m.Params.Get("out/W").Values())

	before := bits(m.Params)
	err := m.StartFrom(newClassifier(t, classifierVariants()["rnn mean both=true"]))
	assert.EqualError(t, err, "models: start from another classifier: it has no parameter pool/proj/W [4 4]")
	assert.Equal(t, before, bits(m.Params))
}
