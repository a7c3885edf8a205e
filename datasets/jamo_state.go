package datasets

// JamoState is how far the Hangul syllable at the end of a text is spelled. The zero value is that of an empty text. A
// model that draws only tokens which [Jamo.Allows], and keeps the state by [Jamo.Next], spells complete syllables.
type JamoState uint8

const (
	noneOpen  JamoState = iota // no syllable is open
	needVowel                  // after an initial
	mayEnd                     // after a vowel, that a final may follow
)

// Complete reports whether the text may end: its last syllable has a vowel.
func (s JamoState) Complete() bool { return s != needVowel }

// Allows reports whether the token id may follow: only a vowel after an initial, a vowel nowhere else, and a final only
// after initial and vowel. There is always one that may. What lies outside [0, Len()) may not, and the unknown entry may
// wherever a rune may that is not a jamo.
func (j *Jamo) Allows(s JamoState, id int) bool {
	if id < 0 || id >= j.Len() {
		return false
	}
	r, _ := j.vocab.Rune(id)
	switch partOf(r) {
	case vowel:
		return s == needVowel
	case final:
		return s == mayEnd
	}
	return s != needVowel
}

// Next returns the state after the token id, be it allowed or not.
func (j *Jamo) Next(s JamoState, id int) JamoState {
	r, _ := j.vocab.Rune(id)
	switch part := partOf(r); {
	case part == initial:
		return needVowel
	case part == vowel && s == needVowel:
		return mayEnd
	}
	return noneOpen
}

// State returns the state after a text of tokens.
func (j *Jamo) State(ids []int) JamoState {
	var s JamoState
	for _, id := range ids[max(0, len(ids)-2):] { // no syllable is open for longer
		s = j.Next(s, id)
	}
	return s
}

// jamoPart is the part of a syllable that a rune is.
type jamoPart uint8

const (
	noJamo jamoPart = iota
	initial
	vowel
	final
)

// partOf returns which of the 67 jamo r is; those of old Hangul, which make no syllables, are not among them.
func partOf(r rune) jamoPart {
	switch {
	case r >= initial0 && r < initial0+initials:
		return initial
	case r >= vowel0 && r < vowel0+vowels:
		return vowel
	case r > final0 && r <= final0+finals:
		return final
	}
	return noJamo
}
