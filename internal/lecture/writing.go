package lecture

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strings"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// alphabet is the characters of the text that chapter 3 learns.
const alphabet = " aehilo"

// nextCharacter reads characters as one-hot rows. In training the next ones
// are given; in writing h lives on from run to run.
func nextCharacter(g *graph.Builder) {
	V := len(alphabet)
	ids := g.IDs("ids", g.T, g.B)
	rnn := cells.RNN{In: V, Hidden: 24, NoBias: true, Output: V}
	h := rnn.Zero(g)
	if !g.Train {
		h = g.Carry("h", h)
	}
	ys, last := cells.Unroll(g, rnn.Bind(g), g.OneHot(ids, V), cells.Seq{Init: h})
	if g.Train {
		g.Minimise("loss", g.CrossEntropy(ys, g.IDs("next", g.T, g.B)))
		return
	}
	g.Next("h", last)
	g.Output("p", g.Softmax(ys)) // [1, 1, V]
}

// Writing is chapter 3: a network learns four words in any order, and then
// writes.
func Writing(w io.Writer) error {
	params := graph.NewParams64(1)
	if err := learnWords(params); err != nil {
		return err
	}
	prog, err := graph.Build(params, graph.Key{B: 1, T: 1}, nextCharacter)
	if err != nil {
		return err
	}
	return write(w, prog, 20)
}

// write draws n characters: what is drawn is read next.
func write(w io.Writer, prog *graph.Program, n int) error {
	fmt.Fprintf(w, "reads   %s   writes\n", strings.Join(strings.Split(alphabet, ""), "    "))
	rng := rand.New(rand.NewPCG(2, 0))
	id := strings.IndexByte(alphabet, ' ')
	text := ""
	for range n {
		if err := prog.SetIDs("ids", []int{id}); err != nil {
			return err
		}
		p, err := run(prog, "p")
		if err != nil {
			return err
		}
		next := draw(rng, p)
		fmt.Fprintf(w, "%q   %.2f   %q\n", alphabet[id], p, alphabet[next])
		text += alphabet[next : next+1]
		id = next // fed back
	}
	fmt.Fprintln(w, text)
	return nil
}

// draw takes each place with its probability.
func draw(rng *rand.Rand, p []float64) int {
	u := rng.Float64()
	for i, q := range p {
		if u -= q; u < 0 {
			return i
		}
	}
	return len(p) - 1
}

// learnWords trains on 128 rows of 40 characters: four words in random order.
func learnWords(params *graph.Params) error {
	const B, T = 128, 40
	prog, err := graph.Build(params, graph.Key{B: B, T: T, Train: true}, nextCharacter)
	if err != nil {
		return err
	}
	ids, next := make([]int, T*B), make([]int, T*B)
	rng := rand.New(rand.NewPCG(2, 0))
	for b := range B {
		text := " "
		for len(text) <= T {
			text += []string{"hall ", "hello ", "hill ", "hole "}[rng.IntN(4)]
		}
		for t := range T {
			ids[t*B+b] = strings.IndexByte(alphabet, text[t])
			next[t*B+b] = strings.IndexByte(alphabet, text[t+1])
		}
	}
	if err := prog.SetIDs("ids", ids); err != nil {
		return err
	}
	if err := prog.SetIDs("next", next); err != nil {
		return err
	}
	return fit(prog, 0.01, 200)
}
