package lecture

import (
	"fmt"
	"io"
	"slices"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models"
)

// translator reads with one network and writes with another.
type translator struct {
	network        models.EncoderDecoder
	source, target *datasets.Words
	params         *graph.Params
}

// newTranslator knows the words of the pairs and nothing else. On each side
// there is one id more, the end of a sentence.
func newTranslator(pairs [][2]string) (*translator, error) {
	var texts [2][]string
	for _, p := range pairs {
		texts[0], texts[1] = append(texts[0], p[0]), append(texts[1], p[1])
	}
	source, err := datasets.NewWords(datasets.WordsOptions{}, texts[0]...)
	if err != nil {
		return nil, err
	}
	target, err := datasets.NewWords(datasets.WordsOptions{}, texts[1]...)
	if err != nil {
		return nil, err
	}
	rnn := cells.Recurrent{Cell: cells.RNN{In: 16, Hidden: 64}}
	return &translator{models.EncoderDecoder{
		Source: source.Len() + 1, Embed: 16, RNN: rnn,
		Decoder: models.Decoder{Vocab: target.Len() + 1, Embed: 16, RNN: rnn},
	}, source, target, graph.NewParams64(1)}, nil
}

// translate reads all words, and then writes: what is left of the reading is the
// state that the writing begins with.
func (m *translator) translate(g *graph.Builder) {
	encode, decoder := m.network.Bind(g)
	h0 := encode(g.IDs("source", g.N, g.B), g.IDs("lens", g.B))
	own := g.Const(1, g.T, g.B, 1) // at every step: read what was written
	g.Output("words", g.ArgMax(decoder.Sample(h0, g.IDs("begin", g.T, g.B), own)))
}

// Translation is chapter 6: many words in, many words out. 200 English
// sentences and their Korean translations are learnt, others are translated.
func Translation(w io.Writer) error {
	learnt, others := sentencePairs()
	m, err := newTranslator(learnt)
	if err != nil {
		return err
	}
	if err := m.learn(learnt); err != nil {
		return err
	}
	right := 0
	for i, p := range others {
		said, err := m.say(p[0])
		if err != nil {
			return err
		}
		if said == p[1] {
			right++
		}
		if i < 4 {
			fmt.Fprintf(w, "%-27s %s\n", p[0], said)
		}
	}
	fmt.Fprintf(w, "right: %d of %d sentences that were not learnt\n", right, len(others))
	return nil
}

// say translates a sentence.
func (m *translator) say(text string) (string, error) {
	ids, err := m.source.Encode(text)
	if err != nil {
		return "", err
	}
	ids = append(ids, m.source.Len())
	prog, err := graph.Build(m.params, graph.Key{B: 1, N: len(ids), T: 6}, m.translate)
	if err != nil {
		return "", err
	}
	end := m.target.Len()
	for name, x := range map[string][]int{
		"source": ids, "lens": {len(ids)}, "begin": slices.Repeat([]int{end}, 6),
	} {
		if err := prog.SetIDs(name, x); err != nil {
			return "", err
		}
	}
	if err := prog.Run(); err != nil {
		return "", err
	}
	words, err := prog.Integers("words")
	if err != nil {
		return "", err
	}
	if at := slices.Index(words, end); at >= 0 {
		words = words[:at]
	}
	return m.target.Decode(words)
}

// learn trains on all pairs at once, by teacher forcing: the decoder reads the
// right word before, whatever it would have written.
func (m *translator) learn(pairs [][2]string) error {
	const N, T = 7, 6
	B := len(pairs)
	prog, err := graph.Build(m.params, graph.Key{B: B, N: N, T: T, Train: true}, m.network.Train)
	if err != nil {
		return err
	}
	var sources, inputs, targets [][]int
	for _, p := range pairs {
		source, err := m.source.Encode(p[0])
		if err != nil {
			return err
		}
		target, err := m.target.Encode(p[1])
		if err != nil {
			return err
		}
		sources = append(sources, append(source, m.source.Len()))
		inputs = append(inputs, append([]int{m.target.Len()}, target...))
		targets = append(targets, append(target, m.target.Len()))
	}
	for name, x := range map[string][]int{
		"source": datasets.Pad(sources, N, B, 0), "lens": datasets.Lens(sources, B),
		"input": datasets.Pad(inputs, T, B, 0), "target": datasets.Pad(targets, T, B, 0),
	} {
		if err := prog.SetIDs(name, x); err != nil {
			return err
		}
	}
	if err := prog.SetFloat64s("weight", datasets.StepWeights(datasets.Lens(targets, B), T)); err != nil {
		return err
	}
	return fit(prog, 0.01, 150)
}
