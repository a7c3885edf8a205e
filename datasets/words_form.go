package datasets

import (
	"errors"
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
)

// wordForm says what the tokens of a text are.
type wordForm struct{ fields, apostrophes, lower, noPunct, exact bool }

func (f wordForm) check() error {
	switch {
	case f.noPunct && f.exact:
		return errors.New("text without its punctuation cannot be exact: set NoPunct or Exact")
	case f.fields && f.apostrophes:
		return errors.New("words between white space keep their apostrophes: set Fields or Apostrophes")
	}
	return nil
}

// fold returns the word as the vocabulary has it.
func (f wordForm) fold(word string) string {
	if f.lower {
		return strings.ToLower(word)
	}
	return word
}

// tokens yields the words of text in order and, if exact, between them the white space, "" included, where it is not the
// usual spacing.
func (f wordForm) tokens(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		before, end := "", 0 // the word before, and where it ends
		for start, part := range f.parts(text) {
			word := f.fold(part)
			if gap := text[end:start]; f.exact && gap != f.spacing(before, word) && !yield(gap) {
				return
			}
			if !yield(word) {
				return
			}
			before, end = word, start+len(part)
		}
		if f.exact && end < len(text) {
			yield(text[end:])
		}
	}
}

// parts yields where the words of text start and what they are there.
func (f wordForm) parts(text string) iter.Seq2[int, string] {
	split := boundaries
	switch {
	case f.fields:
		split = fields
	case f.apostrophes:
		split = apart
	}
	return func(yield func(int, string) bool) {
		for start, part := range split(text) {
			if !isSpace(part) && (!f.noPunct || hasLetter(part)) && !yield(start, part) {
				return
			}
		}
	}
}

// boundaries cuts text at the word boundaries of UAX #29.
func boundaries(text string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for part := words.FromString(text); part.Next() && yield(part.Start(), part.Value()); {
		}
	}
}

// apart cuts text at word boundaries and around the apostrophes within words; around white space too, since to UAX #29 the
// narrow space before a French question mark is part of the word before it.
func apart(text string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for start, part := range boundaries(text) {
			for {
				at := strings.IndexFunc(part, func(r rune) bool { return isApostrophe(r) || unicode.IsSpace(r) })
				if at < 0 {
					break
				}
				if at == 0 { // it is the next part itself
					_, at = utf8.DecodeRuneInString(part)
				}
				if at == len(part) {
					break
				}
				if !yield(start, part[:at]) {
					return
				}
				start, part = start+at, part[at:]
			}
			if !yield(start, part) {
				return
			}
		}
	}
}

// isApostrophe reports whether a rune is an apostrophe, straight or typographic.
func isApostrophe(r rune) bool { return r == '\'' || r == '’' }

// fields cuts text at its white space.
func fields(text string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		start := 0
		for part := range strings.FieldsSeq(text) {
			start += strings.Index(text[start:], part)
			if !yield(start, part) {
				return
			}
			start += len(part)
		}
	}
}

// spacing is the usual white space between two words, of which the first is "" at the start of a text.
func (f wordForm) spacing(before, word string) string {
	a, _ := utf8.DecodeLastRuneInString(before)
	b, _ := utf8.DecodeRuneInString(word)
	switch {
	case before == "":
		return ""
	case f.fields:
		return " "
	case leansForward(a), leansBack(b), f.apostrophes && isApostrophe(a), unicode.In(a, unspaced...) && unicode.In(b, unspaced...):
		return ""
	}
	return " "
}

// leansBack reports whether a mark follows the word before it without a space.
func leansBack(r rune) bool {
	switch r {
	case '#', '@', '&', '*', '¿', '¡', utf8.RuneError:
		return false
	case '~':
		return true
	}
	return unicode.In(r, unicode.Pe, unicode.Pf, unicode.Pd, unicode.Pc, unicode.Po, unicode.So, unicode.Sk)
}

// leansForward reports whether a mark is followed by the next word without a space. Marks as wide as an ideograph hold
// their own.
func leansForward(r rune) bool {
	wide := r >= '\u3001' && r <= '\u303F' || r >= '\uFF01' && r <= '\uFF65' && !unicode.IsLetter(r)
	return wide || strings.ContainsRune("#@¿¡/\\\"'", r) ||
		unicode.In(r, unicode.Ps, unicode.Pi, unicode.Pd, unicode.Pc, unicode.Sc)
}

// unspaced are scripts that have no spaces between words.
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

// isSpace reports whether s is white space and nothing else; "" is.
func isSpace(s string) bool { return strings.TrimSpace(s) == "" }

// hasLetter reports whether s has a letter or a digit.
func hasLetter(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}
