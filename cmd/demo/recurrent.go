package main

import (
	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/models"
)

// recurrentFlags are those of what recurrent models have in common.
func recurrentFlags(f *pflag.FlagSet, r *models.Recurrent) {
	f.StringVar(&r.Cell, "cell", r.Cell, "rnn, lstm or gru")
	f.IntVar(&r.Layers, "layers", r.Layers, "recurrent layers")
	f.IntVar(&r.Hidden, "hidden", r.Hidden, "width of the state, of each direction")
	f.BoolVar(&r.Bidirectional, "bidirectional", r.Bidirectional, "read in both directions")
	f.Float64Var(&r.Dropout, "dropout", r.Dropout, "probability of dropping a value around and between layers while training (0: none)")
}
