package models_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/models"
)

// chain is a model whose probabilities depend on the sentence and on all that
// has been read, by a hash: nothing of a beam's bookkeeping may get lost.
type chain struct {
	V, width int
	rows     [][]int // what each has read
	sharp    float64
	wrong    func(row []int, logp []float32) // changes what is said after a row
}

func newChain(V, sentences, width int, sharp float64) *chain {
	c := &chain{V: V, width: width, rows: make([][]int, sentences*width), sharp: sharp}
	for i := range c.rows {
		c.rows[i] = []int{i / width} // the sentence
	}
	return c
}

// after are the log probabilities after what a row has read.
func (c *chain) after(row []int) []float32 {
	seed := uint64(17)
	for _, id := range row {
		seed = seed*0x9e3779b97f4a7c15 + uint64(id) + 1
	}
	rng := rand.New(rand.NewPCG(seed, 1))
	x := make([]float64, c.V)
	sum := 0.0
	for i := range x {
		x[i] = c.sharp * rng.NormFloat64()
		sum += math.Exp(x[i])
	}
	logp := make([]float32, c.V)
	for i := range x {
		logp[i] = float32(x[i] - math.Log(sum))
	}
	if c.wrong != nil {
		c.wrong(row, logp)
	}
	return logp
}

func (c *chain) Next(tokens []int) ([]float32, error) {
	var all []float32
	for i, id := range tokens {
		c.rows[i] = append(slices.Clip(c.rows[i]), id)
		all = append(all, c.after(c.rows[i])...)
	}
	return all, nil
}

func (c *chain) Reorder(rows []int) error {
	old := slices.Clone(c.rows)
	for i, r := range rows {
		c.rows[i] = old[r]
	}
	return nil
}

// all are all sequences of a sentence with their log p, by exhaustive search.
func (c *chain) all(s models.Search, sentence int) []models.Sequence {
	var out []models.Sequence
	var walk func(ids []int, logp float64)
	walk = func(ids []int, logp float64) {
		next := c.after(append([]int{sentence, s.Start}, ids...))
		for id, x := range next {
			n := len(ids) + 1
			score := (logp + float64(x)) / math.Pow(float64(5+n)/6, s.Penalty)
			switch {
			case id == s.Stop:
				out = append(out, models.Sequence{IDs: slices.Clone(ids), LogP: logp + float64(x), Score: score, Ended: true})
			case n == s.Longest:
				out = append(out, models.Sequence{IDs: append(slices.Clone(ids), id), LogP: logp + float64(x), Score: score})
			default:
				walk(append(slices.Clone(ids), id), logp+float64(x))
			}
		}
	}
	walk(nil, 0)
	slices.SortStableFunc(out, func(a, b models.Sequence) int {
		if a.Ended != b.Ended {
			return map[bool]int{true: -1, false: 1}[a.Ended]
		}
		return int(math.Copysign(1, b.Score-a.Score))
	})
	return out
}

// same compares sequences; sums of the same numbers in the same order are equal.
func same(t *testing.T, want, got []models.Sequence) {
	t.Helper()
	require.Len(t, got, len(want))
	for i := range want {
		assert.Equal(t, append([]int{}, want[i].IDs...), append([]int{}, got[i].IDs...), "result %d", i)
		assert.InDelta(t, want[i].LogP, got[i].LogP, 1e-12)
		assert.InDelta(t, want[i].Score, got[i].Score, 1e-12)
		assert.Equal(t, want[i].Ended, got[i].Ended)
	}
}

// A beam as wide as there are sequences finds all of them, in order.
func TestWideBeamIsExhaustive(t *testing.T) {
	for _, penalty := range []float64{0, 0.6, 1, 3} {
		t.Run(fmt.Sprint(penalty), func(t *testing.T) {
			s := models.Search{Start: 3, Stop: 3, Longest: 4, Beam: 400, Best: 1, Penalty: penalty}
			for _, best := range []int{1, 7, 121} {
				s.Best = best
				c := newChain(4, 3, s.Width(), 1)
				got, err := s.Run(c, 3)
				require.NoError(t, err)
				for i := range got {
					same(t, c.all(s, i)[:best], got[i])
				}
			}
		})
	}
}

// A beam of 1 takes the likeliest token each time.
func TestBeamOfOneIsGreedy(t *testing.T) {
	const n = 50
	s := models.Search{Start: 0, Stop: 0, Longest: 12, Penalty: 1}
	c := newChain(6, n, 1, 2)
	got, err := s.Run(c, n)
	require.NoError(t, err)
	for i := range n {
		var want models.Sequence
		for len(want.IDs) < s.Longest {
			logp := c.after(append([]int{i, s.Start}, want.IDs...))
			best := 0
			for id := range logp {
				if logp[id] > logp[best] {
					best = id
				}
			}
			want.LogP += float64(logp[best])
			if want.Ended = best == s.Stop; want.Ended {
				break
			}
			want.IDs = append(want.IDs, best)
		}
		tokens := len(want.IDs)
		if want.Ended {
			tokens++
		}
		want.Score = want.LogP * 6 / float64(5+tokens)
		same(t, []models.Sequence{want}, got[i])
	}
}

// beam is the search of s for a sentence in the plain way: all candidates of a length are sorted.
func (c *chain) beam(s models.Search, sentence int) []models.Sequence {
	type beginning struct {
		ids  []int
		logp float64
	}
	var done []models.Sequence
	finish := func(ids []int, logp float64, n int, ended bool) {
		score := logp / math.Pow(float64(5+n)/6, s.Penalty)
		done = append(done, models.Sequence{IDs: ids, LogP: logp, Score: score, Ended: ended})
	}
	live := []beginning{{}}
	for n := 1; n <= s.Longest && len(live) > 0; n++ {
		var all []beginning
		for _, h := range live {
			for id, x := range c.after(append([]int{sentence, s.Start}, h.ids...)) {
				all = append(all, beginning{append(slices.Clone(h.ids), id), h.logp + float64(x)})
			}
		}
		slices.SortStableFunc(all, func(a, b beginning) int { return cmp.Compare(b.logp, a.logp) })
		room := s.Width() - len(done)
		live = nil
		for _, h := range all[:min(len(all), room)] {
			last := len(h.ids) - 1
			switch {
			case h.ids[last] == s.Stop:
				finish(h.ids[:last], h.logp, n, true)
			case n == s.Longest:
				finish(h.ids, h.logp, n, false)
			default:
				live = append(live, h)
			}
		}
	}
	slices.SortStableFunc(done, func(a, b models.Sequence) int {
		if a.Ended != b.Ended {
			return map[bool]int{true: -1, false: 1}[a.Ended]
		}
		return cmp.Compare(b.Score, a.Score)
	})
	return done[:max(s.Best, 1)]
}

// What a beam keeps is the best candidates of all its beginnings, whatever is passed over on the way.
func TestBeamsAreThoseOfSortedCandidates(t *testing.T) {
	const n = 100
	for _, s := range []models.Search{
		{Longest: 8, Beam: 2}, {Longest: 8, Beam: 3, Best: 3}, {Longest: 10, Beam: 5, Best: 2, Penalty: 0.6}, {Longest: 6, Beam: 9, Best: 9, Penalty: 2},
	} {
		c := newChain(7, n, s.Width(), 1.5)
		got, err := s.Run(c, n)
		require.NoError(t, err)
		for i := range n {
			same(t, c.beam(s, i), got[i])
		}
	}
}

// Wider beams find likelier sequences on the whole, narrow ones most of them.
func TestWiderBeamsFindMore(t *testing.T) {
	const n = 200
	sum := map[int]float64{}
	for _, beam := range []int{1, 2, 5, 20} {
		got, err := models.Search{Start: 0, Stop: 0, Longest: 10, Beam: beam}.Run(newChain(8, n, beam, 2), n)
		require.NoError(t, err)
		for i := range got {
			require.Len(t, got[i], 1)
			sum[beam] += got[i][0].LogP / n
		}
	}
	assert.Greater(t, sum[2], sum[1])
	assert.Greater(t, sum[5], sum[2])
	assert.GreaterOrEqual(t, sum[20], sum[5])
}

// Sentences do not depend on those beside them.
func TestSentencesAreSearchedAlone(t *testing.T) {
	s := models.Search{Start: 0, Stop: 0, Longest: 9, Beam: 4, Best: 4, Penalty: 0.7}
	together, err := s.Run(newChain(7, 10, 4, 2), 10)
	require.NoError(t, err)
	for i := range together {
		c := newChain(7, 1, 4, 2)
		for r := range c.rows {
			c.rows[r] = []int{i}
		}
		alone, err := s.Run(c, 1)
		require.NoError(t, err)
		assert.Equal(t, alone[0], together[i])
	}
}

func TestSearchEndings(t *testing.T) {
	inf := float32(math.Inf(-1))
	only := func(id int) func([]int, []float32) {
		return func(_ []int, logp []float32) {
			for i := range logp {
				logp[i] = inf
			}
			if id >= 0 {
				logp[id] = 0
			}
		}
	}
	for name, c := range map[string]struct {
		wrong func([]int, []float32)
		want  []models.Sequence
	}{
		"all end at once":    {only(0), []models.Sequence{{Ended: true}}},
		"none ends":          {only(2), []models.Sequence{{IDs: []int{2, 2, 2}}}},
		"nothing may follow": {only(-1), []models.Sequence{{}}},
		"a dead end later on": {func(row []int, logp []float32) {
			only(map[bool]int{true: 1, false: -1}[len(row) == 2])(row, logp)
		}, []models.Sequence{{IDs: []int{1}}}},
	} {
		t.Run(name, func(t *testing.T) {
			m := newChain(3, 2, 3, 1)
			m.wrong = c.wrong
			got, err := models.Search{Longest: 3, Beam: 3, Best: 3}.Run(m, 2)
			require.NoError(t, err)
			for i := range got {
				same(t, c.want, got[i])
			}
		})
	}
}

// All results are there when fewer than the beam go on.
func TestNoResultIsLost(t *testing.T) {
	m := newChain(4, 1, 5, 1)
	m.wrong = func(row []int, logp []float32) { // after one token the stop alone
		if len(row) > 2 {
			for id := 1; id < len(logp); id++ {
				logp[id] = float32(math.Inf(-1))
			}
			logp[0] = 0
		}
	}
	got, err := models.Search{Longest: 9, Beam: 5, Best: 5}.Run(m, 1)
	require.NoError(t, err)
	require.Len(t, got[0], 4)
	sum := 0.0
	for _, s := range got[0] {
		assert.True(t, s.Ended)
		sum += math.Exp(s.LogP)
	}
	assert.InDelta(t, 1, sum, 1e-6, "they are all there are")
}

func TestBannedTokens(t *testing.T) {
	got, err := models.Search{Longest: 8, Beam: 3, Best: 3, Ban: []int{2, 4, 99, -1}}.Run(newChain(6, 5, 3, 1), 5)
	require.NoError(t, err)
	for _, results := range got {
		for _, s := range results {
			assert.NotContains(t, s.IDs, 2)
			assert.NotContains(t, s.IDs, 4)
		}
	}
}

func TestDrawnSequences(t *testing.T) {
	s := models.Search{Longest: 8, Beam: 2000, Best: 2000, Sampling: &models.Sampling{Seed: 5}}
	c := newChain(3, 1, s.Beam, 1)
	got, err := s.Run(c, 1)
	require.NoError(t, err)
	again, err := s.Run(newChain(3, 1, s.Beam, 1), 1)
	require.NoError(t, err)
	assert.Equal(t, got, again)
	require.Len(t, got[0], s.Beam)
	empty := 0.0
	for _, q := range got[0] {
		if q.Ended && len(q.IDs) == 0 {
			empty += 1.0 / float64(s.Beam)
		}
	}
	assert.InDelta(t, math.Exp(float64(c.after([]int{0, 0})[0])), empty, 0.04, "the part that ends at once")
	s.Sampling = &models.Sampling{Greedy: true}
	s.Beam, s.Best = 1, 1
	drawn, err := s.Run(newChain(3, 4, 1, 1), 4)
	require.NoError(t, err)
	s.Sampling = nil
	greedy, err := s.Run(newChain(3, 4, 1, 1), 4)
	require.NoError(t, err)
	assert.Equal(t, greedy, drawn)
}

func TestSearchOfNoModel(t *testing.T) {
	_, err := models.Search{Longest: 1}.Run(nil, 1)
	require.ErrorContains(t, err, "there is no model, got nil")
}

func TestSearchErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, c := range map[string]struct {
		search    models.Search
		sentences int
		wrong     func([]int, []float32)
		want      string
	}{
		"longest":     {models.Search{}, 1, nil, "longest must be in [1, "},
		"beam":        {models.Search{Longest: 1, Beam: -1}, 1, nil, "beam must be in [0, "},
		"best":        {models.Search{Longest: 1, Beam: 2, Best: 3}, 1, nil, "best must be in [0, 2]"},
		"penalty":     {models.Search{Longest: 1, Penalty: nan}, 1, nil, "penalty must be in [0, 10], got NaN"},
		"start":       {models.Search{Longest: 1, Start: -1}, 1, nil, "must be tokens"},
		"stop":        {models.Search{Longest: 1, Stop: 4}, 1, nil, "one of the stop 4"},
		"sentences":   {models.Search{Longest: 1}, 0, nil, "sentences must be in [1, "},
		"temperature": {models.Search{Longest: 1, Sampling: &models.Sampling{Temperature: nan}}, 1, nil, "temperature NaN"},
		"nan": {models.Search{Longest: 3, Beam: 2}, 1, func(row []int, x []float32) {
			if len(row) == 3 {
				x[2] = float32(nan)
			}
		}, "token 2: sentence 0: the log probability of token 2 is NaN"},
		"inf": {models.Search{Longest: 3}, 1, func(_ []int, x []float32) { x[1] = float32(inf) }, "token 1 is +Inf"},
		"nan drawn": {
			models.Search{Longest: 3, Sampling: &models.Sampling{}},
			1,
			func(_ []int, x []float32) { x[1] = float32(nan) }, "is NaN",
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := newChain(4, max(c.sentences, 1), max(c.search.Width(), 1), 1)
			m.wrong = c.wrong
			_, err := c.search.Run(m, c.sentences)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// A dead end of one drawn row ends that row alone.
func TestDrawnDeadEnds(t *testing.T) {
	s := models.Search{Longest: 4, Beam: 8, Best: 8, Ban: []int{0}, Sampling: &models.Sampling{Seed: 3}}
	c := newChain(3, 2, s.Beam, 1)
	c.wrong = func(row []int, logp []float32) { // nothing after a 2
		if row[len(row)-1] == 2 {
			for id := range logp {
				logp[id] = float32(math.Inf(-1))
			}
		}
	}
	got, err := s.Run(c, 2)
	require.NoError(t, err)
	dead := 0
	for _, results := range got {
		require.Len(t, results, s.Beam)
		for _, q := range results {
			assert.False(t, q.Ended)
			assert.InDelta(t, q.LogP, q.Score, 1e-12)
			if n := len(q.IDs); n < s.Longest {
				assert.Equal(t, 2, q.IDs[n-1])
				dead++
			}
		}
	}
	assert.Positive(t, dead)

	s.Ban = []int{0, 1, 2}
	got, err = s.Run(newChain(3, 2, s.Beam, 1), 2)
	require.NoError(t, err)
	for _, results := range got {
		require.Len(t, results, s.Beam)
		assert.Equal(t, models.Sequence{}, results[0])
	}
}
