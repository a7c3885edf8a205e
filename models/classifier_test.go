package models_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/graph/gradcheck"
	"github.com/unroll-go/unroll/models"
)

// classifierVariants are one configuration for each cell, direction and pool.
func classifierVariants() map[string]models.ClassifierConfig {
	all := map[string]models.ClassifierConfig{}
	for _, cell := range models.Cells() {
		for _, pool := range models.Pools() {
			for _, both := range []bool{false, true} {
				r := models.Recurrent{Cell: cell, Embed: 3, Hidden: 2, Layers: 2, Bidirectional: both}
				c := models.ClassifierConfig{Recurrent: r, Pool: pool, Longest: 8}
				switch cell {
				case "gru":
					c.Embed, c.Layers = 0, 1
				case "rnn":
					c.Grams = models.Grams{Upto: 3, Buckets: 5}
				}
				all[fmt.Sprintf("%s %s both=%t", cell, pool, both)] = c
			}
		}
	}
	return all
}

// TestClassifierGradients compares a whole classifier's gradients with central
// differences in float64: rows of unequal length, one of them empty and of
// weight 0, class weights and label smoothing.
func TestClassifierGradients(t *testing.T) {
	set := func(p *graph.Program) error {
		if err := p.SetIDs("ids", []int{0, 3, 2, 4, 4, 1, 2, 4, 4, 4, 0, 4}); err != nil { // T 3, B 4
			return err
		}
		if err := p.SetIDs("lens", []int{2, 1, 3, 0}); err != nil {
			return err
		}
		if slices.Contains(p.Names(), "grams2") {
			if err := p.SetIDs("grams2", []int{0, 3, 2, 0, 4, 1, 2, 0, 4, 0, 0, 0}); err != nil {
				return err
			}
			if err := p.SetIDs("grams3", []int{1, 3, 3, 0, 3, 1, 0, 0, 4, 0, 2, 0}); err != nil {
				return err
			}
		}
		if err := p.SetIDs("target", []int{0, 2, 1, 0}); err != nil {
			return err
		}
		return p.SetFloat64s("weight", []float64{0.5, 1, 2, 0})
	}
	for name, c := range classifierVariants() {
		t.Run(name, func(t *testing.T) {
			network, err := c.Network(4, 3)
			require.NoError(t, err)
			network.Smoothing = 0.1
			checked := map[string]bool{}
			require.NoError(t, gradcheck.Check(graph.NewParams64(3), graph.Key{B: 4, T: 3}, network.Train, gradcheck.Options{
				Set: set, Each: func(path string, _ float64) { checked[path] = true },
			}))
			assert.Equal(t, c.Embed > 0, checked["embed/E"])
			assert.Equal(t, c.Buckets > 0, checked["grams/E"])
			assert.Equal(t, c.Pool == "attention", checked["pool/proj/W"] && checked["pool/query/W"])
			assert.True(t, checked["out/W"] && checked["out/b"])
			assert.Equal(t, c.Bidirectional, checked["rnn/layer0/backward/Wx"])
		})
	}
}

// newClassifier is an untrained classifier over a few letters whose biases are
// spread too.
func newClassifier(t testing.TB, c models.ClassifierConfig) *models.Classifier {
	t.Helper()
	vocab, err := datasets.NewVocab(datasets.VocabOptions{Unknown: true}, "abcd")
	require.NoError(t, err)
	m, err := models.NewClassifier(c, vocab, []string{"no", "yes", "maybe", "no"}, 7)
	require.NoError(t, err)
	spread(t, m.Params)
	return m
}

// documents are texts with the class of their number of letters a, at most 2.
func documents(t testing.TB, m *models.Classifier, n int) []models.Document {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 1))
	docs := make([]models.Document, n)
	for i := range docs {
		var b strings.Builder
		for range rng.IntN(9) {
			b.WriteByte("abcd"[rng.IntN(4)])
		}
		var err error
		docs[i], err = m.Document(b.String())
		require.NoError(t, err)
		docs[i].Class = min(strings.Count(b.String(), "a"), 2)
	}
	return docs
}

// A document's answer does not depend on those beside it, nor on the padding.
func TestClassifierRowsAreApart(t *testing.T) {
	for name, c := range classifierVariants() {
		m := newClassifier(t, c)
		docs := documents(t, m, 70)
		all, err := m.Probabilities(docs)
		require.NoError(t, err)
		for i := range docs[:8] {
			one, err := m.Probabilities(docs[i : i+1])
			require.NoError(t, err)
			assert.InDeltaSlice(t, one[0], all[i], 1e-6, name)
			assert.InDelta(t, 1, all[i][0]+all[i][1]+all[i][2], 1e-12)
		}
	}
}

// Texts are cut after Longest tokens, and the end is a token.
func TestClassifierDocument(t *testing.T) {
	m := newClassifier(t, classifierVariants()["lstm last both=false"])
	assert.Equal(t, []string{"maybe", "no", "yes"}, m.Labels)
	for text, want := range map[string][]int{"": {5}, "ab": {0, 1, 5}, "abcdabcdabcd": {0, 1, 2, 3, 0, 1, 2, 3, 5}, "z": {4, 5}} {
		d, err := m.Document(text)
		require.NoError(t, err)
		assert.Equal(t, want, d.IDs, text)
	}
	class, err := m.Class("no")
	require.NoError(t, err)
	assert.Equal(t, 1, class)
	_, err = m.Class("never")
	assert.EqualError(t, err, `models: label "never" is not among the 3 of the model: ["maybe" "no" "yes"]`)
}
