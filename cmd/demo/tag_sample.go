package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// tagSamples are the names of the generated tasks.
func tagSamples() []string { return []string{"dates", "brackets"} }

// sampleBrackets are the brackets of the task of that name.
func sampleBrackets() datasets.Brackets { return datasets.Brackets{Depth: 6, Min: 10, Max: 60} }

// sampleTagged are n texts of a generated task.
func sampleTagged(name string, n int, seed uint64) ([]datasets.Sentence, error) {
	if name == "brackets" {
		return sampleDepths(n, seed)
	}
	dates, names := datasets.KoreanDates{}, datasets.KoreanDates{}.Names()
	texts, err := dates.Sentences(n, seed)
	all := make([]datasets.Sentence, len(texts))
	for i, t := range texts {
		all[i] = datasets.Sentence{Line: i + 1, Tokens: strings.Split(t.Text, "")}
		for _, label := range t.Labels {
			all[i].Labels = append(all[i].Labels, names[label])
		}
	}
	return all, err
}

// sampleDepths are n strings of brackets with their depths.
func sampleDepths(n int, seed uint64) ([]datasets.Sentence, error) {
	drawn, err := sampleBrackets().Examples(n, seed)
	all := make([]datasets.Sentence, len(drawn))
	for i, e := range drawn {
		all[i] = datasets.Sentence{Line: i + 1, Tokens: strings.Split(sampleBrackets().Text(e.IDs), "")}
		for _, depth := range e.Labels {
			all[i].Labels = append(all[i].Labels, fmt.Sprint(depth))
		}
	}
	return all, err
}

// sampleUnlabelled are texts that the generators do not make.
func sampleUnlabelled(name string) []string {
	if name == "brackets" {
		return []string{"((x))x()", "(((((())))))", "x(x(x(x(x)x)x)x)x"}
	}
	return []string{
		"우리는 1999년 12월 31일에 만났다.",
		"다음 모임은 5월 5일(일) 오후 3시, 회비는 3만 원.",
		"보고서는 이천이십사년 시월 구일까지 2부 내 주세요.",
	}
}

// showTags shows what the model makes of texts that are new to it.
func showTags(w io.Writer, m *models.Tagger, name string) error {
	fmt.Fprintln(w, "\ntexts that the generator does not make:")
	for _, text := range sampleUnlabelled(name) {
		tags, err := m.Tag(m.Config.Cut(text)...)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "  %s\n   ", text)
		if name == "brackets" {
			for _, t := range tags {
				fmt.Fprint(w, t.Label)
			}
		} else {
			fmt.Fprint(w, " ", strings.Join(spans(tags, ""), ", "))
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w)
	return nil
}

// spans are runs of tokens with one label, as "label: text", but for the label
// that is called other.
func spans(tags []models.Tag, between string) []string {
	var out []string
	for i := 0; i < len(tags); {
		end := i + 1
		text := tags[i].Token
		for end < len(tags) && tags[end].Label == tags[i].Label {
			text += between + tags[end].Token
			end++
		}
		if tags[i].Label != "other" {
			out = append(out, tags[i].Label+": "+text)
		}
		i = end
	}
	return out
}
