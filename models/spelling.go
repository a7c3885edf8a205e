package models

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/unroll-go/unroll/datasets"
)

// spelling makes text of the tokens that a generator draws, and says which may be
// drawn next. It gives whole pieces: characters, Hangul syllables that are complete,
// words with the space before them.
type spelling struct {
	tokens datasets.Tokenizer
	banned []int    // the entries that stand for no text: unknown, special
	runes  []string // Vocab: each entry as text

	state datasets.JamoState // of Jamo
	open  []int              // Jamo and Bytes: tokens that no piece has had yet
	last  []int              // Words: the token before, none at first
	space bool               // Words: the text before ends with white space
}

func newSpelling(tokens datasets.Tokenizer) *spelling {
	s := &spelling{tokens: tokens}
	if v, ok := tokens.(*datasets.Vocab); ok {
		for id := range v.Len() {
			r, _ := v.Rune(id)
			s.runes = append(s.runes, string(r))
		}
	}
	if t, ok := tokens.(*datasets.Words); ok {
		for id := range t.Len() {
			if _, ok := t.Word(id); !ok {
				s.banned = append(s.banned, id)
			}
		}
	} else if id, ok := unknownOf(tokens); ok {
		s.banned = append(s.banned, id)
	}
	return s
}

// begin goes to the end of a text that others have written, whose last syllable
// stays as it is.
func (s *spelling) begin(text string, ids []int) {
	if len(ids) == 0 {
		return
	}
	s.state, s.open = 0, s.open[:0]
	s.last = append(s.last[:0], ids[len(ids)-1])
	r, _ := utf8.DecodeLastRuneInString(text)
	s.space = unicode.IsSpace(r) && r != '\n'
}

// forbid bans the tokens that may not come next: those that stand for no text, those
// that would leave a syllable without its vowel, those that are not UTF-8.
func (s *spelling) forbid(logits []float32) {
	none := float32(math.Inf(-1))
	for _, id := range s.banned {
		logits[id] = none
	}
	switch t := s.tokens.(type) {
	case *datasets.Jamo:
		for id := range logits {
			if !t.Allows(s.state, id) {
				logits[id] = none
			}
		}
	case datasets.Bytes:
		for id := range logits {
			if !s.allowsByte(byte(id)) {
				logits[id] = none
			}
		}
	}
}

// allowsByte reports whether the open bytes with b are UTF-8, or may become so.
func (s *spelling) allowsByte(b byte) bool {
	var buf [utf8.UTFMax + 1]byte
	text := append(bytesOf(buf[:0], s.open), b)
	if !utf8.FullRune(text) {
		return true
	}
	r, size := utf8.DecodeRune(text)
	return size == len(text) && (r != utf8.RuneError || size > 1)
}

func bytesOf(to []byte, ids []int) []byte {
	for _, id := range ids {
		to = append(to, byte(id))
	}
	return to
}

// write takes a token and returns the piece that is whole now, "" if none is.
func (s *spelling) write(id int) (string, error) {
	switch t := s.tokens.(type) {
	case *datasets.Vocab: // nothing is allocated
		return s.runes[id], nil
	case *datasets.Jamo:
		return s.jamo(t, id)
	case datasets.Bytes:
		s.open = append(s.open, id)
		if !utf8.FullRune(bytesOf(nil, s.open)) {
			return "", nil
		}
		text, err := t.Decode(s.open)
		s.open = s.open[:0]
		return text, err
	}
	return s.word(id)
}

// jamo closes the syllable before when a token begins another piece: until then a
// final might still follow.
func (s *spelling) jamo(t *datasets.Jamo, id int) (string, error) {
	s.state = t.Next(s.state, id)
	var before []int
	if t.Allows(datasets.JamoState(0), id) { // neither a vowel nor a final
		before, s.open = s.open, nil
	}
	s.open = append(s.open, id)
	return t.Decode(before)
}

// word is the token with the spacing before it.
func (s *spelling) word(id int) (string, error) {
	before, err := s.tokens.Decode(s.last)
	if err != nil {
		return "", err
	}
	s.last = append(s.last, id)
	text, err := s.tokens.Decode(s.last)
	if err != nil {
		return "", err
	}
	s.last = append(s.last[:0], id)
	piece := strings.TrimPrefix(text, before)
	if s.space {
		piece = strings.TrimPrefix(piece, " ")
	}
	s.space = s.space && piece == ""
	return piece, nil
}
