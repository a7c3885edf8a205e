package lecture

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// reviewer reads the words of a review and gives one answer.
type reviewer struct {
	words   *datasets.Words
	network models.ManyToOne
	params  *graph.Params
}

// opinions are the three answers.
func opinions() []string { return []string{"negative", "neutral", "positive"} }

// newReviewer is a network that knows the words of the reviews and nothing else.
func newReviewer(reviews []datasets.Review) (*reviewer, error) {
	var texts []string
	for _, r := range reviews {
		texts = append(texts, r.Text)
	}
	words, err := datasets.NewWords(datasets.WordsOptions{Lower: true}, texts...)
	if err != nil {
		return nil, err
	}
	rnn := cells.Recurrent{Cell: cells.RNN{In: words.Len() + 1, Hidden: 32}} // one-hot rows; the last id pads
	return &reviewer{words, models.ManyToOne{
		Vocab: words.Len() + 1, RNN: rnn, Pool: cells.LastState{Layer: rnn}, Classes: len(opinions()),
	}, graph.NewParams64(1)}, nil
}

// Reviews is chapter 4: many words in, one answer out. A network learns made-up
// reviews of films and is asked after every word of new ones.
func Reviews(w io.Writer) error {
	reviews := datasets.Reviews(1500, 1)
	m, err := newReviewer(reviews)
	if err != nil {
		return err
	}
	if err := m.learn(reviews); err != nil {
		return err
	}
	fmt.Fprintln(w, strings.Join(opinions(), "  "))
	for _, review := range []string{"the ending was not boring at all.", "연기가 나쁘지 않았다."} {
		for _, part := range beginnings(review) {
			p, err := m.answer(part)
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "%8.2f%9.2f%10.2f  %s\n", p[0], p[1], p[2], part)
		}
	}
	return nil
}

// answer is the probability of each opinion.
func (m *reviewer) answer(text string) ([]float64, error) {
	ids, err := m.words.Encode(text)
	if err != nil {
		return nil, err
	}
	prog, err := graph.Build(m.params, graph.Key{B: 1, T: len(ids)}, func(g *graph.Builder) {
		logits := m.network.Bind(g)(g.IDs("ids", g.T, g.B), nil, nil)
		g.Output("p", g.Softmax(logits))
	})
	if err != nil {
		return nil, err
	}
	if err := prog.SetIDs("ids", ids); err != nil {
		return nil, err
	}
	return run(prog, "p")
}

// learn reads each review word by word: its beginning has the label of the
// whole.
func (m *reviewer) learn(reviews []datasets.Review) error {
	var examples []datasets.Labelled
	for _, r := range reviews {
		for _, part := range beginnings(r.Text) {
			ids, err := m.words.Encode(part)
			if err != nil {
				return err
			}
			examples = append(examples, datasets.Labelled{IDs: ids, Label: slices.Index(opinions(), r.Label)})
		}
	}
	length := func(e datasets.Labelled) int { return len(e.IDs) }
	batches, err := datasets.NewBatches(examples, length, datasets.BatchOptions{Size: 64, Shuffle: true, Bucket: 8, Seed: 1})
	if err != nil {
		return err
	}
	task, err := models.NewBatchTask(m.params, batches, m.network.Train, m.feed)
	if err != nil {
		return err
	}
	steps := 6 * task.PerEpoch()
	loop := train.Loop{
		Task: task, Optimiser: train.NewAdam(0.01), Schedule: train.Cosine(steps, 0, 0), Clip: 1, Steps: steps,
	}
	_, err = loop.Run(context.Background())
	return err
}

// feed gives a batch to the network.
func (m *reviewer) feed(prog *graph.Program, b datasets.Batch[datasets.Labelled]) error {
	var rows [][]int
	for _, e := range b.Rows {
		rows = append(rows, e.IDs)
	}
	if err := prog.SetIDs("ids", datasets.Pad(rows, b.T, b.Size, m.words.Len())); err != nil {
		return err
	}
	if err := prog.SetIDs("lens", datasets.Lens(rows, b.Size)); err != nil {
		return err
	}
	if err := prog.SetIDs("target", datasets.Each(b, func(e datasets.Labelled) int { return e.Label })); err != nil {
		return err
	}
	return prog.SetFloat64s("weight", datasets.Each(b, func(datasets.Labelled) float64 { return 1 }))
}

// beginnings are those of a text, a word longer each.
func beginnings(text string) []string {
	words := strings.Fields(text)
	var out []string
	for n := range words {
		out = append(out, strings.Join(words[:n+1], " "))
	}
	return out
}
