package datasets_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

// count returns 0, 1, …, n-1: a text in which every token is its position.
func count(n int) []int {
	ids := make([]int, n)
	for i := range ids {
		ids[i] = i
	}
	return ids
}

func streamOf(t testing.TB, n, batch, seq int) *datasets.Stream {
	t.Helper()
	s, err := datasets.NewStream(count(n), batch, seq)
	require.NoError(t, err)
	return s
}

func TestStreamLayout(t *testing.T) {
	s := streamOf(t, 15, 2, 3) // lanes 0…6 and 7…13; 14 is left over
	require.Equal(t, 2, s.Windows())
	for epoch := range 2 {
		x, y, first := s.Next()
		assert.Equal(t, []int{0, 7, 1, 8, 2, 9}, x)
		assert.Equal(t, []int{1, 8, 2, 9, 3, 10}, y)
		assert.True(t, first, "epoch %d", epoch)
		x, y, first = s.Next()
		assert.Equal(t, []int{3, 10, 4, 11, 5, 12}, x)
		assert.Equal(t, []int{4, 11, 5, 12, 6, 13}, y)
		assert.False(t, first, "epoch %d", epoch)
	}
	assert.Equal(t, 4, s.Pos())
}

// In every size: targets are inputs shifted by one, a lane goes on where its last window ended, an epoch shows no token
// twice, and what is left over is what the documentation says.
func TestStreamLaws(t *testing.T) {
	for n := 2; n <= 40; n++ {
		for batch := 1; batch <= 5; batch++ {
			for seq := 1; seq <= 7; seq++ {
				if n >= batch*(seq+1) {
					checkStream(t, n, batch, seq)
				}
			}
		}
	}
}

func checkStream(t *testing.T, n, batch, seq int) {
	t.Helper()
	s := streamOf(t, n, batch, seq)
	seen := make([]int, n)
	next := make([]int, batch) // the token each lane must show
	for k := range s.Windows() {
		x, y, first := s.Next()
		require.Equal(t, k == 0, first)
		require.Len(t, x, seq*batch)
		for i := range x {
			b := i % batch
			if k > 0 || i >= batch {
				require.Equal(t, next[b], x[i], "n %d, batch %d, seq %d: window %d item %d", n, batch, seq, k, i)
			}
			require.Equal(t, x[i]+1, y[i])
			next[b] = y[i]
			seen[x[i]]++
		}
	}
	require.LessOrEqual(t, slices.Max(seen), 1)
	used := s.Windows() * batch * seq
	lanes := n/batch*batch - batch // inputs there could be
	require.Equal(t, lanes-used, batch*((n/batch-1)%seq))
}

func TestStreamErrors(t *testing.T) {
	tests := []struct {
		name          string
		n, batch, seq int
		want          string
	}{
		{"too few", 37, 32, 50, "datasets: 37 tokens are too few for batch 32 of sequence 50: at least 1632 needed"},
		{"one too few", 1631, 32, 50, "1631 tokens are too few"},
		{"none", 0, 1, 1, "at least 2 needed"},
		{"no batch", 10, 0, 1, "batch 0 of sequence 1, wanted at least 1 each"},
		{"negative sequence", 10, 1, -1, "batch 1 of sequence -1"},
		{"huge", 10, math.MaxInt, math.MaxInt, "are too few"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := datasets.NewStream(count(tt.n), tt.batch, tt.seq)
			assert.ErrorContains(t, err, tt.want)
		})
	}
	assert.Equal(t, 1, streamOf(t, 1632, 32, 50).Windows())
	assert.ErrorContains(t, streamOf(t, 10, 1, 1).Seek(-1), "seek to window -1")
}

// A new stream put at Pos goes on exactly as the old one, across epochs too.
func TestStreamSeekResumes(t *testing.T) {
	for stop := range 9 {
		old, resumed := streamOf(t, 23, 2, 3), streamOf(t, 23, 2, 3)
		for range stop {
			old.Next()
		}
		require.NoError(t, resumed.Seek(old.Pos()))
		for range 5 {
			x, y, first := old.Next()
			gotX, gotY, gotFirst := resumed.Next()
			assert.Equal(t, x, gotX)
			assert.Equal(t, y, gotY)
			assert.Equal(t, first, gotFirst)
			assert.Equal(t, old.Pos(), resumed.Pos())
		}
	}
}

func TestStreamNextAllocatesNothing(t *testing.T) {
	s := streamOf(t, 10000, 4, 16)
	assert.Zero(t, testing.AllocsPerRun(100, func() { s.Next() }))
}

func BenchmarkStreamNext(b *testing.B) {
	s := streamOf(b, 1_000_000, 32, 64)
	b.ReportAllocs()
	for b.Loop() {
		s.Next()
	}
}
