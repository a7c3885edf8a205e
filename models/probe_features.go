package models

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// TextFeature is a property of a text, token by token, that a unit may have learnt to follow.
type TextFeature struct {
	Name string

	// Of gives a number for each token, of what is known once that token has been read; NaN leaves
	// the token out.
	Of func(tokens []string) []float64
}

// TextFeatures are some that have been found in networks before (Karpathy, Johnson and Fei-Fei
// 2015) and some of Hangul. By their names:
//
//   - in quotes, see [InQuotes]
//   - in brackets: how many are open, at most 5
//   - position in line, see [LinePosition]
//   - capital letter, after a space, punctuation: 1 if the token begins with a capital letter, white space,
//     a punctuation mark, else 0
//   - vowel: 1 for a e i o u, 0 for other Latin letters
//   - final consonant: 1 if a Hangul syllable has one, else 0
//   - bright vowel: 1 if a Hangul syllable has ㅏ ㅑ ㅗ or ㅛ, else 0
//
// What one of the last three says nothing of (other tokens), and a token that stands for no text, is left out.
func TextFeatures() []TextFeature {
	return []TextFeature{
		{"in quotes", InQuotes},
		{"in brackets", inBrackets},
		{"position in line", LinePosition},
		{"capital letter", each(firstIs(unicode.IsUpper))},
		{"after a space", each(firstIs(unicode.IsSpace))},
		{"vowel", each(vowel)},
		{"punctuation", each(firstIs(unicode.IsPunct))},
		{"final consonant", each(finalConsonant)},
		{"bright vowel", each(brightVowel)},
	}
}

// InQuotes is 1 inside double quotes and 0 outside: "..." in turns, “...” and 「...」 by their
// sides. A line without a closing quote ends it at an empty line.
func InQuotes(tokens []string) []float64 {
	in, breaks := 0.0, 0
	return walk(tokens, func(r rune) float64 {
		switch r {
		case '"':
			in = 1 - in
		case '“', '「', '『':
			in = 1
		case '”', '」', '』':
			in = 0
		}
		if r != '\n' {
			breaks = 0
		} else if breaks++; breaks > 1 {
			in = 0
		}
		return in
	})
}

// inBrackets is how many round, square or curly brackets are open, at most 5.
func inBrackets(tokens []string) []float64 {
	depth := 0
	return walk(tokens, func(r rune) float64 {
		switch {
		case strings.ContainsRune("([{", r):
			depth = min(depth+1, 5)
		case strings.ContainsRune(")]}", r):
			depth = max(depth-1, 0)
		}
		return float64(depth)
	})
}

// LinePosition is how many characters have been read since the last line break.
func LinePosition(tokens []string) []float64 {
	at := 0
	return walk(tokens, func(r rune) float64 {
		if at++; r == '\n' {
			at = 0
		}
		return float64(at)
	})
}

// walk gives each token what f gives its last character.
func walk(tokens []string, f func(r rune) float64) []float64 {
	out := make([]float64, len(tokens))
	last := 0.0
	for i, token := range tokens {
		for _, r := range token {
			last = f(r)
		}
		out[i] = last
	}
	return out
}

// each is a property of every token by itself.
func each(f func(token string) float64) func(tokens []string) []float64 {
	return func(tokens []string) []float64 {
		out := make([]float64, len(tokens))
		for i, token := range tokens {
			out[i] = f(token)
		}
		return out
	}
}

// firstIs is a property of a token's first character; tokens that stand for no text are left out.
func firstIs(f func(r rune) bool) func(token string) float64 {
	return func(token string) float64 {
		r, size := utf8.DecodeRuneInString(token)
		if size == 0 {
			return math.NaN()
		}
		return truth(f(r))
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// vowel is of Latin letters; other tokens are left out.
func vowel(token string) float64 {
	r, _ := utf8.DecodeRuneInString(strings.ToLower(token))
	if r < 'a' || r > 'z' {
		return math.NaN()
	}
	return truth(strings.ContainsRune("aeiou", r))
}

// syllable takes a Hangul syllable apart: the numbers of its vowel and of its final consonant, 0
// for none.
func syllable(token string) (v, final int, ok bool) {
	r, _ := utf8.DecodeRuneInString(token)
	if r < '가' || r > '힣' {
		return 0, 0, false
	}
	return int(r-'가') / 28 % 21, int(r-'가') % 28, true
}

// finalConsonant is of Hangul syllables; other tokens are left out.
func finalConsonant(token string) float64 {
	_, final, ok := syllable(token)
	if !ok {
		return math.NaN()
	}
	return truth(final > 0)
}

// brightVowel is 1 for ㅏ ㅑ ㅗ ㅛ; other tokens than Hangul syllables are left out.
func brightVowel(token string) float64 {
	v, _, ok := syllable(token)
	if !ok {
		return math.NaN()
	}
	return truth(v == 0 || v == 2 || v == 8 || v == 12)
}
