package datasets_test

import (
	"bufio"
	"compress/gzip"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

func TestNaiveForecast(t *testing.T) {
	x := []float64{1, 2, 4, 11, 12, 14}
	tests := []struct {
		name string
		n    datasets.Naive
		t, h int
		want float64
	}{
		{"last value", datasets.Naive{}, 3, 2, 11},
		{"season", datasets.Naive{Season: 3}, 3, 1, 2},
		{"season, end of the cycle", datasets.Naive{Season: 3}, 3, 3, 11},
		{"season, two cycles ahead", datasets.Naive{Season: 3}, 3, 4, 2},
		{"change", datasets.Naive{Season: 3, Change: true}, 3, 1, 11 + 2 - 1},
		{"change, further", datasets.Naive{Season: 3, Change: true}, 4, 2, 12 + 11 - 2},
		{"change without a season", datasets.Naive{Change: true}, 4, 2, 12},
		{"no past", datasets.Naive{Season: 3}, 1, 1, nan},
		{"no past for the change", datasets.Naive{Season: 3, Change: true}, 2, 1, nan},
		{"before the start", datasets.Naive{}, -1, 1, nan},
		{"behind the end", datasets.Naive{}, 6, 1, nan},
		{"no horizon", datasets.Naive{}, 2, 0, nan},
		{"huge", datasets.Naive{Season: math.MaxInt}, 2, math.MaxInt, nan},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.n.Forecast(x, tt.t, tt.h)
			assert.True(t, got == tt.want || math.IsNaN(got) && math.IsNaN(tt.want), "got %v, want %v", got, tt.want)
		})
	}
}

func TestNaiveRMSE(t *testing.T) {
	rmse, n := datasets.Naive{}.RMSE([]float64{1, 2, nan, 4, 7}, 0, 1)
	assert.InDelta(t, math.Sqrt((1.0+9)/2), rmse, 1e-15)
	assert.Equal(t, 2, n, "missing values do not count")
	rmse, n = datasets.Naive{}.RMSE([]float64{1, 2}, 5, 1)
	assert.True(t, math.IsNaN(rmse))
	assert.Zero(t, n)

	wave := make([]float64, 48) // a season and a trend
	for i := range wave {
		wave[i] = float64(i) + 10*float64(i%12)
	}
	rmse, _ = datasets.Naive{Season: 12, Change: true}.RMSE(wave, 20, 5)
	assert.Zero(t, rmse, "the change repeats itself")
	rmse, _ = datasets.Naive{Season: 12}.RMSE(wave, 20, 5)
	assert.InDelta(t, 12, rmse, 1e-12, "the trend is missed")
}

// The reference values of the three series, from the files themselves.
func TestNaiveOnRealSeries(t *testing.T) {
	airline := realColumn(t, "airline_passengers.csv", 1)
	co2 := realColumn(t, "co2_mauna_loa_monthly.csv", 2)
	pm25 := realColumn(t, "beijing_pm25_2010_2013.csv.gz", 5)
	tests := []struct {
		name  string
		x     []float64
		n     datasets.Naive
		from  int
		want  float64
		digit float64 // the last one of want
	}{
		{"airline, naive", airline, datasets.Naive{}, 96, 48.0, 0.1},
		{"airline, same month last year", airline, datasets.Naive{Season: 12}, 96, 41.9, 0.1},
		{"CO2, naive", co2, datasets.Naive{}, len(co2) - 120, 1.332, 0.001},
		{"CO2, change of last year", co2, datasets.Naive{Season: 12, Change: true}, len(co2) - 120, 0.503, 0.001},
		{"PM2.5, naive", pm25, datasets.Naive{}, 0, 24.8, 0.1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rmse, n := tt.n.RMSE(tt.x, tt.from, 1)
			t.Logf("%.4f over %d", rmse, n)
			assert.InDelta(t, tt.want, rmse, tt.digit/2)
		})
	}
}

// referenceFile is a file of the reference data; the test is skipped without them.
func referenceFile(t *testing.T, parts ...string) string {
	t.Helper()
	root := os.Getenv("UNROLL_DATA")
	if root == "" {
		t.Skip("UNROLL_DATA does not name the folder of the reference data, so the real files are not tested")
	}
	return filepath.Join(append([]string{root}, parts...)...)
}

// realColumn reads column d of a series that has no quotes but in its header.
func realColumn(t *testing.T, name string, d int) []float64 {
	t.Helper()
	f, err := os.Open(referenceFile(t, "series", name))
	require.NoError(t, err)
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		r, err = gzip.NewReader(f)
		require.NoError(t, err)
	}
	s, err := datasets.NewSeries("x")
	require.NoError(t, err)
	lines := bufio.NewScanner(r)
	lines.Scan() // the header
	for lines.Scan() {
		cell := strings.Split(lines.Text(), ",")[d]
		x, err := strconv.ParseFloat(cell, 64)
		if cell == "NA" {
			x, err = math.NaN(), nil
		}
		require.NoError(t, err)
		require.NoError(t, s.Add(x))
	}
	require.NoError(t, lines.Err())
	return s.Values
}
