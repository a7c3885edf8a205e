package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/models"
)

// translateAnswering is what translate predict is told.
type translateAnswering struct {
	model   string
	how     models.Translating
	sample  bool
	random  models.Sampling
	picture string
	json    bool
}

func translatePredictCommand(s streams) *cobra.Command {
	t := translateAnswering{}
	c := &cobra.Command{
		Use:   "predict",
		Short: "Translate texts from standard input",
		Long: `Predict reads texts, one a line from standard input, and writes the translation
of each in a line. With --nbest it writes several, each behind its score: log p of
its tokens, in nats, divided by the length penalty ((5+n)/6)^penalty. With
--attention it draws, for the first text, where the decoder has looked when it
wrote each token.`,
		Example: `  demo translate predict --model en-fr.safetensors
  demo translate predict --model en-fr.safetensors --beam 5 --nbest 3
  demo translate predict --model en-fr.safetensors --attention looks.svg
  demo translate predict --model en-fr.safetensors --sample --temperature 0.7`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := need("model", t.model); err != nil {
				return err
			}
			for _, name := range []string{"temperature", "top-p", "seed"} {
				if cmd.Flags().Changed(name) && !t.sample {
					return usagef("--%s goes with --sample", name)
				}
			}
			if err := checkSearch(t.how.Beam, t.how.Best, t.how.Penalty); err != nil {
				return err
			}
			if t.picture != "" {
				if err := writable("--attention", t.picture, t.model); err != nil {
					return err
				}
			}
			return t.predict(s)
		},
	}
	f := c.Flags()
	f.StringVar(&t.model, "model", "", "model file, as translate train writes it (needed)")
	f.IntVar(&t.how.Beam, "beam", 1, "width of the search (1: greedy)")
	f.IntVar(&t.how.Best, "nbest", 1, "translations of each text, at most --beam")
	f.Float64Var(&t.how.Penalty, "penalty", 1, "length penalty of the search (0: none)")
	f.IntVar(&t.how.Longest, "longest", 0, "most tokens of a translation, its end included (0: as the model was trained)")
	f.BoolVar(&t.how.Copy, "copy", false, "write the source's word where the model knows none")
	f.BoolVar(&t.sample, "sample", false, "draw --beam translations instead of looking for the likeliest")
	f.Float64Var(&t.random.Temperature, "temperature", 1, "of drawing: below 1 sharper, above 1 flatter")
	f.Float64Var(&t.random.TopP, "top-p", 1, "draw from the most probable tokens that make up this part")
	f.Uint64Var(&t.random.Seed, "seed", 1, "seed of drawing")
	f.StringVar(&t.picture, "attention", "", "SVG file: where the decoder looked for the first text (none: no picture)")
	f.BoolVar(&t.json, "json", false, "write a JSON object a line, with all translations")
	return c
}

func (t *translateAnswering) predict(s streams) error {
	m, err := models.LoadTranslatorFile(t.model)
	if err != nil {
		return err
	}
	if t.sample {
		t.how.Sampling = &t.random
	}
	t.how.Looks = t.picture != ""
	out := bufio.NewWriter(s.out)
	err = eachLine(s.in, func(texts []string) error { return t.answer(m, texts, out) })
	return errors.Join(err, out.Flush())
}

// answer writes a line for each translation, at once.
func (t *translateAnswering) answer(m *models.Translator, texts []string, out *bufio.Writer) error {
	all, err := m.Translate(t.how, texts...)
	if err != nil {
		return fmt.Errorf("%s: %w", t.model, err)
	}
	if t.picture != "" && len(all) > 0 {
		if err := drawLooks(t.picture, all[0][0]); err != nil {
			return err
		}
		t.picture, t.how.Looks = "", false // of the first text alone
	}
	for i, results := range all {
		if t.json {
			if err := json.NewEncoder(out).Encode(translationsOf(texts[i], results)); err != nil {
				return err
			}
			continue
		}
		for _, r := range results {
			if t.how.Best > 1 {
				fmt.Fprintf(out, "%.4f\t", r.Score)
			}
			fmt.Fprintln(out, r.Text)
		}
	}
	return out.Flush()
}

// translations are those of one text as JSON.
type translations struct {
	Text         string              `json:"text"`
	Translations []translationReport `json:"translations"`
}

type translationReport struct {
	Text  string  `json:"text"`
	LogP  float64 `json:"log_p"`
	Score float64 `json:"score"`
	Ended bool    `json:"ended"`
}

func translationsOf(text string, results []models.Translation) translations {
	out := translations{Text: text}
	for _, r := range results {
		out.Translations = append(out.Translations, translationReport{r.Text, r.LogP, r.Score, r.Ended})
	}
	return out
}
