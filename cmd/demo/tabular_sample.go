package main

import (
	"fmt"
	"io"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// sampleColumns are how the generated rents are read.
func sampleColumns() models.Columns {
	return models.Columns{models.Cat("street", 4), models.OneHot("kind"), models.Num("area"), models.Num("floor"), models.Text("note")}
}

// sampleEpochs are passes over them, unless the flags say otherwise.
const sampleEpochs = 100

// sampleRents are n generated rows.
func sampleRents(n int, seed uint64) ([]tabularRow, error) {
	rents, err := datasets.Rents{}.Rows(n, seed)
	if err != nil {
		return nil, err
	}
	rows := make([]tabularRow, n)
	for i, r := range rents {
		rows[i] = tabularRow{y: r.Price, record: models.Record{
			{Text: r.Street}, {Text: r.Kind}, {Number: r.Area}, {Number: r.Floor}, {Text: r.Note},
		}}
	}
	return rows, nil
}

// showRents shows which streets the model has found to be alike: those of one
// quarter, of which it was not told.
func showRents(w io.Writer, m *models.Tabular) error {
	t, err := m.Table("street")
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "the noise of the rents is %.0f: who knows the formula and every floor ends there\n", datasets.Rents{}.Baseline())
	fmt.Fprintln(w, "\nstreets with the most similar vectors (streets of one quarter cost the same, but nobody said so):")
	for _, quarter := range (datasets.Rents{}).Quarters() {
		if err := printNear(w, t, quarter+" 1", 4); err != nil {
			return err
		}
	}
	fmt.Fprintln(w)
	return nil
}
