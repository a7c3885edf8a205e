package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// forecastJob is a forecaster with its series, ready to train.
type forecastJob struct {
	run        *forecastSettings
	name       string  // of the data
	all        moments // to train on, then to validate on, then to test on
	fit, valid int     // moments of the first two parts
	model      *models.Forecaster
	held       []datasets.Numeric // windows that end in the second
	task       *models.BatchTask[datasets.Numeric]
}

// read makes the job of the data.
func (t *forecastTraining) read(s streams) (*job, error) {
	if t.picture != "" {
		if err := writable("--picture", t.picture, t.data); err != nil {
			return nil, err
		}
	}
	f := &forecastJob{run: &t.run, name: t.data}
	if f.name == "" {
		f.name = "generated sales"
	}
	if err := t.split(f); err != nil {
		return nil, err
	}
	t.run.Digest = digestOfSeries(f.all.Series)
	if err := f.build(); err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	j := f.job()
	j.introduce = func() { f.introduce(s) }
	j.conclude = func(report train.Report) error { return t.conclude(s, f, report) }
	return j, nil
}

// split reads the data and says which moments are held back.
func (t *forecastTraining) split(f *forecastJob) error {
	if t.data == "" {
		f.all = sampleSales()
	} else if err := t.load(f); err != nil {
		return err
	}
	n := f.all.Len()
	test := t.test.of(n)
	valid := t.val.of(n)
	for _, more := range []struct {
		h     *stretch
		count *int
	}{{&t.val, &valid}, {&t.test, &test}} {
		if more.h.file == "" {
			continue
		}
		m, err := t.seriesTable.read(more.h.file, f.all.Names, t.run.Model.Log)
		if err != nil {
			return fmt.Errorf("--%s: %w", more.h.name, err)
		}
		f.all.Values = append(f.all.Values, m.Values...)
		f.all.times = append(f.all.times, m.times...)
		*more.count = m.Len()
	}
	f.fit, f.valid = f.all.Len()-valid-test, valid
	if f.fit < 1 {
		return fmt.Errorf("%s: --val and --test leave %d of %d moments to train on, at least 1 wanted", f.name, max(f.fit, 0), f.all.Len())
	}
	return nil
}

// load reads the table of the data.
func (t *forecastTraining) load(f *forecastJob) error {
	cats, err := t.categories(t.data, t.run.Cat)
	if err != nil {
		return err
	}
	f.all, err = t.seriesTable.read(t.data, slices.Concat([]string{t.run.Value}, t.run.With, cats), t.run.Model.Log)
	return err
}

// digestOfSeries is the SHA-256 of a series.
func digestOfSeries(s *datasets.Series) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q", s.Names)
	_ = binary.Write(h, binary.LittleEndian, s.Values) // a hash takes all
	return fmt.Sprintf("%x", h.Sum(nil))
}

// build makes the model, the task and the windows to validate on.
func (f *forecastJob) build() error {
	r := f.run
	size := network{
		Recurrent: r.Model.Recurrent, table: f.all.D() + 1, answers: (1 + len(r.Model.Quantiles)) * r.Model.Horizon,
		everyStep: r.Model.EveryStep, steps: min(r.Model.Window, f.fit), rows: r.Batch,
	}
	if err := size.affordable("--hidden, --layers, --window or --batch"); err != nil {
		return err
	}
	fit := f.all.Head(f.fit)
	var err error
	if f.model, err = models.NewForecaster(r.Model, fit, r.Seed); err != nil {
		return err
	}
	f.task, err = f.model.Task(fit, models.ForecasterTraining{Batch: r.Batch, Seed: r.Seed, Stride: r.Stride})
	if err != nil || f.valid == 0 {
		return err
	}
	f.held, err = f.model.Windows(f.all.Head(f.fit+f.valid), f.fit, 0, 1)
	if err != nil {
		return fmt.Errorf("--val: %w", err)
	}
	return nil
}

// job is what following the training needs to know.
func (f *forecastJob) job() *job {
	j := &job{
		settings: f.run, task: f.task, epoch: f.task.PerEpoch(), unit: "windows",
		apart: len(f.held) / (2 * f.run.Batch), save: f.model.SaveFile,
	}
	if len(f.held) > 0 {
		j.validate = func() (float64, error) {
			if err := f.model.Calibrate(f.held); err != nil {
				return 0, err
			}
			return f.model.Loss(f.held)
		}
	}
	return j
}

// introduce says what is trained on what.
func (f *forecastJob) introduce(s streams) {
	c, m := f.run.Model, f.model
	fmt.Fprintf(s.err, "%s: %d moments of %s", f.name, f.all.Len(), listed(m.Names))
	if n := f.all.Missing(); n > 0 {
		fmt.Fprintf(s.err, ", %d values are missing", n)
	}
	fmt.Fprintf(s.err, "; %d to train on, %d held back for validation, %d for the test at the end\n",
		f.fit, f.valid, f.all.Len()-f.fit-f.valid)
	fmt.Fprintf(s.err, "%d layer(s) of %s %d correct the base %s from windows of %d, %d ahead; %d parameters, %d steps of %d\n",
		c.Layers, c.Cell, c.Hidden, c.Base, c.Window, c.Horizon, m.Params.Count(), f.run.Steps, f.run.Batch)
}

// conclude measures the model that was kept where it was not trained.
func (t *forecastTraining) conclude(s streams, f *forecastJob, report train.Report) error {
	m, err := models.LoadForecasterFile(t.out)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.err, "%s: the model after step %d\n", t.out, bestStep(report))
	from, to, use := f.fit+f.valid, f.all.Len(), "test"
	if from == to {
		from, use = f.fit, "held back"
	}
	if from == to {
		from, use = 0, "trained on"
	}
	w, err := walkForward(m, f.all, from)
	if err != nil {
		return fmt.Errorf("%s: %w", f.name, err)
	}
	fmt.Fprintf(s.err, "%s: ", use)
	w.print(s.err)
	if t.picture != "" {
		if err := w.draw(t.picture); err != nil {
			return err
		}
		fmt.Fprintf(s.err, "%s: the picture\n", t.picture)
	}
	fmt.Fprintf(s.err, "try: demo forecast predict --model %s\n", t.out)
	return nil
}
