package datasets_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

func TestEvalWindowsLayout(t *testing.T) {
	windows, err := datasets.EvalWindows([]int{10, 11, 12, 13, 14, 15}, 2, 2) // 5 predictions: 3 and 2
	require.NoError(t, err)
	type window struct {
		x, y   []int
		weight []float64
		count  int
		first  bool
	}
	want := []window{
		{[]int{10, 13, 11, 14}, []int{11, 14, 12, 15}, []float64{1, 1, 1, 1}, 4, true},
		{[]int{12, 0, 0, 0}, []int{13, 0, 0, 0}, []float64{1, 0, 0, 0}, 1, false},
	}
	for range 2 { // it can be ranged over again
		k := 0
		for w := range windows {
			require.Less(t, k, len(want))
			assert.Equal(t, want[k], window{w.X, w.Y, w.Weight, w.Count, w.First})
			k++
		}
		assert.Equal(t, len(want), k)
	}
	for range windows {
		break
	}
}

// Each of the n-1 predictions counts exactly once; within a lane they follow each other without a gap, and padding
// comes only after them.
func TestEvalWindowsCoverEverythingOnce(t *testing.T) {
	for n := 2; n <= 30; n++ {
		for batch := 1; batch <= 6; batch++ {
			for seq := 1; seq <= 8; seq++ {
				checkEval(t, n, batch, seq)
			}
		}
	}
}

func checkEval(t *testing.T, n, batch, seq int) {
	t.Helper()
	windows, err := datasets.EvalWindows(count(n), batch, seq)
	require.NoError(t, err)
	seen := make([]float64, n)
	last := make(map[int]int) // by lane, the target before
	done := make([]bool, batch)
	for w := range windows {
		require.Len(t, w.X, batch*seq)
		sum := 0.0
		for i, weight := range w.Weight {
			b := i % batch
			sum += weight
			if weight == 0 {
				done[b] = true
				continue
			}
			require.False(t, done[b], "n %d, batch %d, seq %d: padding inside lane %d", n, batch, seq, b)
			require.Equal(t, w.X[i]+1, w.Y[i])
			if before, ok := last[b]; ok {
				require.Equal(t, before, w.X[i])
			}
			last[b] = w.Y[i]
			seen[w.Y[i]] += weight
		}
		require.Equal(t, float64(w.Count), sum)
		require.Positive(t, w.Count, "no window is padding alone")
	}
	for id, times := range seen {
		require.Equal(t, min(float64(id), 1), times, "n %d, batch %d, seq %d: predictions of token %d", n, batch, seq, id)
	}
}

func TestEvalWindowsErrors(t *testing.T) {
	tests := []struct {
		name          string
		n, batch, seq int
		want          string
	}{
		{"one token", 1, 1, 1, "1 tokens hold no prediction: at least 2 needed"},
		{"no batch", 9, 0, 1, "batch 0 of sequence 1"},
		{"no sequence", 9, 1, 0, "batch 1 of sequence 0"},
		{"huge", 9, math.MaxInt, math.MaxInt, "more than 268435456 items in a window"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := datasets.EvalWindows(count(tt.n), tt.batch, tt.seq)
			assert.ErrorContains(t, err, tt.want)
		})
	}
}
