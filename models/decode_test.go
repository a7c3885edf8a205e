package models

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var (
	decodeNaN = float32(math.NaN())
	decodeInf = float32(math.Inf(1))
)

// decodeLogits returns log p, shifted as logits may be.
func decodeLogits(p ...float64) []float32 {
	logits := make([]float32, len(p))
	for i := range p {
		logits[i] = float32(math.Log(p[i]) + 3)
	}
	return logits
}

// decodeCounts draws n times.
func decodeCounts(t *testing.T, opts Sampling, logits []float32, n int) []float64 {
	t.Helper()
	s, err := NewSampler(opts)
	require.NoError(t, err)
	counts := make([]float64, len(logits))
	for range n {
		i, err := s.Pick(logits)
		require.NoError(t, err)
		counts[i]++
	}
	return counts
}

// assertDrawnFrom is Pearson's chi-square test at about 1e-5; seeds are fixed, so it
// fails always or never. Entries of probability 0 must not occur at all.
func assertDrawnFrom(t *testing.T, want, counts []float64) {
	t.Helper()
	n, chi, freedom := 0.0, 0.0, -1.0
	for _, c := range counts {
		n += c
	}
	for i, p := range want {
		if p == 0 {
			assert.Zero(t, counts[i], "index %d", i)
			continue
		}
		chi += (counts[i] - n*p) * (counts[i] - n*p) / (n * p)
		freedom++
	}
	// Wilson and Hilferty's approximation of the quantile.
	const z = 4.26
	limit := freedom * math.Pow(1-2/(9*freedom)+z*math.Sqrt(2/(9*freedom)), 3)
	if freedom > 0 {
		assert.Less(t, chi, limit, "counts %v", counts)
	}
}

func TestSamplingDistribution(t *testing.T) {
	p := []float64{0.1, 0.4, 0.05, 0.3, 0.15}
	tests := map[string]struct {
		opts Sampling
		want []float64
	}{
		"zero value is softmax":    {Sampling{}, p},
		"temperature 1 is softmax": {Sampling{Temperature: 1}, p},
		// p^(1/T), normalised.
		"temperature 1/2":    {Sampling{Temperature: 0.5}, []float64{0.01 / 0.285, 0.16 / 0.285, 0.0025 / 0.285, 0.09 / 0.285, 0.0225 / 0.285}},
		"temperature is hot": {Sampling{Temperature: 1e9}, []float64{0.2, 0.2, 0.2, 0.2, 0.2}},
		"temperature tiny":   {Sampling{Temperature: math.SmallestNonzeroFloat64}, []float64{0, 1, 0, 0, 0}},
		"top-k 1":            {Sampling{TopK: 1}, []float64{0, 1, 0, 0, 0}},
		"top-k 2":            {Sampling{TopK: 2}, []float64{0, 4. / 7, 0, 3. / 7, 0}},
		"top-k of V":         {Sampling{TopK: 5}, p},
		"top-k beyond V":     {Sampling{TopK: math.MaxInt}, p},
		"top-p tiny":         {Sampling{TopP: 1e-300}, []float64{0, 1, 0, 0, 0}},
		"top-p first":        {Sampling{TopP: 0.39}, []float64{0, 1, 0, 0, 0}},
		"top-p crossing":     {Sampling{TopP: 0.41}, []float64{0, 4. / 7, 0, 3. / 7, 0}},
		"top-p most":         {Sampling{TopP: 0.84}, []float64{0, 0.4 / 0.85, 0, 0.3 / 0.85, 0.15 / 0.85}},
		"top-p 1":            {Sampling{TopP: 1}, p},
		"min-p":              {Sampling{MinP: 0.37}, []float64{0, 0.4 / 0.85, 0, 0.3 / 0.85, 0.15 / 0.85}},
		"min-p 1":            {Sampling{MinP: 1}, []float64{0, 1, 0, 0, 0}},
		// After top-k 3 the largest is 0.4/0.85 = 0.47 of what is left.
		"top-p sees what top-k left": {Sampling{TopK: 3, TopP: 0.46}, []float64{0, 1, 0, 0, 0}},
		// Temperature first: 0.16/0.285 = 0.56 alone reaches 1/2.
		"top-p sees the temperature": {Sampling{Temperature: 0.5, TopP: 0.5}, []float64{0, 1, 0, 0, 0}},
		"min-p sees the temperature": {Sampling{Temperature: 2, MinP: 0.49}, nil},
	}
	// sqrt(p): the largest is sqrt 0.4, so 0.1 stays (1/2) and 0.05 goes.
	root := 0.0
	hot := []float64{math.Sqrt(0.1), math.Sqrt(0.4), 0, math.Sqrt(0.3), math.Sqrt(0.15)}
	for _, x := range hot {
		root += x
	}
	for i := range hot {
		hot[i] /= root
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			want := tc.want
			if want == nil {
				want = hot
			}
			assertDrawnFrom(t, want, decodeCounts(t, tc.opts, decodeLogits(p...), 20_000))
		})
	}
}

// The first number of each seed is as good as the numbers of one seed.
func TestFirstDrawsOverSeedsAreIndependent(t *testing.T) {
	p := []float64{0.1, 0.4, 0.05, 0.3, 0.15}
	counts := make([]float64, len(p))
	for seed := range uint64(20_000) {
		s, err := NewSampler(Sampling{Seed: seed})
		require.NoError(t, err)
		i, err := s.Pick(decodeLogits(p...))
		require.NoError(t, err)
		counts[i]++
	}
	assertDrawnFrom(t, p, counts)
}

// Of equal entries at a cut the ones with smaller index stay.
func TestTiesAtTheCut(t *testing.T) {
	logits := []float32{0, 1, 1, 1, 0}
	third, half := 1./3, 1./2
	assertDrawnFrom(t, []float64{0, half, half, 0, 0}, decodeCounts(t, Sampling{TopK: 2}, logits, 2000))
	assertDrawnFrom(t, []float64{0, half, half, 0, 0}, decodeCounts(t, Sampling{TopP: 0.5}, logits, 2000))
	assertDrawnFrom(t, []float64{0, third, third, third, 0}, decodeCounts(t, Sampling{MinP: 1}, logits, 2000))
}

func TestBannedAndImpossibleEntriesAreNeverDrawn(t *testing.T) {
	ban := -decodeInf
	for _, opts := range []Sampling{{}, {TopK: 4}, {TopP: 0.99}, {MinP: 0}, {Greedy: true, Seed: 1}} {
		if opts.Greedy {
			assertDrawnFrom(t, []float64{0, 1, 0, 0}, decodeCounts(t, opts, []float32{ban, 1, ban, 1}, 100))
			continue
		}
		assertDrawnFrom(t, []float64{0, 0.5, 0, 0.5}, decodeCounts(t, opts, []float32{ban, 1, ban, 1}, 5000))
		// exp(-2000) is 0 in float64.
		assertDrawnFrom(t, []float64{0.5, 0, 0.5, 0}, decodeCounts(t, opts, []float32{1000, -1000, 1000, ban}, 5000))
	}
}

// The inverse of the cumulative distribution, at its edges.
func TestDraw(t *testing.T) {
	below1 := math.Nextafter(1, 0)
	tests := map[string]struct {
		w    []float64
		u    float64
		want int
	}{
		"first":                  {[]float64{1, 1}, 0, 0},
		"up to the boundary":     {[]float64{1, 1}, math.Nextafter(0.5, 0), 0},
		"boundary is the next's": {[]float64{1, 1}, 0.5, 1},
		"last":                   {[]float64{1, 1}, below1, 1},
		"zero in front":          {[]float64{0, 1, 1}, 0, 1},
		"zero at the boundary":   {[]float64{1, 0, 1}, 0.5, 2},
		"zeros at the end":       {[]float64{1, 1, 0, 0}, below1, 1},
		"off the end":            {[]float64{1, 1, 0, 0}, 1, 1},
		"lost in the sum":        {[]float64{1, 1e-30}, below1, 0},
		"one":                    {[]float64{1}, below1, 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tc.want, (&choice{w: tc.w}).draw(tc.u))
		})
	}
}

func TestGreedy(t *testing.T) {
	tests := map[string]struct {
		logits []float32
		want   int
	}{
		"first":         {[]float32{3, 1, 2}, 0},
		"last":          {[]float32{1, 2, 3}, 2},
		"ties":          {[]float32{1, 2, 2}, 1},
		"negative":      {[]float32{-3, -2, -decodeInf}, 1},
		"extremes":      {[]float32{-math.MaxFloat32, math.MaxFloat32}, 1},
		"lowest finite": {[]float32{-decodeInf, -math.MaxFloat32}, 1},
		"one":           {[]float32{-5}, 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			for _, opts := range []Sampling{{Greedy: true}, {TopK: 1}, {Temperature: 1e-300, TopK: 1}} {
				s, err := NewSampler(opts)
				require.NoError(t, err)
				for range 5 {
					got, err := s.Pick(tc.logits)
					require.NoError(t, err)
					assert.Equal(t, tc.want, got)
				}
			}
		})
	}
}

func TestPickRefuses(t *testing.T) {
	tests := map[string]struct {
		logits  []float32
		want    string
		nothing bool
	}{
		"no logits":  {nil, "none of 0 logits", true},
		"all banned": {[]float32{-decodeInf, -decodeInf}, "none of 2 logits", true},
		"NaN":        {[]float32{1, decodeNaN, 2}, "logit 1 of 3 is NaN", false},
		"all NaN":    {[]float32{decodeNaN, decodeNaN}, "logit 0 of 2 is NaN", false},
		"+Inf":       {[]float32{1, 2, decodeInf}, "logit 2 of 3 is +Inf", false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			for _, greedy := range []bool{false, true} {
				s, err := NewSampler(Sampling{Greedy: greedy, TopK: 2, TopP: 0.9, MinP: 0.1})
				require.NoError(t, err)
				_, err = s.Pick(tc.logits)
				require.ErrorContains(t, err, tc.want)
				assert.Equal(t, tc.nothing, errors.Is(err, ErrNoChoice))
				got, err := s.Pick([]float32{5}) // still usable
				assert.NoError(t, err)
				assert.Zero(t, got)
			}
		})
	}
}

func TestNewSamplerRefuses(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	tests := map[string][]Sampling{
		"temperature": {{Temperature: nan}, {Temperature: -1}, {Temperature: inf}, {Temperature: -inf}, {Greedy: true, Temperature: -1}},
		"top-k":       {{TopK: -1}},
		"top-p":       {{TopP: nan}, {TopP: -0.1}, {TopP: 1.1}, {TopP: inf}},
		"min-p":       {{MinP: nan}, {MinP: -0.1}, {MinP: 1.1}},
	}
	for field, list := range tests {
		for _, opts := range list {
			s, err := NewSampler(opts)
			assert.ErrorContains(t, err, field, "%+v", opts)
			assert.Nil(t, s)
		}
	}
}

// decodeIDs are the first n picks from changing logits.
func decodeIDs(t require.TestingT, opts Sampling, n int) []int {
	s, err := NewSampler(opts)
	require.NoError(t, err)
	ids := make([]int, n)
	for i := range ids {
		logits := make([]float32, 20)
		for k := range logits {
			logits[k] = float32((k*k + 7*i) % 11)
		}
		ids[i], err = s.Pick(logits)
		require.NoError(t, err)
	}
	return ids
}

func TestSeeds(t *testing.T) {
	opts := Sampling{Temperature: 3, TopK: 15, TopP: 0.95, MinP: 0.01, Seed: 7}
	other := opts
	other.Seed = 8
	assert.Equal(t, decodeIDs(t, opts, 200), decodeIDs(t, opts, 200))
	assert.NotEqual(t, decodeIDs(t, opts, 200), decodeIDs(t, other, 200))
	// Stored: a change of these breaks everybody's seeds.
	want := []int{6, 5, 4, 0, 16, 16, 19, 9, 14, 10, 18, 4}
	assert.Equal(t, want, decodeIDs(t, opts, 12))
}

// A filter that cuts nothing leaves every draw as it was.
func TestFiltersWithoutEffectChangeNothing(t *testing.T) {
	want := decodeIDs(t, Sampling{Temperature: 3}, 200)
	assert.Equal(t, want, decodeIDs(t, Sampling{Temperature: 3, TopK: 20, TopP: 1, MinP: 1e-9}, 200))
	assert.Equal(t, want, decodeIDs(t, Sampling{Temperature: 3, TopP: math.Nextafter(1, 0)}, 200))
}

// The heap against a sort, over all cuts, with many ties and banned entries.
func TestKeepIsASort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.SliceOfN(rapid.SampledFrom([]float64{0, 0.1, 0.25, 0.5, 1}), 1, 40).Draw(t, "w")
		k := rapid.IntRange(0, 45).Draw(t, "k")
		order := make([]int, len(w))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(i, j int) int {
			switch {
			case w[i] > w[j]:
				return -1
			case w[i] < w[j]:
				return 1
			}
			return 0
		})
		want := make([]float64, len(w))
		for _, i := range order[:min(k, len(order))] {
			want[i] = w[i]
		}
		c := choice{w: slices.Clone(w)}
		c.topK(k)
		assert.Equal(t, want, c.w)
	})
}

// Scratch from a longer call must not show in a shorter one.
func TestSizesMayChange(t *testing.T) {
	s, err := NewSampler(Sampling{TopK: 3, TopP: 0.9})
	require.NoError(t, err)
	for _, n := range []int{100, 1, 7, 1000, 2} {
		for range 50 {
			i, err := s.Pick(make([]float32, n))
			require.NoError(t, err)
			assert.Less(t, i, min(n, 3))
		}
	}
}

func TestPickDoesNotAllocateOrChangeLogits(t *testing.T) {
	logits := decodeLogits(0.1, 0.4, 0.05, 0.3, 0.15)
	before := slices.Clone(logits)
	for _, opts := range []Sampling{{}, {Greedy: true}, {Temperature: 0.7, TopK: 4, TopP: 0.9, MinP: 0.05}} {
		s, err := NewSampler(opts)
		require.NoError(t, err)
		assert.Zero(t, testing.AllocsPerRun(100, func() { _, _ = s.Pick(logits) }), "%+v", opts)
	}
	assert.Equal(t, before, logits)
}

func BenchmarkPick(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	for _, V := range []int{100, 32_000} {
		logits := make([]float32, V)
		for i := range logits {
			logits[i] = float32(3 * random.NormFloat64())
		}
		for name, opts := range map[string]Sampling{
			"softmax": {}, "top-k=40": {TopK: 40}, "top-p=0.9": {TopP: 0.9}, "greedy": {Greedy: true},
		} {
			b.Run(fmt.Sprintf("V=%d/%s", V, name), func(b *testing.B) {
				s, err := NewSampler(opts)
				require.NoError(b, err)
				b.ReportAllocs()
				for b.Loop() {
					_, _ = s.Pick(logits)
				}
			})
		}
	}
}

func ExampleNewSampler() {
	s, err := NewSampler(Sampling{Temperature: 0.8, TopK: 2, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	vocabulary := []string{"hello", "help", "held", "hero"}
	logits := []float32{2, 1.5, -1, float32(math.Inf(-1))} // the last is banned
	for range 5 {
		id, err := s.Pick(logits)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Print(vocabulary[id], " ")
	}
	// Output: hello hello help hello help
}
