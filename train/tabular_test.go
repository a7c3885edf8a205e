package train_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// rents are generated rows as records, and what they cost.
func rents(n int, seed uint64) ([]models.Record, []float64) {
	rows, err := datasets.Rents{}.Rows(n, seed)
	check(err)
	records, prices := make([]models.Record, n), make([]float64, n)
	for i, r := range rows {
		records[i] = models.Record{{Text: r.Street}, {Text: r.Kind}, {Number: r.Area}, {Number: r.Floor}, {Text: r.Note}}
		prices[i] = r.Price
	}
	return records, prices
}

// A model learns rents from street, kind, area, floor and the words of a note;
// its vectors tell which streets are alike.
func ExampleFitLine_tabular() {
	columns := models.Columns{models.Cat("street", 4), models.OneHot("kind"), models.Num("area"), models.Num("floor"), models.Text("note")}
	records, prices := rents(3000, 1)
	var notes []string
	for _, r := range records {
		notes = append(notes, r[4].Text)
	}
	words, err := datasets.NewWords(datasets.WordsOptions{Lower: true}, notes...)
	check(err)
	features, err := columns.Fit(records, words)
	check(err)
	target, err := models.NumberTarget(prices)
	check(err)
	m, err := models.NewTabular(models.TabularConfig{
		Body: []int{64, 32},
		Text: &models.TextConfig{Recurrent: models.Recurrent{Cell: "gru", Embed: 8, Hidden: 8, Layers: 1}, Longest: 8},
	}, features, target, 1)
	check(err)

	examples := make([]models.TabularExample, len(records))
	for i, r := range records {
		examples[i], err = m.Example(r)
		check(err)
		examples[i].Y = prices[i]
	}
	task, err := m.Task(examples, models.Training{Batch: 64, Seed: 1})
	check(err)
	loop := train.Loop{Task: task, Optimiser: train.NewAdam(0.01), Clip: 5, Steps: 20 * task.PerEpoch(), Schedule: train.Cosine(20*task.PerEpoch(), 0, 0.05)}
	_, err = loop.Run(context.Background())
	check(err)

	fresh, truth := rents(500, 2)
	answers, err := m.Predict(fresh...)
	check(err)
	predicted, area, line := make([]float64, len(fresh)), make([]float64, len(records)), make([]float64, len(fresh))
	for i, a := range answers {
		predicted[i], line[i] = a.Number, fresh[i][2].Number
	}
	for i, r := range records {
		area[i] = r[2].Number
	}
	straight, err := train.FitLine(area, prices)
	check(err)
	rmse, err := train.RMSE(predicted, truth)
	check(err)
	of, err := train.RMSE(straight.Over(line), truth)
	check(err)
	fmt.Println("a straight line in the area is off by more than 200:", of > 200)
	fmt.Println("the model by less than 45, the noise is 25:", rmse < 45)
	streets, err := m.Table("street")
	check(err)
	alike, err := streets.Nearest("river 1", 1)
	check(err)
	fmt.Println("most like river 1:", alike[0].Name[:5])
	// Output:
	// a straight line in the area is off by more than 200: true
	// the model by less than 45, the noise is 25: true
	// most like river 1: river
}

// A tagger learns which characters of a Korean sentence are parts of a date.
func ExampleClassification_tagger() {
	texts, err := datasets.KoreanDates{}.Sentences(800, 1)
	check(err)
	names := datasets.KoreanDates{}.Names()
	config := models.TaggerConfig{
		Recurrent: models.Recurrent{Cell: "gru", Embed: 16, Hidden: 24, Layers: 1, Bidirectional: true}, Unit: "chars", Longest: 64,
	}
	var chars []string
	for _, t := range texts {
		chars = append(chars, config.Cut(t.Text)...)
	}
	tokens, err := datasets.NewCategories(datasets.CategoriesOptions{}, chars...)
	check(err)
	m, err := models.NewTagger(config, tokens, names, 1)
	check(err)

	var examples []datasets.Tagged
	for _, t := range texts {
		labels := make([]string, len(t.Labels))
		for i, class := range t.Labels {
			labels[i] = names[class]
		}
		e, err := m.Examples(config.Cut(t.Text), labels)
		check(err)
		examples = append(examples, e...)
	}
	fit, held, err := datasets.HoldOut(examples, 0.2, 1)
	check(err)
	task, err := m.Task(fit, models.Training{Batch: 32, Seed: 1})
	check(err)
	loop := train.Loop{Task: task, Optimiser: train.NewAdam(0.01), Clip: 1, Steps: 6 * task.PerEpoch()}
	_, err = loop.Run(context.Background())
	check(err)

	score, err := m.Score(held)
	check(err)
	fmt.Printf("each character by itself: %.2f\n", datasets.TokenBaseline(fit, held))
	fmt.Println("in context, above 0.99:", score.Accuracy > 0.99)
	tags, err := m.Tag(config.Cut("제 생일은 3월 5일입니다.")...)
	check(err)
	for _, t := range tags {
		if t.Label != "other" {
			fmt.Print(t.Token, "=", t.Label, " ")
		}
	}
	// Output:
	// each character by itself: 0.79
	// in context, above 0.99: true
	// 3=month 월=month 5=day 일=day
}

// A training that was stopped goes on exactly, dropout and all: one step after
// Seek is the step that it would have been.
func TestTabularTaskSeeks(t *testing.T) {
	records, prices := rents(70, 1)
	features, err := models.Columns{models.Cat("street", 4), models.OneHot("kind"), models.Num("area"), models.Num("floor"), models.Cat("note", 2)}.Fit(records, nil)
	require.NoError(t, err)
	target, err := models.NumberTarget(prices)
	require.NoError(t, err)
	next := func(at int) float64 {
		m, err := models.NewTabular(models.TabularConfig{Body: []int{4}, Dropout: 0.2}, features, target, 1)
		require.NoError(t, err)
		examples := make([]models.TabularExample, len(records))
		for i, r := range records {
			examples[i], err = m.Example(r)
			require.NoError(t, err)
			examples[i].Y = prices[i]
		}
		task, err := m.Task(examples, models.Training{Batch: 32, Seed: 1})
		require.NoError(t, err)
		require.NoError(t, task.Seek(at, nil))
		loss, err := task.Next(at)
		require.NoError(t, err)
		return loss
	}
	assert.Equal(t, next(4), next(4))
	assert.NotEqual(t, next(4), next(5))
}

// The line of least squares; a missing x stands at the mean.
func TestFitLine(t *testing.T) {
	l, err := train.FitLine([]float64{0, 1, 2, 3}, []float64{1, 3, 5, 7})
	require.NoError(t, err)
	assert.InDelta(t, 1, l.At, 1e-12)
	assert.InDelta(t, 2, l.Slope, 1e-12)
	assert.InDelta(t, 21, l.Y(10), 1e-12)
	nan := math.NaN()
	l, err = train.FitLine([]float64{0, 2, nan}, []float64{0, 4, 5})
	require.NoError(t, err)
	assert.InDelta(t, 2, l.Slope, 1e-12)
	assert.InDeltaSlice(t, []float64{3, 1}, l.Over([]float64{nan, 0}), 1e-12)
	l, err = train.FitLine([]float64{1, 1}, []float64{0, 4})
	require.NoError(t, err)
	assert.Equal(t, 2.0, l.Y(7), "all x the same: the mean")
	_, err = train.FitLine([]float64{nan}, []float64{1})
	assert.EqualError(t, err, "train: line: no x is a number")
	_, err = train.FitLine(nil, []float64{1})
	assert.EqualError(t, err, "train: line: 0 x and 1 y, wanted as many")
}
