package models

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
)

// WriteText writes the vectors in the text format of word2vec, which gensim and
// others read: a line with the number of words and of numbers, then a line for each
// word, the most frequent first: the word and its numbers. Only the vectors of words
// are in it, not those of words as neighbours.
func (m *WordVectors) WriteText(w io.Writer) error {
	var ids []int
	for id := range m.Words.Len() {
		word, ok := m.Words.Word(id)
		if ok && strings.ContainsFunc(word, unicode.IsSpace) {
			return fmt.Errorf("models: the word %.80q has white space, which the text format cannot hold", word)
		}
		if ok {
			ids = append(ids, id)
		}
	}
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%d %d\n", len(ids), m.Config.Width)
	for _, id := range ids {
		word, _ := m.Words.Word(id)
		out.WriteString(word)
		for _, x := range m.row(id) {
			out.WriteByte(' ')
			out.Write(strconv.AppendFloat(out.AvailableBuffer(), float64(x), 'g', -1, 32))
		}
		out.WriteByte('\n')
	}
	return out.Flush()
}

// The bounds of a file in the text format.
const (
	maxTextWords = 1 << 22
	maxTextWord  = 1 << 10 // bytes
)

// ReadWordVectors reads what WriteText or word2vec writes. Words are what white space separates;
// their counts are not in the file and are 0. The vectors of words as neighbours
// are not there either and begin as 0, so that training can go on, from the
// words' own. Files are untrusted: errors, which wrap ErrFormat, name the line.
func ReadWordVectors(r io.Reader) (*WordVectors, error) {
	t := textReader{in: bufio.NewReader(r)}
	m, err := t.read()
	if err != nil && !errors.Is(err, errRead) {
		err = fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if err != nil {
		return nil, fmt.Errorf("models: line %d: %w", t.line, err)
	}
	return m, nil
}

// errRead is wrapped by errors of the reader, which say nothing of the format.
var errRead = errors.New("read")

// textReader reads the text format, a field at a time.
type textReader struct {
	in   *bufio.Reader
	line int // from 1
}

func (t *textReader) read() (*WordVectors, error) {
	V, D, err := t.header()
	if err != nil {
		return nil, err
	}
	c := WordVectorsConfig{Width: D}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if V < 1 || V > maxTextWords {
		return nil, fmt.Errorf("1 to %d words wanted, got %d", maxTextWords, V)
	}
	var words []string
	var table []float32 // grows with what was read, not with what the header claims
	for range V {
		t.line++
		word, err := t.field(maxTextWord)
		if err != nil {
			return nil, err
		}
		words = append(words, word)
		for k := range D {
			x, err := t.number()
			if err != nil {
				return nil, fmt.Errorf("number %d of %d: %w", k+1, D, err)
			}
			table = append(table, x)
		}
	}
	return vectorsOf(c, words, append(table, make([]float32, D)...))
}

// header reads the first line.
func (t *textReader) header() (words, width int, err error) {
	t.line = 1
	for _, n := range []*int{&words, &width} {
		text, err := t.field(20)
		if err != nil {
			return 0, 0, err
		}
		if *n, err = strconv.Atoi(text); err != nil {
			return 0, 0, fmt.Errorf("the number of words and of numbers wanted, got %q", text)
		}
	}
	return words, width, nil
}

func (t *textReader) number() (float32, error) {
	text, err := t.field(64)
	if err != nil {
		return 0, err
	}
	x, err := strconv.ParseFloat(text, 32)
	if err != nil || !finite(x) {
		return 0, fmt.Errorf("a finite number wanted, got %q", text)
	}
	return float32(x), nil
}

// field reads what comes before the next white space, at most so many bytes.
func (t *textReader) field(most int) (string, error) {
	var b []byte
	for {
		c, err := t.in.ReadByte()
		switch {
		case err == io.EOF && len(b) == 0:
			return "", io.ErrUnexpectedEOF
		case err != nil && err != io.EOF:
			return "", fmt.Errorf("%w: %w", errRead, err)
		case err == io.EOF, (c == ' ' || c == '\t' || c == '\n' || c == '\r') && len(b) > 0:
			if !utf8.Valid(b) {
				return "", fmt.Errorf("%.80q is not valid UTF-8", b)
			}
			return string(b), nil
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			// before the field
		case len(b) == most:
			return "", fmt.Errorf("%.80q.. is longer than %d bytes", b, most)
		default:
			b = append(b, c)
		}
	}
}

// vectorsOf are vectors of words and a table [V, D], the last row of which is
// that of "other".
func vectorsOf(c WordVectorsConfig, words []string, table []float32) (*WordVectors, error) {
	text, err := json.Marshal(map[string]any{"kind": "words", "words": words, "counts": make([]int, len(words)), "other": 0, "fields": true})
	if err != nil {
		return nil, err
	}
	tokens, err := datasets.UnmarshalTokenizer(text)
	if err != nil {
		return nil, err
	}
	V := len(words) + 1
	params := graph.NewParams(0)
	if err := params.Put("in/E", []int{V, c.Width}, table); err != nil {
		return nil, err
	}
	if err := params.Put("out/E", []int{V, c.Width}, make([]float32, len(table))); err != nil {
		return nil, err
	}
	return newWordVectors(c, tokens.(*datasets.Words), params)
}
