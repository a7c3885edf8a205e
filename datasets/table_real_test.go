package datasets_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

// dataDir is the folder of real data files; the test is skipped if there is none.
func dataDir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("UNROLL_DATA")
	if dir == "" {
		t.Skip("UNROLL_DATA does not name the folder of real data files, so this test has nothing to read")
	}
	return dir
}

// dataFile is the path of a real data file; the test is skipped if there is none.
func dataFile(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(dataDir(t), filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skip("UNROLL_DATA has no such file: ", err)
	}
	return path
}

// The rows and columns of real files, as counted by other means.
func TestRealTables(t *testing.T) {
	dataDir(t)
	none, noHeader := datasets.TableOptions{}, datasets.TableOptions{NoHeader: true}
	tests := []struct {
		file          string
		opt           datasets.TableOptions
		rows, columns int
	}{
		{"caption/coco_cc/captions.tsv", none, 450, 5},
		{"caption/emoji32/captions.tsv", none, 3059, 5},
		{"chars/korean_novels_index.tsv", none, 42, 6},
		{"dialog_ko/ChatbotData.csv.gz", none, 11823, 3},
		{"names/surnames_18lang.tsv", none, 18054, 2},
		{"sentiment_en/rt_polarity.tsv.gz", none, 9662, 2},
		{"sentiment_ko/naver_movie_3class_test.tsv.gz", none, 3000, 6},
		{"sentiment_ko/naver_movie_3class_train.tsv.gz", none, 48000, 6},
		{"sentiment_ko/nsmc_ratings_test45k.txt.gz", none, 45000, 3},
		{"sentiment_ko/nsmc_ratings_train.txt.gz", none, 150000, 3},
		{"series/airline_passengers.csv", none, 144, 2},
		{"series/beijing_pm25_2010_2013.csv.gz", none, 35064, 13},
		{"series/co2_mauna_loa_monthly.csv", none, 820, 7},
		{"tabular/nycflights13_airlines.csv", none, 16, 2},
		{"tabular/nycflights13_airports.csv", none, 1458, 8},
		{"tabular/nycflights13_jan_nov.csv.gz", none, 308641, 14},
		{"tabular/nycflights13_planes.csv", none, 3322, 9},
		{"tabular/nycflights13_weather_jan_nov.csv.gz", none, 23971, 15},
		{"translation/eng-fra.tsv.gz", noHeader, 164236, 2},
		{"translation/eng-kor.tsv.gz", noHeader, 3478, 3},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			table, err := datasets.OpenTable(dataFile(t, tt.file), tt.opt)
			require.NoError(t, err)
			defer table.Close()
			assert.Len(t, table.Columns(), tt.columns)
			rows := 0
			for row, err := range table.Rows() {
				require.NoError(t, err)
				if rows++; len(row.Cells) != tt.columns || strings.ContainsAny(row.Cells[0], "\t\r\n") {
					t.Fatalf("line %d: %q", row.Line, row.Cells)
				}
			}
			assert.Equal(t, tt.rows, rows)
		})
	}
}
