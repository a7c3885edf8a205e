package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// wordsJob is word vectors with their sentences, ready to train.
type wordsJob struct {
	run   *wordsSettings
	name  string // of the data
	model *models.WordVectors
	task  *models.SkipGramTask
}

// sampleSentences are what words learns from without data.
func sampleSentences() []string { return datasets.Sentences(20000, 1) }

// read makes the job of the data.
func (t *wordsTraining) read(s streams) (*job, error) {
	texts, name := sampleSentences(), "generated sentences"
	if t.data != "" {
		var err error
		if texts, err = t.corpus.read(t.data); err != nil {
			return nil, err
		}
		name = t.data
	}
	t.run.Digest = digestOfTexts(texts)
	w, err := newWordsJob(&t.run, name, texts)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &job{
		settings: w.run, task: w.task, epoch: w.task.PerEpoch(), unit: "pairs", save: w.model.SaveFile,
		introduce: func() { w.introduce(s) },
		conclude:  func(train.Report) error { return t.conclude(s) },
	}, nil
}

// newWordsJob makes the vectors of the texts' words and the task of them.
func newWordsJob(run *wordsSettings, name string, texts []string) (*wordsJob, error) {
	opt := datasets.WordsOptions{Max: run.Vocab, MinCount: run.MinCount, Lower: true, NoPunct: !run.Punct}
	words, err := datasets.NewWords(opt, texts...)
	if err != nil {
		return nil, err
	}
	if err := run.affordable(words.Len()); err != nil {
		return nil, err
	}
	j := &wordsJob{run: run, name: name}
	if j.model, err = models.NewWordVectors(run.Model, words, run.Seed); err != nil {
		return nil, err
	}
	sentences, err := sentencesOf(j.model, texts)
	if err != nil {
		return nil, err
	}
	j.task, err = j.model.Task(sentences, datasets.SkipGramOptions{
		Batch: run.Batch, Window: run.Window, Negatives: run.Negatives, Sample: run.Sample, Seed: run.Seed,
	})
	return j, err
}

// affordable refuses sizes beyond all machines' memory.
func (r *wordsSettings) affordable(words int) error {
	n := network{
		Recurrent: models.Recurrent{Embed: 2 * r.Model.Width}, // two tables
		table:     words, steps: 1 + r.Negatives, rows: r.Batch,
	}
	return n.affordable("--width, --vocab, --batch or --negatives")
}

// introduce says what is trained on what.
func (j *wordsJob) introduce(s streams) {
	counts := j.model.Words.Counts()
	other, all := counts[len(counts)-1], 0
	for _, n := range counts {
		all += n
	}
	fmt.Fprintf(s.err, "%s: %d words, %d of them in the table, which has %d entries and covers %.1f %% of the text; "+
		"vectors of %d, %d parameters, %d steps of %d pairs\n",
		j.name, all, all-other, len(counts), 100*float64(all-other)/float64(all),
		j.model.Config.Width, j.model.Params.Count(), j.run.Steps, j.run.Batch)
}

// conclude shows what was learnt.
func (t *wordsTraining) conclude(s streams) error {
	m, err := models.LoadWordVectorsFile(t.out)
	if err != nil {
		return err
	}
	fmt.Fprintln(s.err, "\nnearest by cosine:")
	if err := showNeighbours(s.err, m, t.shown(m)); err != nil {
		return err
	}
	if t.data == "" {
		if err := showAnalogies(s.err, m); err != nil {
			return err
		}
	}
	fmt.Fprintf(s.err, "\ntry: demo words predict --model %s\n", t.out)
	return nil
}

// shown are a few words of the table: not the most frequent, which say little.
func (t *wordsTraining) shown(m *models.WordVectors) []string {
	if t.data == "" {
		return []string{"king", "mother", "seoul", "france"}
	}
	var words []string
	for id := min(100, m.Words.Len()/4); id < m.Words.Len()-1 && len(words) < 5; id += 1 + m.Words.Len()/40 {
		word, _ := m.Words.Word(id)
		words = append(words, word)
	}
	return words
}

// showNeighbours writes the neighbours of words.
func showNeighbours(w io.Writer, m *models.WordVectors, words []string) error {
	for _, word := range words {
		near, err := m.Neighbours(word, 5)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "  %-8s %s\n", word, nearby(near, ", "))
	}
	return nil
}

// showAnalogies writes how analogies among the generated sentences come out.
func showAnalogies(w io.Writer, m *models.WordVectors) error {
	for _, q := range [][3]string{{"king", "man", "woman"}, {"paris", "france", "korea"}, {"actress", "woman", "man"}} {
		near, err := m.Analogy(q[0], q[1], q[2], 3)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "  %s = %s\n", fmt.Sprintf("%s - %s + %s", q[0], q[1], q[2]), nearby(near, ", "))
	}
	return nil
}

// nearby is neighbours on a line.
func nearby(near []models.Neighbour, between string) string {
	parts := make([]string, len(near))
	for i, n := range near {
		parts[i] = fmt.Sprintf("%s %.2f", n.Word, n.Similarity)
	}
	return strings.Join(parts, between)
}
