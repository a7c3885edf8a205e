package datasets

import (
	"slices"
	"strconv"
	"strings"
)

// EmojiBase is what the variants of an emoji have in common, written as code points: "1f3c3" (person running) for
// "1f3c3_1f3fd_200d_2642" (man running: medium skin tone). Code points are hexadecimal, joined by "_", "-" or spaces, with
// or without "U+". It leaves out, so that all variants of a base are one key for [HoldOutBy],
//
//   - skin tones (U+1F3FB to U+1F3FF), hair (U+1F9B0 to U+1F9B3) and variation selectors (U+FE0E, U+FE0F),
//   - the signs of gender (U+2640, U+2642) and of direction (U+27A1) behind a joiner (U+200D),
//
// and takes man, woman and person for one, whatever their hair and beard, also as children, elders, royalty, Santa, dancers,
// couples and families, and as the first part of a joined emoji: "1f469_1f3fc_200d_1f52c" (woman scientist) is
// "1f9d1_200d_1f52c" (scientist). What has nothing else, and what is no list of code points, gives itself in lower case.
func EmojiBase(codepoints string) string {
	text := strings.ToLower(codepoints)
	points := strings.FieldsFunc(text, func(r rune) bool { return r == '_' || r == '-' || r == ' ' })
	var parts []string // between joiners
	var part []string
	for _, p := range append(points, joiner) {
		x, err := strconv.ParseUint(strings.TrimPrefix(p, "u+"), 16, 32)
		if err != nil {
			return text
		}
		switch p = strconv.FormatUint(x, 16); {
		case p == joiner:
			if len(part) > 0 && !(len(parts) > 0 && isSign(part)) {
				parts = append(parts, person(strings.Join(part, "_")))
			}
			part = nil
		case !isModifier(p):
			part = append(part, p)
		}
	}
	if len(parts) == 0 {
		return text
	}
	return together(parts)
}

const joiner = "200d"

// isModifier reports whether a code point changes the looks of the one before it.
func isModifier(point string) bool {
	return slices.Contains([]string{
		"1f3fb", "1f3fc", "1f3fd", "1f3fe", "1f3ff", "1f9b0", "1f9b1", "1f9b2", "1f9b3", "fe0e", "fe0f",
	}, point)
}

// isSign reports whether a joined part is a sign of gender or direction.
func isSign(part []string) bool {
	return len(part) == 1 && slices.Contains([]string{"2640", "2642", "27a1"}, part[0])
}

// person is the emoji of neither gender for those of men and women.
func person(point string) string {
	switch point {
	case "1f468", "1f469", "1f471", "1f9d4": // man, woman; person with blond hair, with a beard
		return "1f9d1"
	case "1f466", "1f467": // boy, girl: child
		return "1f9d2"
	case "1f474", "1f475": // older person
		return "1f9d3"
	case "1f934", "1f478": // prince, princess: person with crown
		return "1fac5"
	case "1f385", "1f936": // Santa, Mrs Claus: Mx Claus
		return "1f9d1_200d_1f384"
	case "1f57a": // man dancing
		return "1f483"
	case "1f930", "1fac3": // pregnant person
		return "1fac4"
	case "1f46c", "1f46d": // men, women holding hands
		return "1f46b"
	}
	return point
}

// together joins parts, and gives the couples and families that are spelled out the code point that stands for them.
func together(parts []string) string {
	all := strings.Join(parts, "_200d_")
	switch all {
	case "1f9d1_200d_1f91d_200d_1f9d1":
		return "1f46b"
	case "1f9d1_200d_2764_200d_1f48b_200d_1f9d1":
		return "1f48f"
	case "1f9d1_200d_2764_200d_1f9d1":
		return "1f491"
	case "1faf1_200d_1faf2": // handshake of two tones
		return "1f91d"
	}
	people := !slices.ContainsFunc(parts, func(p string) bool { return p != "1f9d1" && p != "1f9d2" })
	if people && len(parts) > 1 {
		return "1f46a"
	}
	return all
}
