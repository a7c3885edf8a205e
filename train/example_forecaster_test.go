package train_test

import (
	"context"
	"fmt"
	"math"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// A forecaster learns what a wave that grows does next; it is measured where it
// was not trained, beside the forecast that needs no learning.
func ExampleRMSE() {
	sales, err := datasets.NewSeries("sales")
	check(err)
	for day := range 400 {
		t := float64(day)
		check(sales.Add(50 + t/10 + 10*math.Sin(2*math.Pi*t/7) + 2*math.Sin(t*t)))
	}
	fit, valid := sales.Head(300), 350
	m, err := models.NewForecaster(models.ForecasterConfig{
		Recurrent: models.Recurrent{Cell: "gru", Hidden: 16, Layers: 1},
		Window:    14, Horizon: 1, Quantiles: []float64{0.1, 0.9}, Base: "last",
	}, fit, 1)
	check(err)
	task, err := m.Task(fit, models.ForecasterTraining{Batch: 32, Seed: 1})
	check(err)
	loop := train.Loop{Task: task, Optimiser: train.NewAdam(0.01), Clip: 1, Steps: 300}
	_, err = loop.Run(context.Background())
	check(err)
	held, err := m.Windows(sales.Head(valid), fit.Len(), 0, 1)
	check(err)
	check(m.Calibrate(held)) // the quantiles

	var said, truth []float64
	forecasts, err := m.WalkForward(sales, valid, 0) // each from what was known before
	check(err)
	for _, f := range forecasts {
		said, truth = append(said, f.Values[0]), append(truth, sales.Values[f.At+1])
	}
	rmse, err := train.RMSE(said, truth)
	check(err)
	naive, count := datasets.Naive{}.RMSE(sales.Values, valid, 1)
	fmt.Println("a third of the last value's error, over", count, "days:", rmse < naive/3)
	next, err := m.Forecast(sales)
	check(err)
	q := next.Quantiles[0]
	fmt.Println("tomorrow is in its interval:", q[0] < next.Values[0] && next.Values[0] < q[1])
	// Output:
	// a third of the last value's error, over 50 days: true
	// tomorrow is in its interval: true
}
