package lecture

import (
	"fmt"
	"io"
	"slices"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/datasets"
)

// embedded puts an embedding of 16 before a cell, in place of one-hot rows.
func embedded(m *reviewer, cell cells.Cell) {
	rnn := cells.Recurrent{Cell: cell}
	m.network.Embed = 16 // x_t = E[id_t]
	m.network.RNN, m.network.Pool = rnn, cells.LastState{Layer: rnn}
}

// readers teaches 120 reviews to the network of chapter 4, and to it with an
// embedding and an RNN, LSTM or GRU, and asks for 400 others.
func readers(w io.Writer) error {
	reviews := datasets.Reviews(800, 1)
	fmt.Fprintln(w, "                 weights  right, of 400 reviews")
	for _, r := range []struct {
		name string
		cell cells.Cell // nil: as in chapter 4
	}{
		{"one-hot + RNN", nil},
		{"embedding + RNN", cells.RNN{In: 16, Hidden: 32}},
		{"embedding + LSTM", cells.LSTM{In: 16, Hidden: 32}},
		{"embedding + GRU", cells.GRU{In: 16, Hidden: 32}},
	} {
		m, err := newReviewer(reviews)
		if err != nil {
			return err
		}
		if r.cell != nil {
			embedded(m, r.cell)
		}
		if err := m.learn(reviews[:120]); err != nil {
			return err
		}
		right := 0
		for _, other := range reviews[400:] {
			p, err := m.answer(other.Text)
			if err != nil {
				return err
			}
			if opinions()[slices.Index(p, slices.Max(p))] == other.Label {
				right++
			}
		}
		fmt.Fprintf(w, "%-16s %8d  %d\n", r.name, m.params.Count(), right)
	}
	return nil
}
