package plot_test

import (
	"fmt"
	"io"
	"os"

	"github.com/unroll-go/unroll/models/plot"
)

// The loss on the text that is learnt and on the text that is held back.
func ExampleLines() {
	file, err := os.CreateTemp("", "loss*.svg")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.Remove(file.Name())
	err = plot.Lines{
		Title: "LSTM, 256 units",
		X:     plot.Axis{Label: "step"},
		Y:     plot.Axis{Label: "nats per character"},
		Series: []plot.Series{
			{Name: "training", Y: []float64{3.3, 2.4, 2.0, 1.7, 1.5}},
			{Name: "held back", X: []float64{0, 2, 4}, Y: []float64{3.3, 2.1, 1.7}, Marks: true},
		},
	}.SVG(file)
	fmt.Println(err, file.Close())
	// Output: <nil> <nil>
}

// What each written word looks at: rows are words that are written, columns
// words that are read.
func ExampleHeatMap() {
	err := plot.HeatMap{
		Title:    "attention",
		RowTitle: "written", Rows: []string{"the", "black", "dog"},
		ColTitle: "read", Cols: []string{"le", "chien", "noir"},
		Values: [][]float64{{0.8, 0.1, 0.1}, {0, 0.2, 0.8}, {0, 0.9, 0.1}},
		Scale:  plot.Scale{Label: "weight", Max: 1},
	}.SVG(io.Discard)
	fmt.Println(err)
	// Output: <nil>
}

// What the loss of each step says to the states before it.
func ExampleTriangle() {
	err := plot.Triangle{
		Title:    "|dE_t/dh_k|",
		RowTitle: "t", ColTitle: "k",
		Values: [][]float64{{1}, {0.6, 1}, {0.36, 0.6, 1}},
		Scale:  plot.Scale{Log: true},
	}.SVG(io.Discard)
	fmt.Println(err)
	// Output: <nil>
}

// What one unit of a network says along a text.
func ExampleText() {
	err := plot.Text{
		Title:  "unit 17: inside quotes",
		Tokens: []string{"“", "y", "e", "s", "”", " ", "h", "e", " ", "s", "a", "i", "d"},
		Values: []float64{0.2, 0.9, 0.9, 0.8, 0.1, -0.6, -0.8, -0.9, -0.9, -0.9, -0.9, -0.9, -0.9},
		Scale:  plot.Scale{Label: "tanh(c)", Diverging: true},
	}.SVG(io.Discard)
	fmt.Println(err)
	// Output: <nil>
}

func ExampleBars() {
	err := plot.Bars{
		Title:  "time for one step",
		Labels: []string{"RNN", "GRU", "LSTM"},
		Series: []plot.Series{{Y: []float64{0.8, 2.1, 2.6}}},
		X:      plot.Axis{Label: "ms"},
	}.SVG(io.Discard)
	fmt.Println(err)
	// Output: <nil>
}

// Words in the plane of two principal components.
func ExampleScatter() {
	err := plot.Scatter{
		Title: "embedding",
		Series: []plot.Points{
			{Name: "animals", X: []float64{1, 1.2}, Y: []float64{0.1, -0.2}, Labels: []string{"dog", "고양이"}},
			{Name: "numbers", X: []float64{-1, -1.1}, Y: []float64{0.4, 0.5}, Labels: []string{"one", "two"}},
		},
	}.SVG(io.Discard)
	fmt.Println(err)
	// Output: <nil>
}
