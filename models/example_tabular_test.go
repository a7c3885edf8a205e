package models_test

import (
	"bytes"
	"fmt"
	"math"

	"github.com/unroll-go/unroll/models"
)

// A number from the rows of a table: columns say how they are read, records are
// the rows, the features and the target are fitted on those trained on.
func ExampleTabular() {
	columns := models.Columns{models.Cat("street", 2), models.OneHot("kind"), models.Num("area")}
	var records []models.Record
	var rents []float64
	for i := range 64 {
		street, kind, area := i%4, i/4%2, float64(20+i)
		records = append(records, models.Record{
			{Text: fmt.Sprint("street ", street)}, {Text: []string{"flat", "house"}[kind]}, {Number: area},
		})
		rents = append(rents, 100+10*area+200*float64(street)+300*float64(kind))
	}
	features, err := columns.Fit(records, nil)
	check(err)
	target, err := models.NumberTarget(rents)
	check(err)
	m, err := models.NewTabular(models.TabularConfig{}, features, target, 1) // without hidden layers: linear
	check(err)
	var examples []models.TabularExample
	for i, r := range records {
		e, err := m.Example(r)
		check(err)
		e.Y = rents[i]
		examples = append(examples, e)
	}
	task, err := m.Task(examples, models.Training{Batch: 64, Seed: 1})
	check(err)
	check(descend(task, 1500, 0.1))

	var file bytes.Buffer
	check(m.Save(&file))
	same, err := models.LoadTabular(&file)
	check(err)
	answers, err := same.Predict(models.Record{{Text: "street 3"}, {Text: "house"}, {Number: 50}})
	check(err)
	fmt.Printf("%.0f\n", answers[0].Number)
	// Output: 1500
}

// What a record becomes: the places of its categories, the last for those that
// were not seen, and its numbers scaled, with a mark for one that is missing.
func ExampleColumns_Fit() {
	columns := models.Columns{models.Cat("plane", 16), models.OneHot("carrier"), models.Num("distance")}
	features, err := columns.Fit([]models.Record{
		{{Text: "N1"}, {Text: "UA"}, {Number: 100}},
		{{Text: "N1"}, {Text: "UA"}, {Number: 300}},
		{{Text: "N2"}, {Text: "B6"}, {Number: math.NaN()}},
	}, nil)
	check(err)
	m, err := models.NewTabular(models.TabularConfig{}, features, models.LabelTarget([]string{"late", "in time"}), 1)
	check(err)
	for _, r := range []models.Record{
		{{Text: "N2"}, {Text: "UA"}, {Number: 300}},
		{{Text: "N7"}, {Text: "B6"}, {Number: math.NaN()}},
	} {
		e, err := m.Example(r)
		fmt.Println(e.IDs, e.Numbers, err)
	}
	fmt.Println(m.Target.Labels, m.Network().In(), "inputs")
	// Output:
	// [1 0] [1 0] <nil>
	// [2 1] [0 1] <nil>
	// [in time late] 20 inputs
}
