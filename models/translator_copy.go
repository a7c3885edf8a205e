package models

import (
	"strings"
	"unicode/utf8"

	"github.com/unroll-go/unroll/datasets"
)

// unknownOf is the id that stands for all that a tokenizer does not know; ok is
// false if it has none.
func unknownOf(t datasets.Tokenizer) (id int, ok bool) {
	if u, is := t.(interface{ Unknown() (int, bool) }); is {
		return u.Unknown()
	}
	return 0, false
}

// replacement is what Decode writes for what is unknown.
const replacement = "\uFFFD"

// copyUnknown puts words of the source in place of unknown ones.
func (m *Translator) copyUnknown(t *Translation) error {
	unknown, ok := unknownOf(m.Target)
	if !ok {
		return nil
	}
	parts := strings.Split(t.Text, replacement)
	var b strings.Builder
	for step, id := range t.IDs {
		if id != unknown || len(parts) < 2 {
			continue
		}
		word := t.copied(step)
		b.WriteString(parts[0] + word)
		parts, t.TargetText[step] = parts[1:], word
	}
	t.Text = b.String() + strings.Join(parts, replacement)
	return nil
}

// copied is the source's token at which step has looked most, but for its end.
func (t *Translation) copied(step int) string {
	looks := t.Looks[step][:len(t.SourceText)-1]
	if len(looks) == 0 {
		return replacement
	}
	return t.SourceText[argMax(looks)]
}

// piecesOf are the texts of the tokens of a text, one for each id; what is no
// token of the tokenizer, as the end, has none.
func piecesOf(t datasets.Tokenizer, text string, ids []int) []string {
	pieces := make([]string, len(ids))
	if _, ok := t.(*datasets.Vocab); ok { // a rune each, also those that have no entry
		for i, r := range []rune(text)[:min(len(ids), utf8.RuneCountInString(text))] {
			pieces[i] = string(r)
		}
		return tail(t, pieces, ids)
	}
	if cutter, ok := t.(interface {
		Pieces(text string) ([]string, error)
	}); ok {
		if all, err := cutter.Pieces(text); err == nil && len(all) >= len(ids)-1 {
			copy(pieces, all[:min(len(all), len(ids))])
			return tail(t, pieces, ids)
		}
	}
	return textsOf(t, ids)
}

// textsOf are the texts of tokens one by one.
func textsOf(t datasets.Tokenizer, ids []int) []string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		if text, err := t.Decode([]int{id}); err == nil {
			texts[i] = text
		}
	}
	return texts
}

// tail takes the text of tokens that are none.
func tail(t datasets.Tokenizer, pieces []string, ids []int) []string {
	for i, id := range ids {
		if id >= t.Len() {
			pieces[i] = ""
		}
	}
	return pieces
}
