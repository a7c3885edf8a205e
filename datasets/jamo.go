package datasets

import (
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Jamo is a vocabulary in which a Hangul syllable is spelled by its two or three letters, the conjoining jamo: 한 is ᄒ ᅡ ᆫ.
// Every other rune is a token of its own. All 67 jamo are in it, whatever the text, so that 67 entries spell all 11,172
// syllables. A Jamo does not change and is safe for concurrent use. It is written and read as JSON.
//
// Text is in Unicode's form NFC inside and out; other text is normalised first. Decode(Encode(text)) is the NFC of text, and so
// it is text if text is in NFC and all its runes have entries. Compatibility jamo, as in ㅋㅋㅋ, are runes like others. (NFC is
// that of golang.org/x/text/unicode/norm, which puts U+034F into runs of more than 30 combining marks.)
//
// A syllable S is put together by arithmetic (The Unicode Standard, section 3.12):
//
//	S = 0xAC00 + (L·21 + V)·28 + T      L, V, T: places among the 19 initials, 21 vowels, 27 finals; T is 0 for none
type Jamo struct{ vocab Vocab }

var _ Tokenizer = (*Jamo)(nil)

const (
	syllable0, syllables = 0xAC00, initials * vowels * (finals + 1)
	initial0, initials   = 0x1100, 19
	vowel0, vowels       = 0x1161, 21
	final0, finals       = 0x11A7, 27 // final0 is the place of no final; the finals follow it
	allJamo              = initials + vowels + finals
)

// NewJamo counts the jamo and the other runes of all texts and ranks them as [NewVocab] does. With opt.MaxSize the jamo
// stay and the rarest other runes go. Errors are those of NewVocab, and a MaxSize without room for the jamo.
func NewJamo(opt VocabOptions, texts ...string) (*Jamo, error) {
	room, err := opt.room()
	if err != nil {
		return nil, err
	}
	if room < allJamo {
		return nil, fmt.Errorf("datasets: vocabulary: MaxSize %d (unknown entry: %t) has no room for the %d jamo",
			opt.MaxSize, opt.Unknown, allJamo)
	}
	composed := make([]string, len(texts))
	for i, text := range texts {
		if composed[i] = text; utf8.ValidString(text) { // what is not is refused below, at its own offset
			composed[i] = norm.NFC.String(text)
		}
	}
	counts, err := countRunes(composed)
	if err != nil {
		return nil, err
	}
	vocab, err := vocabOf(withJamo(counts, room), opt.Unknown)
	if err != nil {
		return nil, err
	}
	return &Jamo{*vocab}, nil
}

// withJamo ranks all jamo and the most frequent other runes, room in all, by the counts of runes and syllables.
func withJamo(counts map[rune]int, room int) []rune {
	spelt := make(map[rune]int, len(counts)+allJamo)
	for _, first := range []struct{ jamo, n rune }{{initial0, initials}, {vowel0, vowels}, {final0 + 1, finals}} {
		for i := range first.n {
			spelt[first.jamo+i] = 0
		}
	}
	for whole, count := range counts {
		parts, n := spell(whole)
		for _, r := range parts[:n] {
			spelt[r] += count
		}
	}
	left := room - allJamo // for other runes
	var kept []rune
	for _, r := range rankRunes(spelt) {
		if partOf(r) == noJamo {
			if left == 0 {
				continue
			}
			left--
		}
		kept = append(kept, r)
	}
	return kept
}

// Len is the number of entries, the unknown one included.
func (j *Jamo) Len() int { return j.vocab.Len() }

// Unknown returns the id of the unknown entry, always Len()-1; ok is false, and the id -1, if there is none.
func (j *Jamo) Unknown() (id int, ok bool) { return j.vocab.Unknown() }

// ID returns the id of a jamo or another rune, as [Vocab.ID] does. Syllables have none.
func (j *Jamo) ID(r rune) (id int, ok bool) { return j.vocab.ID(r) }

// Rune returns the jamo or other rune of id, as [Vocab.Rune] does.
func (j *Jamo) Rune(id int) (r rune, ok bool) { return j.vocab.Rune(id) }

// Encode returns the ids of the runes of text in NFC, two or three for each Hangul syllable. A rune that the vocabulary
// does not have becomes the unknown entry; if there is none the error is an [*UnknownRuneError], whose place is that in
// the NFC of text. Text that is not valid UTF-8 is an error.
func (j *Jamo) Encode(text string) ([]int, error) {
	if at := invalidAt([]byte(text)); at >= 0 {
		return nil, fmt.Errorf("datasets: encode: %w", invalidUTF8(text, at))
	}
	text = norm.NFC.String(text)
	ids := make([]int, 0, len(text))
	for at, whole := range text {
		parts, n := spell(whole)
		for _, r := range parts[:n] {
			id, ok := j.vocab.ID(r)
			if !ok && !j.vocab.unknown {
				line, column := lineColumn(text, at)
				return nil, &UnknownRuneError{Rune: r, Offset: at, Line: line, Column: column, Runes: len(j.vocab.runes)}
			}
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// Decode returns the text of ids in NFC, jamo put together to syllables; jamo that make none stay as they are, and the
// unknown entry becomes U+FFFD (�). An id outside [0, Len()) is an error that names its position.
func (j *Jamo) Decode(ids []int) (string, error) {
	text, err := j.vocab.Decode(ids)
	if err != nil {
		return "", err
	}
	return norm.NFC.String(text), nil // NFC puts jamo together
}

// spell returns the n parts that spell r: the jamo of a Hangul syllable, or r itself.
func spell(r rune) (parts [3]rune, n int) {
	s := r - syllable0
	if s < 0 || s >= syllables {
		return [3]rune{r}, 1
	}
	n = 3
	if s%(finals+1) == 0 {
		n = 2
	}
	lv := s / (finals + 1)
	return [3]rune{initial0 + lv/vowels, vowel0 + lv%vowels, final0 + s%(finals+1)}, n
}

// jamoKind tells the JSON of Jamo from that of other tokenisers.
const jamoKind = "jamo"

// MarshalJSON writes the vocabulary as {"kind":"jamo","runes":"ᅡᆫᄒ...","unknown":true}, the runes in the order of their
// ids. The zero value is an error.
func (j Jamo) MarshalJSON() ([]byte, error) { return j.vocab.marshal(jamoKind) }

// UnmarshalJSON reads what MarshalJSON writes. The data need not be trusted: errors, which leave j as it was, are those of
// [Vocab.UnmarshalJSON], a jamo that is missing and a Hangul syllable.
func (j *Jamo) UnmarshalJSON(data []byte) error {
	var v Vocab
	if err := v.unmarshal(data, jamoKind); err != nil {
		return err
	}
	found := 0
	for _, r := range v.runes {
		if _, n := spell(r); n > 1 {
			return fmt.Errorf("datasets: jamo JSON: rune %q (%U) is a syllable", r, r)
		}
		if partOf(r) != noJamo {
			found++
		}
	}
	if found < allJamo {
		return fmt.Errorf("datasets: jamo JSON: %d of the %d jamo are missing", allJamo-found, allJamo)
	}
	j.vocab = v
	return nil
}
