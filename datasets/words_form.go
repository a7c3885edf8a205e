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
type wordForm struct{ lower, noPunct, exact bool }

func (f wordForm) check() error {
	if f.noPunct && f.exact {
		return errors.New("text without its punctuation cannot be exact: set NoPunct or Exact")
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
		for part := words.FromString(text); part.Next(); {
			if isSpace(part.Value()) || f.noPunct && !hasLetter(part.Value()) {
				continue
			}
			word := f.fold(part.Value())
			if gap := text[end:part.Start()]; f.exact && gap != spacing(before, word) && !yield(gap) {
				return
			}
			if !yield(word) {
				return
			}
			before, end = word, part.End()
		}
		if f.exact && end < len(text) {
			yield(text[end:])
		}
	}
}

// spacing is the white space between two words, of which the first may be "" at the start of a text.
func spacing(before, word string) string {
	a, _ := utf8.DecodeLastRuneInString(before)
	b, _ := utf8.DecodeRuneInString(word)
	if before == "" || leansForward(a) || leansBack(b) || unicode.In(a, unspaced...) && unicode.In(b, unspaced...) {
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

// leansForward reports whether a mark is followed by the next word without a space.
func leansForward(r rune) bool {
	return strings.ContainsRune("#@¿¡/\\\"'", r) ||
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
