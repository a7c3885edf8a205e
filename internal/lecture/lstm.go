package lecture

import (
	"fmt"
	"io"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// note is an LSTM of one unit that reads a value and two commands, write and
// show.
func note(g *graph.Builder) {
	lstm := cells.LSTM{In: 3, Hidden: 1}
	hs, _ := cells.Unroll(g, lstm.Bind(g), g.Input("x", g.T, g.B, 3), cells.Seq{Init: lstm.Zero(g)})
	g.Output("hs", hs)
}

// noteWeights are set by hand: columns i, f, u, o.
func noteWeights(params *graph.Params) error {
	return setWeights(params, map[string][]float64{
		"Wx": {
			0, 0, 1, 0, // value: the candidate
			10, -10, 0, 0, // write: opens i and closes f
			0, 0, 0, 10, // show: opens o
		},
		"Wh": {0, 0, 0, 0},
		"b":  {-5, 5, 0, -5}, // without a command i and o are shut and f is open
	})
}

// LSTM is chapter 9: the unit takes a note, keeps it while other values pass,
// and shows it when asked.
func LSTM(w io.Writer) error {
	params := graph.NewParams64(1)
	prog, err := graph.Build(params, graph.Key{B: 1, T: 7}, note, graph.Exposed) // keeps the gates too
	if err != nil {
		return err
	}
	if err := noteWeights(params); err != nil {
		return err
	}
	x := []float64{0.8, 1, 0, -0.5, 0, 0, 0.9, 0, 0, 0.3, 0, 1, -0.7, 1, 0, 0.6, 0, 0, 0.1, 0, 1}
	if err := prog.SetFloat64s("x", x); err != nil {
		return err
	}
	if err := prog.Run(); err != nil {
		return err
	}
	fmt.Fprintln(w, "t  value  write  show     i     f     o       c      h")
	for t := range 7 {
		fmt.Fprintf(w, "%d %6.1f %6g %5g ", t+1, x[3*t], x[3*t+1], x[3*t+2])
		for _, name := range []string{"i", "f", "o", "c", "h"} {
			v, err := prog.Float64s(name)
			if err != nil {
				return err
			}
			fmt.Fprintf(w, " %5.2f", v[t])
		}
		fmt.Fprintln(w)
	}
	return memories(w)
}

// memories prints how far the LSTM's c and the state of a plain unit are felt.
func memories(w io.Writer) error {
	for _, c := range []struct {
		name  string
		cell  cells.Cell
		state int
		set   map[string][]float64
	}{
		{"RNN, Whh = 0.9    dh_t/dh_{t-k}", cells.RNN{In: 1, Hidden: 1}, 0, map[string][]float64{"Wh": {0.9}}},
		{"LSTM, f = 0.9933  dc_t/dc_{t-k}", cells.LSTM{In: 1, Hidden: 1}, 1, map[string][]float64{"b": {-5, 5, 0, -5}, "Wh": {0, 0, 0, 0}}},
	} {
		params := graph.NewParams64(1)
		jacobians, err := graph.NewJacobians(params, graph.Key{B: 1, T: 101}, func(g *graph.Builder) {
			hs, _ := cells.Unroll(g, c.cell.Bind(g), g.Input("x", g.T, g.B, 1), cells.Seq{Init: c.cell.Zero(g)})
			g.Output("hs", hs)
		}, "")
		if err != nil {
			return err
		}
		if err := setWeights(params, c.set); err != nil {
			return err
		}
		memory, err := jacobians.Report()
		if err != nil {
			return err
		}
		lags := memory.Of[c.state].Lags
		fmt.Fprintf(w, "%s  k = 10: %.4f  50: %.4f  100: %.6f\n", c.name, lags[10].Mean, lags[50].Mean, lags[100].Mean)
	}
	return nil
}
