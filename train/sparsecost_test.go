package train_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/train"
)

// classifier is a training step of 64 texts of 40 words: embedding of width 100,
// LSTM of 32, two classes; with clipping and Adam.
type classifier struct {
	*graph.Program
	o       train.Optimiser
	batches [][]int
	at      int
}

// newClassifier has V words, of which texts have the first 20,000 by Zipf's law,
// spread over the table, so that the same number of rows is touched for any V; or
// uniformly all, the worst case.
func newClassifier(t testing.TB, V int, zipf bool) *classifier {
	fill := func(w []float64, _ []int, _ *rand.Rand) { // not drawn: that would take longer than the steps
		for i := range w {
			w[i] = float64(i%17-8) / 80
		}
	}
	p, err := graph.Build(graph.NewParams(1), graph.Key{B: 64, T: 40, Train: true}, func(g *graph.Builder) {
		E := g.Param("E", fill, V, 100)
		step := cells.LSTM{In: 100, Hidden: 32}.Bind(g.Scope("rnn"))
		xs := g.Gather(E, g.IDs("ids", g.T, g.B))
		_, final := cells.Unroll(g, step, xs, cells.Seq{Init: cells.LSTM{In: 100, Hidden: 32}.Zero(g)})
		logits := cells.Dense{In: 32, Out: 2}.Bind(g.Scope("out"))(final[0])
		g.Minimise("loss", g.CrossEntropy(logits, g.IDs("class", g.B)))
	})
	require.NoError(t, err)
	c := &classifier{Program: p, o: train.NewAdam(0.001)}
	rng := rand.New(rand.NewPCG(1, 2))
	words := rand.NewZipf(rng, 1.1, 2, 20_000-1)
	for range 8 {
		ids := make([]int, 40*64)
		for i := range ids {
			ids[i] = rng.IntN(V)
			if zipf {
				ids[i] = int(words.Uint64()) * 7919 % 20_000 * (V / 20_000)
			}
		}
		c.batches = append(c.batches, ids)
	}
	return c
}

func (c *classifier) table() *graph.Param { return c.Params().Get("E") }

func (c *classifier) step(t testing.TB) {
	c.at++
	err := c.SetIDs("ids", c.batches[c.at%len(c.batches)])
	if err == nil {
		err = c.Run()
	}
	if err == nil {
		err = c.o.Step(c.Params(), 1, min(1, 1/(c.Params().GradNorm()+1e-6)))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A step on a table of 200,000 rows costs what one on 20,000 does: the best of
// some are compared, on one processor. What they differ by is that the touched
// rows lie farther apart: a few per cent. The test asks for less than a half and
// tries for a while, for it may share the machine; a dense gradient costs tens of
// times as much.
func TestStepCostsTheSameForAnyVocabulary(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	pair := []*classifier{newClassifier(t, 20_000, true), newClassifier(t, 200_000, true)}
	for range pair[0].batches { // touch memory for the first time
		pair[0].step(t)
		pair[1].step(t)
	}
	best := [2]time.Duration{time.Hour, time.Hour}
	for n := 0; n < 30 || (n < 1000 && best[1] > best[0]*5/4); n++ {
		for i, c := range pair {
			start := time.Now()
			c.step(t)
			best[i] = min(best[i], time.Since(start))
		}
	}
	t.Logf("20,000 words: %v, 200,000 words: %v", best[0], best[1])
	assert.Less(t, best[1], best[0]*3/2)
	assert.Len(t, pair[1].table().GradRows(), len(pair[0].table().GradRows()))
	assert.Zero(t, testing.AllocsPerRun(5, func() { pair[1].step(t) }))
}

func BenchmarkVocabulary(b *testing.B) {
	for _, zipf := range []bool{true, false} {
		for _, V := range []int{20_000, 200_000} {
			b.Run(fmt.Sprintf("zipf=%v/V=%d", zipf, V), func(b *testing.B) {
				c := newClassifier(b, V, zipf)
				for range 16 {
					c.step(b)
				}
				b.ReportAllocs()
				for b.Loop() {
					c.step(b)
				}
			})
		}
	}
}
