package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/models"
)

// charsProbing is what chars probe is told.
type charsProbing struct {
	model, data, glob string
	last              float64
	units             int
	inside            int
	routes            bool
	near              string
	json              bool
}

func charsProbeCommand(s streams) *cobra.Command {
	var t charsProbing
	c := &cobra.Command{
		Use:   "probe",
		Short: "Look inside a model while it reads a text",
		Long: `Probe reads a text and prints what the model's cells did: how often each gate was shut (below 0.05) or
open (above 0.95) and how many units never changed; the units that follow a feature of the text,
such as quotes or the position in the line, chosen on the first half of the text and tried on the second; and,
with --inside N, the gradient of the surprise at character N + 1 of the text, taken apart by time step, and how
far back the state is felt.`,
		Example: `  demo chars probe --model book.safetensors --data book.txt --last 0.1
  demo chars probe --model book.safetensors --data book.txt --units 0 --inside 50 --routes`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return t.run(s) },
	}
	f := c.Flags()
	f.StringVar(&t.model, "model", "", "model file, as chars train writes it (needed)")
	f.StringVar(&t.data, "data", "", "text file, or a directory of them; .gz is read as it is (needed)")
	f.StringVar(&t.glob, "glob", "*.txt", "which files of a directory to read")
	f.Float64Var(&t.last, "last", 1, "read only this part of the text, at its end; training holds back the last 0.1")
	f.IntVar(&t.units, "units", 2, "units to print for each feature (0: none, nor gates)")
	f.IntVar(&t.inside, "inside", 0, "characters over which to take the gradient apart (0: not at all)")
	f.BoolVar(&t.routes, "routes", false, "with --inside, also by what the gradient came through (h, c)")
	f.StringVar(&t.near, "near", "", "print the characters whose embeddings are nearest to each of these (none: no table)")
	f.BoolVar(&t.json, "json", false, "print one JSON object")
	return c
}

// probed is what chars probe found.
type probed struct {
	Gates  []models.GateStats            `json:"gates,omitempty"`
	Units  []models.Found                `json:"units,omitempty"`
	Near   map[string][]models.Neighbour `json:"near,omitempty"`
	inside *models.Inside
}

func (t *charsProbing) check() error {
	if err := need("model", t.model); err != nil {
		return err
	}
	if err := need("data", t.data); err != nil {
		return err
	}
	switch {
	case !(t.last > 0 && t.last <= 1):
		return usagef("--last must be in (0, 1], got %v", t.last)
	case t.units < 0:
		return usagef("--units must be 0 or more, got %d", t.units)
	case t.inside < 0:
		return usagef("--inside must be 0 or more, got %d", t.inside)
	case t.routes && t.inside == 0:
		return usagef("--routes needs --inside")
	case t.inside > 0 && t.json:
		return usagef("--inside prints a table, which --json has not")
	}
	return nil
}

func (t *charsProbing) run(s streams) error {
	if err := t.check(); err != nil {
		return err
	}
	m, err := models.LoadCharLMFile(t.model)
	if err != nil {
		return err
	}
	text, err := loadText(t.data, t.glob)
	if err != nil {
		return err
	}
	runes := []rune(text)
	runes = runes[len(runes)-int(math.Ceil(t.last*float64(len(runes)))):]
	if _, err := m.Vocab.Encode(string(runes)); err != nil {
		return unreadable(t.data, err)
	}
	found, err := t.find(m, runes)
	if err != nil {
		return err
	}
	if t.json {
		return json.NewEncoder(s.out).Encode(found)
	}
	return found.print(s)
}

func (t *charsProbing) find(m *models.CharLM, runes []rune) (p probed, err error) {
	if t.units > 0 {
		if err := t.watch(m, string(runes), &p); err != nil {
			return p, fmt.Errorf("%s: %w", t.data, err)
		}
	}
	for _, r := range t.near {
		if p.Near == nil {
			p.Near = map[string][]models.Neighbour{}
		}
		if p.Near[string(r)], err = m.Neighbours(string(r), 5); err != nil {
			return p, fmt.Errorf("--near: %w", err)
		}
	}
	if t.inside > 0 {
		start := string(runes[:min(t.inside+1, len(runes))])
		if p.inside, err = m.LookInside(start, models.Look{Routes: t.routes}); err != nil {
			return p, fmt.Errorf("--inside %d: %w", t.inside, err)
		}
	}
	return p, nil
}

// watch finds gates and units.
func (t *charsProbing) watch(m *models.CharLM, text string, p *probed) (err error) {
	if p.Gates, err = m.Gates(text); err != nil {
		return err
	}
	for _, g := range p.Gates {
		if math.IsNaN(g.Mean) || math.IsInf(g.Mean, 0) {
			return fmt.Errorf("the model's values of %s are not finite", g.Name)
		}
	}
	p.Units, err = m.FindUnits(text, t.units, models.TextFeatures()...)
	return err
}

func (p probed) print(s streams) error {
	var b strings.Builder
	for _, g := range p.Gates {
		fmt.Fprintln(&b, g)
	}
	for _, u := range p.Units {
		fmt.Fprintln(&b, u)
	}
	for _, token := range slices.Sorted(maps.Keys(p.Near)) {
		fmt.Fprintf(&b, "%q:", token)
		for _, n := range p.Near[token] {
			fmt.Fprintf(&b, "  %q %.2f", n.Word, n.Similarity)
		}
		fmt.Fprintln(&b)
	}
	if p.inside != nil {
		b.WriteString(p.inside.String())
	}
	_, err := fmt.Fprint(s.out, b.String())
	return err
}
