package svg

import (
	"math"
	"strconv"
	"strings"
	"unicode"
)

// Fonts have Latin and Korean letters on the usual systems, as a value of
// font-family.
const Fonts = `"Noto Sans", "Noto Sans CJK KR", "Malgun Gothic", "Apple SD Gothic Neo", sans-serif`

// Width is a bound on the width of s, in pixels, for letters of a size in the
// wider of the common sans-serif fonts. East Asian letters are about twice as
// wide as Latin ones.
func Width(s string, size float64) float64 {
	em := 0.0
	for _, r := range s {
		em += runeWidth(r)
	}
	return em * size
}

// runeWidth is in em.
func runeWidth(r rune) float64 {
	switch {
	case unicode.Is(unicode.Mn, r):
		return 0
	case r >= 0x1100 && unicode.In(r, unicode.Hangul, unicode.Han, unicode.Hiragana, unicode.Katakana):
		return 1
	case strings.ContainsRune("mwMW@%", r):
		return 1
	case strings.ContainsRune("ijlI|.,:;'!()[] ", r):
		return 0.4
	case r < 0x250 && unicode.IsUpper(r):
		return 0.76
	case r >= 0x2000:
		return 1.1
	}
	return 0.64
}

// Fit shortens s in the middle until it is no wider than width; the end, which
// in a path says more, keeps two thirds.
func Fit(s string, width, size float64) string {
	if Width(s, size) <= width {
		return s
	}
	rs := []rune(s)
	for n := min(len(rs)-1, int(2*width/size)+1); n > 1; n-- {
		head := n / 3
		short := string(rs[:head]) + "…" + string(rs[len(rs)-(n-head):])
		if Width(short, size) <= width {
			return short
		}
	}
	return "…"
}

// Px is a length with one decimal at most.
func Px(x float64) string {
	return strconv.FormatFloat(math.Round(x*10)/10+0, 'f', -1, 64) // + 0: never -0
}

// Escape makes s the text of an element or of an attribute; a new line becomes
// a space.
func Escape(s string) string { return escapes.Replace(Printable(s)) }

var escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\n", " ")

// Printable replaces what XML cannot hold by U+FFFD: control characters but the
// new line, and bytes that are not UTF-8.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || (r >= ' ' && r != 0x7f && r != 0xfffe && r != 0xffff) {
			return r
		}
		return '\uFFFD'
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
