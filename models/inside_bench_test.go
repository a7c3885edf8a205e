package models_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/models"
)

// BenchmarkLookInside is the whole of it, from the formula to the report, for an LSTM of 128
// units: the last loss use by use, with routes, every loss without a parameter's matrices, and the
// Jacobians.
func BenchmarkLookInside(b *testing.B) {
	m := newModel(b, models.Config{Cell: "lstm", Embed: 64, Hidden: 128, Layers: 1}, english)
	for _, T := range []int{25, 50, 100} {
		text := strings.Repeat(english, 3)[:T+1]
		for name, of := range map[string]models.Look{
			"last":      {Scope: "-"},
			"routes":    {Scope: "-", Routes: true},
			"triangle":  {Scope: "-", Param: "rnn/layer0/b", All: true},
			"jacobians": {Param: "rnn/layer0/b"},
		} {
			b.Run(fmt.Sprintf("%s/T%d", name, T), func(b *testing.B) {
				for b.Loop() {
					_, err := m.LookInside(text, of)
					require.NoError(b, err)
				}
			})
		}
	}
}
