package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// feedForwardScoring is what feedforward eval is told.
type feedForwardScoring struct {
	numbers
	model, data string
	json        bool
}

func feedForwardEvalCommand(s streams) *cobra.Command {
	var t feedForwardScoring
	c := &cobra.Command{
		Use:   "eval",
		Short: "Measure how well a feed-forward network answers",
		Long: `Eval answers the rows of a table, whose columns it finds by the names that the
model was trained on, and compares: RMSE and MAE in the unit of the data beside
those of the mean of the training rows; or accuracy, macro-F1 and nats of labels.`,
		Example: `  demo feedforward eval --model feedforward.safetensors --data more.csv --label price --json`,
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := need("model", t.model); err != nil {
				return err
			}
			if err := t.table.check(); err != nil {
				return err
			}
			return t.eval(s)
		},
	}
	f := c.Flags()
	f.StringVar(&t.model, "model", "", "model file, as feedforward train writes it (needed)")
	f.StringVar(&t.data, "data", "", "table of numbers; .gz is read as it is (none: points in rings)")
	f.StringVar(&t.label, "label", "", "column of what is asked for (none: as it was named in training)")
	t.table.flags(f)
	f.BoolVar(&t.json, "json", false, "print one JSON object")
	return c
}

func (t *feedForwardScoring) eval(s streams) error {
	m, err := models.LoadFeedForwardFile(t.model)
	if err != nil {
		return err
	}
	rows := sampleRings().rows
	if t.data != "" {
		if t.label == "" {
			t.label = m.Columns.Answer
		}
		t.classes = m.Columns.Unit == nil
		n, err := t.numbers.read(t.data, &questions{inputs: m.Columns.Inputs, labels: m.Columns.Labels})
		if err != nil {
			return err
		}
		rows = n.rows
	} else if m.Columns.Answer != "ring" {
		return fmt.Errorf("%s did not learn the points in rings; choose --data", t.model)
	}
	score, err := scoreFeedForward(m, rows)
	if err != nil {
		return fmt.Errorf("%s: %w", t.model, err)
	}
	if t.json {
		return json.NewEncoder(s.out).Encode(score)
	}
	score.print(s.out, m)
	return nil
}

// feedForwardScore is how well a model answers: with numbers or with labels.
type feedForwardScore struct {
	Rows     int      `json:"rows"`
	RMSE     *float64 `json:"rmse,omitempty"`
	MAE      *float64 `json:"mae,omitempty"`
	MeanRMSE *float64 `json:"mean_rmse,omitempty"` // of the training rows' mean as the only answer
	Accuracy *float64 `json:"accuracy,omitempty"`
	MacroF1  *float64 `json:"macro_f1,omitempty"`
	Nats     *float64 `json:"loss_nats,omitempty"`
}

// scoreFeedForward compares a model's answers with those of rows.
func scoreFeedForward(m *models.FeedForward, rows []datasets.Numeric) (feedForwardScore, error) {
	x := make([][]float64, len(rows))
	for i, e := range rows {
		x[i] = e.X
	}
	answers, err := m.Answers(x)
	if err != nil {
		return feedForwardScore{}, err
	}
	if m.Columns.Unit == nil {
		return scoreLabels(m, answers, rows)
	}
	return scoreNumbers(m, answers, rows)
}

func scoreNumbers(m *models.FeedForward, answers [][]float64, rows []datasets.Numeric) (s feedForwardScore, err error) {
	var p, y, mean []float64
	for i, e := range rows {
		p, y, mean = append(p, answers[i][0]), append(y, e.Y[0]), append(mean, m.Columns.Unit.Shift[0])
	}
	s = feedForwardScore{Rows: len(rows), RMSE: new(float64), MAE: new(float64), MeanRMSE: new(float64)}
	if *s.RMSE, err = train.RMSE(p, y); err != nil {
		return s, err
	}
	if *s.MAE, err = train.MAE(p, y); err != nil {
		return s, err
	}
	*s.MeanRMSE, err = train.RMSE(mean, y)
	return s, err
}

func scoreLabels(m *models.FeedForward, answers [][]float64, rows []datasets.Numeric) (feedForwardScore, error) {
	c, err := train.NewClassification(len(m.Columns.Labels), confidenceBins)
	if err != nil {
		return feedForwardScore{}, err
	}
	for i, p := range answers {
		if err := c.Add(p, rows[i].Label); err != nil {
			return feedForwardScore{}, err
		}
	}
	accuracy, f1, nats := c.Accuracy(), c.MacroF1(), c.Nats()
	return feedForwardScore{Rows: len(rows), Accuracy: &accuracy, MacroF1: &f1, Nats: &nats}, nil
}

// loss is what the best model has least of.
func (s feedForwardScore) loss() float64 {
	switch {
	case s.Nats != nil:
		return *s.Nats
	case s.RMSE != nil:
		return *s.RMSE
	}
	return 0
}

// brief is the score in two words.
func (s feedForwardScore) brief() string {
	if s.Accuracy != nil {
		return fmt.Sprintf("accuracy %.4f", *s.Accuracy)
	}
	return fmt.Sprintf("RMSE %.4g", *s.RMSE)
}

// print writes the score for people.
func (s feedForwardScore) print(w io.Writer, m *models.FeedForward) {
	if s.Accuracy != nil {
		fmt.Fprintf(w, "%d rows: accuracy %.4f, macro-F1 %.4f, %.4f nats\n", s.Rows, *s.Accuracy, *s.MacroF1, *s.Nats)
		return
	}
	fmt.Fprintf(w, "%d rows: RMSE %.4g, MAE %.4g in the unit of %s; RMSE of always the mean: %.4g\n",
		s.Rows, *s.RMSE, *s.MAE, m.Columns.Answer, *s.MeanRMSE)
}
