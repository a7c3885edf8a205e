// Spago generates tokens with spaGO's LSTM, one at a time: task I1. It is a
// module of its own, so that the library does not inherit spaGO. Prints one line
// of JSON:
//
//	go -C benchmarks/peers/spago build -o /tmp/spago .
//	/tmp/spago --task I1 --hidden 128 --threads 1 --seconds 8
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"time"
)

// sizes are those of the model.
type sizes struct{ vocab, emb, hidden, layers int }

// String is what unroll calls the same model.
func (s sizes) String() string {
	return fmt.Sprintf("lstm V%d E%d H%d L%d B1 T1", s.vocab, s.emb, s.hidden, s.layers)
}

func main() {
	var s sizes
	task := flag.String("task", "I1", "I1, generation, is what there is")
	flag.IntVar(&s.vocab, "vocab", 65, "tokens of the vocabulary")
	flag.IntVar(&s.emb, "emb", 64, "width of the embedding")
	flag.IntVar(&s.hidden, "hidden", 128, "width of the state")
	flag.IntVar(&s.layers, "layers", 2, "recurrent layers")
	threads := flag.Int("threads", 1, "processors to use, GOMAXPROCS")
	seconds := flag.Float64("seconds", 8, "time to measure")
	flag.Parse()
	if *task != "I1" || flag.NArg() > 0 || s.vocab < 2 || min(s.emb, s.hidden, s.layers, *threads) < 1 {
		fmt.Fprintln(os.Stderr, "spago: --task I1, and sizes of at least 1; --help lists the flags")
		os.Exit(2)
	}
	runtime.GOMAXPROCS(*threads)
	if err := measure(s, *threads, *seconds); err != nil {
		fmt.Fprintln(os.Stderr, "spago:", err)
		os.Exit(1)
	}
}

// measure draws tokens until the time is over and prints the line.
func measure(s sizes, threads int, seconds float64) error {
	g, rng, id := newGenerator(s), rand.New(rand.NewPCG(1, 7)), 0
	next := func() error {
		p, err := g.next(id)
		if err == nil {
			id = draw(p, rng.Float32())
		}
		return err
	}
	for range 100 {
		if err := next(); err != nil {
			return err
		}
	}
	n, start := 0, time.Now()
	for ; n < 3 || time.Since(start).Seconds() < seconds; n++ {
		if err := next(); err != nil {
			return err
		}
	}
	took := time.Since(start).Seconds()
	return json.NewEncoder(os.Stdout).Encode(map[string]any{
		"peer": "spago", "task": "I1", "config": s.String(), "threads": threads,
		"tokens_per_s": float64(n) / took, "ms_per_step": 1e3 * took / float64(n),
		"peak_rss_mb": peak(), "loss0": nil, "lossN": nil, "steps": n,
	})
}

// draw is the token at which the probabilities, added up, pass u.
func draw(p []float32, u float32) int {
	for id, x := range p {
		if u -= x; u < 0 {
			return id
		}
	}
	return len(p) - 1
}
