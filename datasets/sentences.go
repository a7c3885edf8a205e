package datasets

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"strings"
)

// Sentence is tokens with a label for each, as text.
type Sentence struct {
	Line   int // of the file, where it begins
	Tokens []string
	Labels []string // [len(Tokens)]
}

// maxSentence bounds the tokens of a sentence.
const maxSentence = 1 << 20

// ReadSentences reads the form that the shared tasks of CoNLL have made usual (Tjong Kim Sang and De Meulder 2003): a token
// and its label a line, a line that is empty, or blank, between sentences:
//
//	3	month
//	월	month
//
//	내	other
//
// Columns are separated by tabs or, in a line without a tab, by spaces; the first is the token, the last the label, and
// those between are passed over. In a line with tabs the token may be a space. Gzip, byte order marks and line ends are
// those of [ReadTable].
//
// Errors name the file and the line: a line with one column alone; an empty label or token; a token or label longer than
// [MaxCategory]; a sentence of more than 2^20 tokens; invalid UTF-8; more than [DefaultLimit] bytes, counted after
// decompression; and whatever r or gzip report. An error is the end.
func ReadSentences(r io.Reader, name string) iter.Seq2[Sentence, error] {
	return func(yield func(Sentence, error) bool) {
		t := &Table{name: name}
		if err := t.opt.fill(); err != nil {
			yield(Sentence{}, err)
			return
		}
		var err error
		if t.lines, err = newLineReader(r, t.opt); err != nil {
			yield(Sentence{}, fmt.Errorf("datasets: %s: %w", name, err))
			return
		}
		for {
			s, err := t.sentence()
			if len(s.Tokens) > 0 && (err == nil || err == io.EOF) && !yield(s, nil) {
				return
			}
			if err != nil && err != io.EOF {
				yield(Sentence{}, err)
			}
			if err != nil {
				return
			}
		}
	}
}

// sentence reads up to an empty line; the last comes with io.EOF.
func (t *Table) sentence() (Sentence, error) {
	var s Sentence
	for {
		line, err := t.line()
		if err != nil || len(bytes.TrimSpace(line)) == 0 {
			return s, err
		}
		token, label, err := tokenAndLabel(string(line))
		if err == nil && len(s.Tokens) == maxSentence {
			err = fmt.Errorf("%w: more than %d tokens without an empty line", ErrTooLarge, maxSentence)
		}
		if err != nil {
			return s, fmt.Errorf("datasets: %s: line %d: %w", t.name, t.lines.number, err)
		}
		if len(s.Tokens) == 0 {
			s.Line = t.lines.number
		}
		s.Tokens, s.Labels = append(s.Tokens, token), append(s.Labels, label)
	}
}

// tokenAndLabel are the first and the last column of a line.
func tokenAndLabel(line string) (token, label string, err error) {
	cells := strings.Split(line, "\t")
	if len(cells) == 1 {
		cells = strings.Fields(line)
	}
	if len(cells) < 2 {
		return "", "", fmt.Errorf("got %s, wanted a token, a tab and a label", shortened(line))
	}
	token, label = cells[0], strings.TrimSpace(cells[len(cells)-1])
	if token == "" || label == "" {
		return "", "", fmt.Errorf("got token %s and label %s, wanted neither empty", shortened(token), shortened(label))
	}
	if len(token) > MaxCategory || len(label) > MaxCategory {
		return "", "", fmt.Errorf("got token %s and label %s, wanted at most %d bytes each", shortened(token), shortened(label), MaxCategory)
	}
	return token, label, nil
}
