package models_test

import (
	"fmt"
	"math"
	"strings"

	"github.com/unroll-go/unroll/models"
)

// Weights in half the bytes: a little less exact, faster to read.
func ExampleParsePrecision() {
	m, ids := untrained()
	exact, err := m.Score(ids, 1)
	check(err)
	precision, err := models.ParsePrecision("bf16")
	check(err)
	check(m.Narrow(precision))
	near, err := m.Score(ids, 1)
	check(err)
	fmt.Printf("%v: the loss differs by less than 0.01 nats: %v\n", m.Precision(), math.Abs(near.Nats-exact.Nats) < 0.01)

	_, err = models.ParsePrecision("int4")
	fmt.Println(err)
	// Output:
	// bf16: the loss differs by less than 0.01 nats: true
	// models: precision "int4" is unknown; there are f32, bf16, int8
}

// Properties of a text that a unit of a network may have learnt to follow, a
// number for each token.
func ExampleTextFeatures() {
	tokens := strings.Split(`"Hi" 산.`, "")
	for _, f := range models.TextFeatures() {
		fmt.Printf("%-16s %v\n", f.Name, f.Of(tokens))
	}
	// Output:
	// in quotes        [1 1 1 0 0 0 0]
	// in brackets      [0 0 0 0 0 0 0]
	// position in line [1 2 3 4 5 6 7]
	// capital letter   [0 1 0 0 0 0 0]
	// after a space    [0 0 0 0 1 0 0]
	// vowel            [NaN 0 1 NaN NaN NaN NaN]
	// punctuation      [1 0 0 1 0 0 1]
	// final consonant  [NaN NaN NaN NaN NaN 1 NaN]
	// bright vowel     [NaN NaN NaN NaN NaN 1 NaN]
}
