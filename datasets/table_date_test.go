package datasets_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

// A number is a number, and a date is years.
func TestTableNumberOrDate(t *testing.T) {
	for cell, want := range map[string]float64{
		"12.5": 12.5, "-3": -3, " 2013-01-01 ": 2013, "2012/12/31": 2012 + 365./366, "2013.07.02": 2013 + 182./365,
		"05.01.01": 2005, "99.01.01": 1999, "NA": math.NaN(), "": math.NaN(),
	} {
		table, err := datasets.ReadTable(strings.NewReader("a\tx\n-\t"+cell+"\n"), "x", datasets.TableOptions{})
		require.NoError(t, err)
		for row, err := range table.Rows() {
			require.NoError(t, err)
			got, err := table.NumberOrDate(row, 1)
			require.NoError(t, err)
			assert.InDelta(t, want, got, 1e-12, cell)
		}
	}
	for _, cell := range []string{"inf", "2013-02-30", "13.7.2", "yesterday"} {
		table, err := datasets.ReadTable(strings.NewReader("x\n"+cell+"\n"), "x", datasets.TableOptions{})
		require.NoError(t, err)
		for row := range table.Rows() {
			_, err := table.NumberOrDate(row, 0)
			assert.EqualError(t, err, `datasets: x: line 2: column 1 "x": got "`+cell+`", wanted a finite number, a date such as 2013-07-02, or NA for a missing one`)
		}
	}
}
