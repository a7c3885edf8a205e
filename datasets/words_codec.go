package datasets

import (
	"fmt"
	"strings"
)

// Encode returns the id of each word of text, as [Words] says what a word is: that of "other" if it has no entry, and
// never a special one. White space without an entry becomes a line end if it has one and that has an entry, and is left
// out otherwise. Text that is not valid UTF-8 is an error.
func (w *Words) Encode(text string) ([]int, error) {
	if at := invalidAt([]byte(text)); at >= 0 {
		return nil, fmt.Errorf("datasets: encode: %w", invalidUTF8(text, at))
	}
	var ids []int
	for token := range w.tokens(text) {
		if rank, ok := w.rank(token); ok {
			ids = append(ids, len(w.special)+rank)
		}
	}
	return ids, nil
}

// rank is the place of a token, that of "other" behind all words; ok is false for white space that is left out.
func (w *Words) rank(token string) (rank int, ok bool) {
	rank, ok = w.ranks[token]
	switch {
	case ok:
		return rank, true
	case !isSpace(token):
		return len(w.words), true
	case strings.Contains(token, "\n"):
		rank, ok = w.ranks["\n"]
		return rank, ok
	}
	return 0, false
}

// Decode returns the words of ids with the usual spacing, or the white space among ids, between them. "Other" becomes
// U+FFFD (�), and special entries are left out. An id outside [0, Len()) is an error that names its position. When this
// is the inverse of Encode is said at [Words].
func (w *Words) Decode(ids []int) (string, error) {
	var text strings.Builder
	before := "" // the word before; "" at the start and after white space
	for i, id := range ids {
		if id < 0 || id >= w.Len() {
			return "", outsideID(i, id, w.Len())
		}
		if id < len(w.special) {
			continue
		}
		word, _ := w.Word(id)
		if isSpace(word) {
			text.WriteString(word)
			before = ""
			continue
		}
		text.WriteString(w.spacing(before, word))
		text.WriteString(word)
		before = word
	}
	return text.String(), nil
}
