package models_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/graph/gradcheck"
	"github.com/unroll-go/unroll/models"
)

// flights are the columns of the tests, one of each kind.
func flights() models.Columns {
	return models.Columns{models.Num("distance"), models.Cat("tailnum", 3), models.OneHot("carrier"), models.Num("delay"), models.Text("note")}
}

// flightRecords are n records; every third has no delay.
func flightRecords(n int) []models.Record {
	all := make([]models.Record, n)
	for i := range all {
		delay := float64(i % 7)
		if i%3 == 0 {
			delay = math.NaN()
		}
		all[i] = models.Record{
			{Number: float64(100 * (i % 5))},
			{Text: fmt.Sprint("N", i%6)},
			{Text: "UBA"[i%3 : i%3+1]},
			{Number: delay},
			{Text: "late again"[:i%10]},
		}
	}
	return all
}

func letters(t testing.TB) datasets.Tokenizer {
	t.Helper()
	v, err := datasets.NewVocab(datasets.VocabOptions{Unknown: true}, "late again")
	require.NoError(t, err)
	return v
}

// tabularConfig reads texts with a small GRU of both directions.
func tabularConfig() models.TabularConfig {
	r := models.Recurrent{Cell: "gru", Embed: 2, Hidden: 2, Layers: 1, Bidirectional: true}
	return models.TabularConfig{Body: []int{5, 4}, Text: &models.TextConfig{Recurrent: r, Longest: 6}}
}

// newTabular is an untrained model, of numbers or labels.
func newTabular(t testing.TB, regress bool) *models.Tabular {
	t.Helper()
	features, err := flights().Fit(flightRecords(30), letters(t))
	require.NoError(t, err)
	target := models.LabelTarget([]string{"late", "early", "in time"})
	if regress {
		target, err = models.NumberTarget([]float64{10, 20, 60})
		require.NoError(t, err)
	}
	m, err := models.NewTabular(tabularConfig(), features, target, 3)
	require.NoError(t, err)
	return m
}

// TestTabularGradients compares the gradients of every table, the branch of the
// text and the body with central differences in float64; a row has weight 0.
func TestTabularGradients(t *testing.T) {
	for _, regress := range []bool{false, true} {
		network := newTabular(t, regress).Network()
		assert.Equal(t, 3+3+3+2*2, network.In(), "two numbers and a mark, a vector, three carriers, two directions")
		set := func(p *graph.Program) error {
			x := []float64{0.5, -1, 0, 1, 0, 1, -0.3, 0.7, 0, 2, 2, 0}
			for name, ids := range map[string][]int{
				"table0": {0, 6, 2, 0}, "onehot0": {0, 3, 1, 2}, "lens": {2, 1, 0, 3}, "text": {1, 2, 7, 0, 0, 7, 7, 4, 7, 7, 7, 1},
			} {
				if err := p.SetIDs(name, ids); err != nil {
					return err
				}
			}
			if err := p.SetFloat64s("numbers", x); err != nil {
				return err
			}
			if err := p.SetFloat64s("weight", []float64{1, 1, 1, 0}); err != nil {
				return err
			}
			if regress {
				return p.SetFloat64s("y", []float64{0.3, -1, 2, 9})
			}
			return p.SetIDs("target", []int{0, 2, 1, 0})
		}
		checked := map[string]bool{}
		require.NoError(t, gradcheck.Check(graph.NewParams64(5), graph.Key{B: 4, T: 3}, network.Train, gradcheck.Options{
			Set: set, Each: func(path string, _ float64) { checked[path] = true },
		}))
		for _, path := range []string{
			"tables/0/E", "text/embed/E", "text/rnn/layer0/forward/Wx", "text/rnn/layer0/backward/Wh", "body/0/W", "body/1/b", "out/W", "out/b",
		} {
			assert.True(t, checked[path], path)
		}
	}
}

// A table of many categories has a gradient of the rows of the batch alone.
func TestTabularTableIsRowSparse(t *testing.T) {
	records := make([]models.Record, 200)
	for i := range records {
		records[i] = models.Record{{Text: fmt.Sprint(i)}, {Number: float64(i)}}
	}
	features, err := models.Columns{models.Cat("id", 4), models.Num("x")}.Fit(records, nil)
	require.NoError(t, err)
	target, err := models.NumberTarget([]float64{0, 1})
	require.NoError(t, err)
	m, err := models.NewTabular(models.TabularConfig{Body: []int{8}, Dropout: 0.1}, features, target, 1)
	require.NoError(t, err)
	examples := examplesOf(t, m, records)
	task, err := m.Task(examples, models.Training{Batch: 16, Seed: 1})
	require.NoError(t, err)
	_, err = task.Next(0)
	require.NoError(t, err)
	assert.Len(t, m.Params.Get("tables/0/E").GradRows(), 16)
}

func examplesOf(t testing.TB, m *models.Tabular, records []models.Record) []models.TabularExample {
	t.Helper()
	all := make([]models.TabularExample, len(records))
	for i, r := range records {
		var err error
		all[i], err = m.Example(r)
		require.NoError(t, err)
	}
	return all
}

// Fit counts categories and measures numbers; an example has them scaled, a mark
// for what is missing, "other" for what was never seen, and the end of its text.
func TestTabularExample(t *testing.T) {
	m := newTabular(t, true)
	f := m.Features
	assert.Equal(t, []string{"N0", "N1", "N2", "N3", "N4", "N5"}, f.Categories[0].Names())
	assert.Equal(t, []string{"A", "B", "U"}, f.Categories[1].Names())
	assert.Equal(t, []bool{false, true}, f.Missing)
	assert.InDelta(t, 200, f.Scaler.Shift[0], 1e-9)

	e, err := m.Example(models.Record{{Number: 200}, {Text: "N5"}, {Text: "U"}, {Number: math.NaN()}, {Text: "late again"}})
	require.NoError(t, err)
	assert.Equal(t, []int{5, 2}, e.IDs)
	assert.InDeltaSlice(t, []float64{0, 0, 1}, e.Numbers, 1e-12)
	assert.Len(t, e.Text, 7, "the first 6 characters and the end")
	assert.Equal(t, f.Tokens.Len(), e.Text[6])

	e, err = m.Example(models.Record{{Number: 1e300}, {Text: strings.Repeat("x", 10<<20)}, {}, {Number: f.Scaler.Shift[1]}, {}})
	require.NoError(t, err)
	assert.Equal(t, []int{6, 3}, e.IDs, "other")
	assert.InDeltaSlice(t, []float64{1000, 0, 0}, e.Numbers, 1e-12)
	assert.Equal(t, []int{f.Tokens.Len()}, e.Text)

	_, err = m.Example(models.Record{{}})
	assert.EqualError(t, err, "models: 5 values wanted, one for each column, got 1")
	_, err = m.Example(models.Record{{Number: math.Inf(1)}, {}, {}, {}, {}})
	assert.EqualError(t, err, `models: column "distance": a finite number wanted, or NaN for a missing one, got +Inf`)
}

// The vector of other is zero at first, and a one-hot row of other always.
func TestTabularOtherSaysNothing(t *testing.T) {
	m := newTabular(t, true)
	table, err := m.Table("tailnum")
	require.NoError(t, err)
	assert.Len(t, table.Vectors, 7)
	assert.Equal(t, []float64{0, 0, 0}, table.Vectors[6])
	record := func(tail, carrier string) models.Record {
		return models.Record{{Number: 100}, {Text: tail}, {Text: carrier}, {Number: 1}, {Text: "late"}}
	}
	answers, err := m.Predict(record("?", "?"), record("!", ""), record("N1", "U"))
	require.NoError(t, err)
	assert.Equal(t, answers[0], answers[1])
	assert.NotEqual(t, answers[0].Number, answers[2].Number)
}

// A row's answer does not depend on those beside it.
func TestTabularRowsAreApart(t *testing.T) {
	for _, regress := range []bool{false, true} {
		m := newTabular(t, regress)
		examples := examplesOf(t, m, flightRecords(40))
		all, err := m.Answers(examples)
		require.NoError(t, err)
		for i := range examples[:8] {
			one, err := m.Answers(examples[i : i+1])
			require.NoError(t, err)
			assert.InDeltaSlice(t, one[0], all[i], 1e-4)
		}
	}
}

// Scores: the error of numbers in their own unit, accuracy and nats of labels.
func TestTabularScore(t *testing.T) {
	m := newTabular(t, true)
	require.NoError(t, m.Params.Set("out/W", make([]float64, 4)))
	examples := examplesOf(t, m, flightRecords(2)) // the answer is the mean of the target, 30
	examples[0].Y, examples[1].Y = 30, 34
	s, err := m.Score(examples)
	require.NoError(t, err)
	assert.InDelta(t, math.Sqrt(8), s.RMSE, 1e-5)

	m = newTabular(t, false)
	require.NoError(t, m.Params.Set("out/W", make([]float64, 12)))
	require.NoError(t, m.Params.Set("out/b", []float64{0, 0, math.Log(2)})) // 1/4, 1/4, 1/2
	examples = examplesOf(t, m, flightRecords(2))
	examples[1].Class = 2
	s, err = m.Score(examples)
	require.NoError(t, err)
	assert.InDelta(t, 0.5, s.Accuracy, 1e-15)
	assert.InDelta(t, -(math.Log(0.25)+math.Log(0.5))/2, s.Nats, 1e-6)
	answers, err := m.Predict(flightRecords(1)...)
	require.NoError(t, err)
	assert.Equal(t, "late", answers[0].Label)
	examples[0].Class = 3
	_, err = m.Score(examples)
	assert.EqualError(t, err, "models: example 0: class 3 is outside [0, 3)")
}

// Nearest sorts by the angle.
func TestCategoryTableNearest(t *testing.T) {
	table := &models.CategoryTable{
		Names: []string{"a", "b", "c", "zero"}, Vectors: [][]float64{{1, 0}, {0, 2}, {3, 3}, {0, 0}, {9, 9}},
	}
	got, err := table.Nearest("a", 2)
	require.NoError(t, err)
	require.Len(t, got, 2)
	assert.Equal(t, "c", got[0].Name)
	assert.InDelta(t, math.Sqrt(0.5), got[0].Cosine, 1e-12)
	assert.Equal(t, models.AlikeCategory{Name: "b"}, got[1])
	_, err = table.Nearest("d", 2)
	assert.EqualError(t, err, `models: the category "d" has no vector of its own`)
	_, err = newTabular(t, true).Table("carrier")
	assert.EqualError(t, err, `models: no column with a table has the name "carrier"; there are ["tailnum"]`)
}

func TestColumnsErrors(t *testing.T) {
	records := flightRecords(30)
	for name, c := range map[string]struct {
		columns models.Columns
		records []models.Record
		want    string
	}{
		"no columns":  {nil, records, "models: 1 to 4096 columns wanted, got 0"},
		"no records":  {flights(), nil, "models: at least 1 record wanted to fit columns"},
		"short":       {flights(), []models.Record{{{}}}, "models: record 0: 5 values wanted, one for each column, got 1"},
		"kind":        {models.Columns{{Name: "x", Kind: "y"}}, records, `models: column "x": kind "y" is unknown; there are cat, onehot, num, text`},
		"width":       {models.Columns{models.Cat("x", 0)}, records, `models: column "x": the width must be in [1, 65536], got 0`},
		"two texts":   {models.Columns{models.Text("x"), models.Text("y")}, records, "models: at most 1 text column wanted, got 2"},
		"no numbers":  {models.Columns{models.Num("x")}, []models.Record{{{Number: math.NaN()}}}, `models: column "x": datasets: scaler: column 0: no value in it`},
		"infinite":    {models.Columns{models.Num("x")}, []models.Record{{{Number: math.Inf(1)}}}, `models: column "x": datasets: scaler: column 0: row 0: +Inf, wanted a finite number`},
		"no tokens":   {models.Columns{models.Text("x")}, []models.Record{{{Text: "a"}}}, "models: a tokenizer is wanted for a text column, and for nothing else"},
		"all rare":    {models.Columns{{Name: "x", Kind: models.OneHotColumn, MinCount: 2}}, []models.Record{{{Text: "a"}}}, `models: column "x": no category is frequent enough to be an input, at least 1 wanted`},
		"long":        {models.Columns{models.Cat("x", 1)}, []models.Record{{{Text: strings.Repeat("x", 5000)}}}, `models: column "x": datasets: categories: value 0: got "xxx`},
		"many inputs": {models.Columns{models.OneHot("x")}, manyCategories(), `models: column "x": 9000 categories, at most 8192 wanted for one-hot; an embedding takes more`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.columns.Fit(c.records, nil)
			require.Error(t, err)
			assert.True(t, strings.HasPrefix(err.Error(), c.want), err.Error())
		})
	}
	_, err := models.NumberTarget([]float64{1, math.NaN()})
	assert.EqualError(t, err, "models: target 1: a finite number wanted, got NaN")
	f, err := models.Columns{models.Num("x")}.Fit([]models.Record{{{Number: 1}}}, nil)
	require.NoError(t, err)
	_, err = models.NewTabular(models.TabularConfig{}, f, models.LabelTarget([]string{"a"}), 1)
	assert.EqualError(t, err, "models: at least 2 labels wanted, got 1")
	_, err = models.NewTabular(tabularConfig(), f, models.LabelTarget([]string{"a", "b"}), 1)
	assert.EqualError(t, err, "models: a text column and its configuration are wanted together")
}

func manyCategories() []models.Record {
	all := make([]models.Record, 9000)
	for i := range all {
		all[i] = models.Record{{Text: fmt.Sprint(i)}}
	}
	return all
}
