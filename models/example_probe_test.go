package models_test

import (
	"fmt"

	"github.com/unroll-go/unroll/models"
)

// What reaches the last character's loss, from each step, and through what: five uses of Wh.
func ExampleCharLM_LookInside() {
	m, _ := untrained()
	in, err := m.LookInside("강가의 마을", models.Look{Routes: true})
	check(err)
	last := in.Paths.Losses[0]
	for _, u := range last.Uses {
		fmt.Printf("%q ", in.Tokens[u.Step])
		fmt.Print(len(u.Matrix), " numbers:")
		for _, r := range u.Routes {
			fmt.Print(" ", r.Name)
		}
		fmt.Println()
	}
	fmt.Println(last.Gap < 1e-14, len(in.Memory.Of[0].Lags)-1, "steps back,", len(in.Radius), "gates")
	// Output:
	// "강" 1728 numbers: only h
	// "가" 1728 numbers: only h
	// "의" 1728 numbers: only h
	// " " 1728 numbers: only h
	// "마" 1728 numbers: direct
	// true 5 steps back, 3 gates
}

// The update gate of a unit while the model reads, and the surprise at each character.
func ExampleCharLM_Record() {
	m, _ := untrained()
	r, err := m.Record("작은 배가")
	check(err)
	z, err := r.Unit("rnn/layer0/z", 3)
	check(err)
	fmt.Println(r.Names())
	fmt.Printf("%q\n%.2f\n%.1f nats\n", r.Tokens, z, r.Nats)
	_, err = r.Unit("rnn/layer0/z", 24)
	fmt.Println(err)
	// Output:
	// [rnn/layer0/h rnn/layer0/n rnn/layer0/r rnn/layer0/z]
	// ["작" "은" " " "배"]
	// [0.54 0.45 0.41 0.50]
	// [NaN 2.8 3.1 2.9] nats
	// models: rnn/layer0/z has the units 0 to 23, not 24
}

// Points that lie along a line are one direction and nothing else.
func ExamplePCA() {
	p, err := models.PCA([][]float64{{1, 1, 0}, {2, 2, 0}, {4, 4, 0}, {5, 5, 0}}, 2)
	check(err)
	fmt.Printf("%.3f %.3f\n", p.Points[3][0], p.Explained)
	// Output:
	// 2.828 [1.000 0.000]
}
