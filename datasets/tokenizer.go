package datasets

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ErrEmpty is wrapped by the errors for a text without a single rune.
var ErrEmpty = errors.New("empty text")

// Tokenizer maps text to ids 0 ≤ id < Len() and back. It is what models and training need of a vocabulary. Here are
// [Vocab] for runes, [Bytes], [Words], and [Jamo] for the letters of Hangul; [MarshalTokenizer] stores any of them.
// Implementations are safe for concurrent use.
type Tokenizer interface {
	// Encode returns one id per token of text, or an error that names the place which has no id.
	Encode(text string) ([]int, error)
	// Decode is the inverse of Encode, as far as the tokeniser's type says; an id outside [0, Len()) is an error.
	Decode(ids []int) (string, error)
	// Len is the number of ids, the V of a model.
	Len() int
}

var _ Tokenizer = (*Vocab)(nil)

// UnknownRuneError is the error of [Vocab.Encode] for a rune that the vocabulary does not have.
type UnknownRuneError struct {
	Rune   rune
	Offset int // in bytes from the start of the text
	Line   int // from 1
	Column int // in runes, from 1
	Runes  int // runes in the vocabulary
}

// Error names the rune, its code point, its place and the size of the vocabulary.
func (e *UnknownRuneError) Error() string {
	return fmt.Sprintf("datasets: encode: rune %q (%U) at byte %d (line %d, column %d) is not in the vocabulary of %d runes",
		e.Rune, e.Rune, e.Offset, e.Line, e.Column, e.Runes)
}

// lineColumn returns the line and the column, both from 1, of the byte at offset; columns count runes.
func lineColumn(text string, offset int) (line, column int) {
	before := text[:offset]
	line = 1 + strings.Count(before, "\n")
	column = 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	return line, column
}

// invalidAt returns the offset of the first byte of text that is not part of a valid UTF-8 encoding, or -1.
func invalidAt(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	at := 0
	for {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size <= 1 {
			return at
		}
		at += size
	}
}

// invalidUTF8 is the error for a text whose byte at offset is not valid UTF-8.
func invalidUTF8(text string, offset int) error {
	line, column := lineColumn(text, offset)
	return fmt.Errorf("byte %d (line %d, column %d): invalid UTF-8 (0x%02x)", offset, line, column, text[offset])
}
