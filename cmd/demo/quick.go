package main

import (
	"context"
	"fmt"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// quick is the demo without arguments: a small LSTM, a small text, a minute.
func quick(ctx context.Context, s streams, lang string) error {
	text, name, prime, other := datasets.English(), "a built-in English text", "The ", "ko"
	switch lang {
	case "en":
	case "ko":
		text, name, prime, other = datasets.Korean(), "a built-in Korean text", "할아버지", "en"
	default:
		return usagef("--lang must be en or ko, got %q", lang)
	}
	run := usualChars()
	run.Model.Hidden, run.Model.Layers, run.Model.Dropout = 256, 2, 0.4
	run.Batch, run.Rate, run.Steps = 16, 4e-3, 1200
	c, err := newCharsJob(&run, text)
	if err != nil {
		return err
	}
	c.introduce(s, name)
	j := c.job()
	p := newProgress(s.err, j)
	loop := run.loop(j, p)
	loop.ValidEvery = run.Steps / 8
	ctx, done := interruptible(ctx, s.err)
	report, err := loop.Run(ctx)
	done()
	p.end()
	if err != nil {
		return err
	}
	if report.Interrupted {
		fmt.Fprintf(s.err, "interrupted after step %d; this is how it writes so far\n", report.Steps)
	}
	return sample(s, c.model, prime, other)
}

// sample writes with the model, and says what to try next, such as the other language.
func sample(s streams, m *models.CharLM, prime, other string) error {
	g, err := m.Generator(models.Sampling{Temperature: 0.5, Seed: 1})
	if err != nil {
		return err
	}
	fmt.Fprintln(s.err, "\n400 characters in its manner:")
	written, err := g.Text(prime, 400)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(s.out, prime+written); err != nil {
		return err
	}
	fmt.Fprintf(s.err, `
What to try next:
  demo --lang %s                                            the same in the other language
  demo chars train --data your.txt --out your.safetensors   your own text
  demo chars generate --model your.safetensors --prime "Once " --temperature 0.8
`, other)
	return nil
}
