package datasets_test

import (
	"fmt"

	"github.com/unroll-go/unroll/datasets"
)

// From a series to examples: the scaler knows the training part alone, the windows of the test part may read what lies
// before it.
func ExampleSeries_Windows() {
	s, _ := datasets.NewSeries("demand")
	for _, x := range []float64{10, 12, 14, 16, 18, 20, 22} {
		_ = s.Add(x) // one value for one name, finite
	}
	cut := 5
	by, err := datasets.FitScaler(datasets.MinMax, s.Head(cut).Values, s.D())
	if err != nil {
		fmt.Println(err)
		return
	}
	scaled, _ := s.Scaled(by)
	test, err := scaled.Windows(datasets.WindowOptions{Steps: 3, From: cut})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, w := range test {
		truth, _ := by.Inverse(w.Y)
		fmt.Println(w.X, "->", w.Y, "which is", truth)
	}
	// Output:
	// [0.5 0.75 1] -> [1.25] which is [20]
	// [0.75 1 1.25] -> [1.5] which is [22]
}

// What a model of a series with a season has to beat.
func ExampleNaive_RMSE() {
	sales := []float64{5, 9, 1, 6, 10, 2, 8, 12, 4}
	for _, n := range []datasets.Naive{{}, {Season: 3}, {Season: 3, Change: true}} {
		rmse, count := n.RMSE(sales, 4, 1)
		fmt.Printf("%+v %.2f over %d\n", n, rmse, count)
	}
	// Output:
	// {Season:0 Change:false} 6.26 over 5
	// {Season:3 Change:false} 1.67 over 5
	// {Season:3 Change:true} 0.45 over 5
}
