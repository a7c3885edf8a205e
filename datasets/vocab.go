package datasets

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// VocabOptions are the choices of [NewVocab]. The zero value keeps every rune and has no unknown entry.
type VocabOptions struct {
	MaxSize int  // most entries, the unknown one included; the rarest runes go. 0: no limit
	Unknown bool // add an entry, with the last id, for every rune that is not in the vocabulary
}

// Vocab maps runes to ids 0 ≤ id < Len(). Ids go by rank: the most frequent rune is 0, equally frequent ones follow
// their code points, and the unknown entry, if there is one, is last. A Vocab does not change and is safe for
// concurrent use. It is written and read as JSON.
type Vocab struct {
	runes   []rune       // by id; the unknown entry is not among them
	ids     map[rune]int // the inverse of runes
	unknown bool
}

// NewVocab counts the runes of all texts and ranks them. Runes beyond opt.MaxSize are left out: Encode then maps them
// to the unknown entry, or refuses them. An error means text that is empty (it wraps [ErrEmpty]) or not valid UTF-8, or
// a MaxSize without room for a rune.
func NewVocab(opt VocabOptions, texts ...string) (*Vocab, error) {
	room, err := opt.room()
	if err != nil {
		return nil, err
	}
	counts, err := countRunes(texts)
	if err != nil {
		return nil, err
	}
	runes := rankRunes(counts)
	return vocabOf(runes[:min(room, len(runes))], opt.Unknown)
}

// countRunes counts the runes of all texts, of which there has to be one.
func countRunes(texts []string) (map[rune]int, error) {
	counts := make(map[rune]int)
	for i, text := range texts {
		if !utf8.ValidString(text) {
			return nil, fmt.Errorf("datasets: vocabulary: text %d: %w", i, invalidUTF8(text, invalidAt([]byte(text))))
		}
		for _, r := range text {
			counts[r]++
		}
	}
	if len(counts) == 0 {
		return nil, fmt.Errorf("datasets: vocabulary of %d texts: %w", len(texts), ErrEmpty)
	}
	return counts, nil
}

// rankRunes returns the runes by falling counts, and equally frequent ones by their code points.
func rankRunes(counts map[rune]int) []rune {
	return slices.SortedFunc(maps.Keys(counts), func(a, b rune) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
}

// room returns how many runes the options leave space for.
func (opt VocabOptions) room() (int, error) {
	if opt.MaxSize == 0 {
		return utf8.MaxRune + 1, nil
	}
	room := opt.MaxSize
	if opt.Unknown {
		room--
	}
	if room < 1 {
		return 0, fmt.Errorf("datasets: vocabulary: MaxSize %d (unknown entry: %t) has no room for a rune",
			opt.MaxSize, opt.Unknown)
	}
	return room, nil
}

// vocabOf makes the vocabulary in which runes[id] has that id, and refuses repeated runes.
func vocabOf(runes []rune, unknown bool) (*Vocab, error) {
	v := &Vocab{runes: slices.Clone(runes), ids: make(map[rune]int, len(runes)), unknown: unknown}
	for id, r := range v.runes {
		if first, ok := v.ids[r]; ok {
			return nil, fmt.Errorf("datasets: vocabulary: rune %q (%U) is entry %d and entry %d", r, r, first, id)
		}
		v.ids[r] = id
	}
	return v, nil
}

// Len is the number of entries, the unknown one included.
func (v *Vocab) Len() int {
	if v.unknown {
		return len(v.runes) + 1
	}
	return len(v.runes)
}

// Unknown returns the id of the unknown entry, always Len()-1; ok is false, and the id -1, if there is none.
func (v *Vocab) Unknown() (id int, ok bool) {
	if !v.unknown {
		return -1, false
	}
	return len(v.runes), true
}

// ID returns the id of r. If the vocabulary does not have r, ok is false and the id is the unknown entry's, or -1.
func (v *Vocab) ID(r rune) (id int, ok bool) {
	if id, ok = v.ids[r]; ok {
		return id, true
	}
	id, _ = v.Unknown()
	return id, false
}

// Rune returns the rune of id. For the unknown entry, and for ids outside [0, Len()), ok is false and the rune U+FFFD.
func (v *Vocab) Rune(id int) (r rune, ok bool) {
	if id < 0 || id >= len(v.runes) {
		return utf8.RuneError, false
	}
	return v.runes[id], true
}

// Encode returns the id of each rune of text. A rune that the vocabulary does not have becomes the unknown entry; if
// there is none the error is an [*UnknownRuneError]. Text that is not valid UTF-8 is an error in either case.
func (v *Vocab) Encode(text string) ([]int, error) {
	ids := make([]int, 0, utf8.RuneCountInString(text))
	for at, r := range text {
		if r == utf8.RuneError && !strings.HasPrefix(text[at:], string(utf8.RuneError)) {
			return nil, fmt.Errorf("datasets: encode: %w", invalidUTF8(text, at))
		}
		id, ok := v.ID(r)
		if !ok && !v.unknown {
			line, column := lineColumn(text, at)
			return nil, &UnknownRuneError{Rune: r, Offset: at, Line: line, Column: column, Runes: len(v.runes)}
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// Decode returns the text of ids, the inverse of Encode; the unknown entry becomes U+FFFD (�). An id outside
// [0, Len()) is an error that names its position.
func (v *Vocab) Decode(ids []int) (string, error) {
	var text strings.Builder
	text.Grow(len(ids))
	for i, id := range ids {
		if id < 0 || id >= v.Len() {
			return "", outsideID(i, id, v.Len())
		}
		r, _ := v.Rune(id)
		text.WriteRune(r)
	}
	return text.String(), nil
}
