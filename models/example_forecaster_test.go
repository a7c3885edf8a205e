package models_test

import (
	"bytes"
	"fmt"
	"math"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// Sales that go up and down each week: a forecaster is made for what is known,
// trained, saved, loaded, and asked for the next three days.
func ExampleForecaster() {
	sales, err := datasets.NewSeries("sales")
	check(err)
	for day := range 140 {
		check(sales.Add(100 + 50*math.Sin(2*math.Pi*float64(day)/7)))
	}
	m, err := models.NewForecaster(models.ForecasterConfig{
		Recurrent: models.Recurrent{Cell: "gru", Hidden: 12, Layers: 1},
		Window:    14, Horizon: 3, Base: "none",
	}, sales, 1)
	check(err)
	task, err := m.Task(sales, models.ForecasterTraining{Batch: 32, Seed: 1})
	check(err)
	check(descend(task, 400, 0.1))

	var file bytes.Buffer
	check(m.Save(&file))
	same, err := models.LoadForecaster(&file)
	check(err)
	next, err := same.Forecast(sales)
	check(err)
	for h, value := range next.Values {
		truth := 100 + 50*math.Sin(2*math.Pi*float64(140+h)/7)
		fmt.Printf("day %d: %.0f, forecast within 5: %v\n", next.At+1+h, truth, math.Abs(value-truth) < 5)
	}
	// Output:
	// day 140: 100, forecast within 5: true
	// day 141: 139, forecast within 5: true
	// day 142: 149, forecast within 5: true
}
