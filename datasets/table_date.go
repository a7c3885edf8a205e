package datasets

import (
	"math"
	"strings"
	"time"
)

// NumberOrDate is [Table.Number] for a cell that may also be a date, which counts in years: 2013-07-02 is 2013.499. The
// forms are 2013-07-02, 2013/07/02, 2013.07.02 and 13.07.02, whose years are 1969 to 2068.
// All else is a [*CellError].
func (t *Table) NumberOrDate(row Row, column int) (float64, error) {
	x, err := t.Number(row, column)
	if err == nil {
		return x, nil
	}
	cell := strings.TrimSpace(row.Cells[column])
	for _, form := range [...]string{"2006-01-02", "2006/01/02", "2006.01.02", "06.01.02"} {
		if day, err := time.Parse(form, cell); err == nil {
			return years(day), nil
		}
	}
	return math.NaN(), t.Wrong(row, column, "a finite number, a date such as 2013-07-02, or NA for a missing one")
}

// years is a day as a number of years.
func years(day time.Time) float64 {
	first := time.Date(day.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	next := time.Date(day.Year()+1, 1, 1, 0, 0, 0, 0, time.UTC)
	return float64(day.Year()) + day.Sub(first).Hours()/next.Sub(first).Hours()
}
