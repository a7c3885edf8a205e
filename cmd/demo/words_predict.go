package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/models"
)

// wordsAnswering is what words predict is told.
type wordsAnswering struct {
	model         string
	number        int
	analogy, json bool
}

func wordsPredictCommand(s streams) *cobra.Command {
	var t wordsAnswering
	c := &cobra.Command{
		Use:   "predict",
		Short: "Find the neighbours of words, or solve analogies",
		Long: `Predict reads words, one a line from standard input, and writes for each a line
with the words whose vectors are nearest, and the cosines. With --analogy a line is
three words a b c, and the answer what is nearest to a - b + c. A word that has no
vector is answered with a question mark.`,
		Example: `  demo words predict --model words.safetensors
  demo words predict --model words.safetensors --analogy --json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := need("model", t.model); err != nil {
				return err
			}
			if t.number < 1 {
				return usagef("--number must be at least 1, got %d", t.number)
			}
			return t.predict(s)
		},
	}
	f := c.Flags()
	f.StringVar(&t.model, "model", "", "model file, as words train writes it (needed)")
	f.IntVar(&t.number, "number", 8, "neighbours of a word")
	f.BoolVar(&t.analogy, "analogy", false, "a line is three words a b c: a is to b as the answer is to c")
	f.BoolVar(&t.json, "json", false, "write a JSON object a line")
	return c
}

func (t *wordsAnswering) predict(s streams) error {
	m, err := models.LoadWordVectorsFile(t.model)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(s.out)
	n := 0
	err = eachLine(s.in, func(lines []string) error {
		for _, line := range lines {
			n++
			if err := t.answer(m, line, out); err != nil {
				return fmt.Errorf("standard input: line %d: %w", n, err)
			}
		}
		return out.Flush()
	})
	return errors.Join(err, out.Flush())
}

// answer writes the line for a line.
func (t *wordsAnswering) answer(m *models.WordVectors, line string, out *bufio.Writer) error {
	words := strings.Fields(line)
	want := 1
	if t.analogy {
		want = 3
	}
	if len(words) != want {
		return fmt.Errorf("%d word(s) wanted, got %d", want, len(words))
	}
	var near []models.Neighbour
	var err error
	if t.analogy {
		near, err = m.Analogy(words[0], words[1], words[2], t.number)
	} else {
		near, err = m.Neighbours(words[0], t.number)
	}
	var unknown *models.UnknownWordError
	if err != nil && !errors.As(err, &unknown) {
		return err
	}
	return t.write(words, near, unknown, out)
}

// write writes an answer: neighbours, or a word that has no vector.
func (t *wordsAnswering) write(words []string, near []models.Neighbour, unknown *models.UnknownWordError, out *bufio.Writer) error {
	if t.json {
		answer := struct {
			Words   []string           `json:"words"`
			Unknown string             `json:"unknown,omitempty"`
			Nearest []models.Neighbour `json:"nearest"`
		}{Words: words, Nearest: near}
		if unknown != nil {
			answer.Unknown = unknown.Word
		}
		return json.NewEncoder(out).Encode(answer)
	}
	text := nearby(near, "\t")
	if unknown != nil {
		text = "?\t" + sentence(unknown)
	}
	_, err := fmt.Fprintf(out, "%s\t%s\n", strings.Join(words, " "), text)
	return err
}
