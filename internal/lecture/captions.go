package lecture

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models"
)

// captioner has a picture of 55 pixels in, as one vector, and a sentence out.
func captioner() models.OneToMany {
	rnn := cells.Recurrent{Cell: cells.RNN{In: 8, Hidden: 32}}
	return models.OneToMany{
		Features: 55, Decoder: models.Decoder{Vocab: len(captionWords()), Embed: 8, RNN: rnn},
	}
}

// describe writes a sentence: the first state is made of the picture, and each
// word that is written is read next.
func describe(g *graph.Builder) {
	see, decoder := captioner().Bind(g)
	h0 := see(g.Input("features", g.B, 55))
	own := g.Const(1, g.T, g.B, 1) // at every step: read what was written
	logits := decoder.Sample(h0, g.IDs("begin", g.T, g.B), own)
	g.Output("words", g.ArgMax(logits))
	g.Output("p", g.Softmax(logits))
}

// Captions is chapter 5: one vector in, many words out. Three new pictures are
// described.
func Captions(w io.Writer) error {
	params := graph.NewParams64(1)
	if err := learnCaptions(params); err != nil {
		return err
	}
	prog, err := graph.Build(params, graph.Key{B: 1, T: 7}, describe)
	if err != nil {
		return err
	}
	rng := rand.New(rand.NewPCG(7, 0))
	for _, scene := range [][2]string{{"cross", "square"}, {"", "ring"}, {"plus", "bar"}} {
		pixels := picture(rng, scene)
		for y := range 5 {
			for x := range 11 {
				fmt.Fprintf(w, "%c", ".#"[int(pixels[11*y+x])])
			}
			fmt.Fprintln(w)
		}
		if err := say(w, prog, pixels); err != nil {
			return err
		}
	}
	return nil
}

// say prints the sentence for a picture, each word with its probability.
func say(w io.Writer, prog *graph.Program, pixels []float64) error {
	if err := prog.SetFloat64s("features", pixels); err != nil {
		return err
	}
	V := len(captionWords())
	if err := prog.SetIDs("begin", slices.Repeat([]int{V - 1}, prog.Key().T)); err != nil {
		return err
	}
	p, err := run(prog, "p")
	if err != nil {
		return err
	}
	ids, err := prog.Integers("words")
	if err != nil {
		return err
	}
	var words []string
	for t, id := range ids[:slices.Index(ids, V-1)+1] {
		words = append(words, fmt.Sprintf("%s %.2f", captionWords()[id], p[t*V+id]))
	}
	fmt.Fprintln(w, strings.Join(words, ", "))
	return nil
}

// learnCaptions learns 600 pictures of all scenes.
func learnCaptions(params *graph.Params) error {
	const B, T = 600, 7
	prog, err := graph.Build(params, graph.Key{B: B, T: T, Train: true}, captioner().Train)
	if err != nil {
		return err
	}
	names := []string{"square", "ring", "cross", "plus", "bar", ""}
	rng := rand.New(rand.NewPCG(1, 0))
	var pictures []float64
	input, target, weight := make([]int, T*B), make([]int, T*B), make([]float64, T*B)
	for b := range B {
		i, j := rng.IntN(6), rng.IntN(5)
		scene := [2]string{names[i], names[(i+1+j)%6]} // two different ones
		pictures = append(pictures, picture(rng, scene)...)
		before := len(captionWords()) - 1 // the end, which is also what a sentence begins after
		for t, word := range strings.Fields(caption(scene)) {
			id := slices.Index(captionWords(), word)
			input[t*B+b], target[t*B+b], weight[t*B+b] = before, id, 1
			before = id
		}
	}
	if err := set(prog, map[string][]float64{"features": pictures, "weight": weight}); err != nil {
		return err
	}
	if err := prog.SetIDs("input", input); err != nil {
		return err
	}
	if err := prog.SetIDs("target", target); err != nil {
		return err
	}
	return fit(prog, 0.01, 150)
}
