package datasets_test

import (
	"math"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

func TestSplit(t *testing.T) {
	ids := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
	tests := []struct {
		name  string
		train float64
		fit   int
	}{
		{"usual", 0.9, 9},
		{"half", 0.5, 5},
		{"rounds down", 0.39, 3},
		{"one item", 0.1, 1},
		{"nearly all", math.Nextafter(1, 0), 9},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fit, valid, err := datasets.Split(ids, tt.train)
			require.NoError(t, err)
			assert.Equal(t, ids[:tt.fit], fit)
			assert.Equal(t, ids[tt.fit:], valid)
			_ = append(fit, -1)
			assert.Equal(t, tt.fit, valid[0], "appending to one part leaves the other alone")
		})
	}
}

func TestSplitErrors(t *testing.T) {
	tests := []struct {
		name  string
		n     int
		train float64
		want  string
	}{
		{"NaN", 10, math.NaN(), "training fraction NaN, wanted more than 0 and less than 1"},
		{"zero", 10, 0, "training fraction 0,"},
		{"one", 10, 1, "training fraction 1,"},
		{"negative", 10, -0.5, "training fraction -0.5,"},
		{"infinite", 10, math.Inf(1), "training fraction +Inf,"},
		{"no training", 10, 0.05, "of 10 items leaves 0 and 10, wanted at least 1 each"},
		{"single item", 1, 0.9, "leaves 0 and 1"},
		{"no items", 0, 0.9, "leaves 0 and 0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := datasets.Split(make([]int, tt.n), tt.train)
			assert.ErrorContains(t, err, tt.want)
			_, _, err = datasets.SplitText(string(make([]byte, tt.n)), tt.train)
			assert.ErrorContains(t, err, tt.want)
		})
	}
	_, _, err := datasets.SplitText("가\xff나", 0.5)
	assert.ErrorContains(t, err, "datasets: split: byte 3 (line 1, column 2): invalid UTF-8 (0xff)")
}

// Splitting text and splitting its ids are one thing; the parts together are the whole.
func FuzzSplitText(f *testing.F) {
	f.Add("가나다라마바사아자차", 0.9)
	f.Add("ab", 0.5)
	f.Fuzz(func(t *testing.T, text string, train float64) {
		fit, valid, err := datasets.SplitText(text, train)
		wantFit, wantValid, wantErr := datasets.Split([]rune(text), train)
		if wantErr != nil || !utf8.ValidString(text) {
			require.Error(t, err)
			return
		}
		require.NoError(t, err)
		require.Equal(t, string(wantFit), fit)
		require.Equal(t, string(wantValid), valid)
		require.Equal(t, text, fit+valid)
	})
}
