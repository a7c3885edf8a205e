package datasets_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/unroll-go/unroll/datasets"
)

func jamoOf(t testing.TB, opt datasets.VocabOptions, texts ...string) *datasets.Jamo {
	t.Helper()
	j, err := datasets.NewJamo(opt, texts...)
	require.NoError(t, err)
	return j
}

// spelling returns the runes of the ids.
func spelling(j *datasets.Jamo, ids []int) string {
	var s strings.Builder
	for _, id := range ids {
		r, _ := j.Rune(id)
		s.WriteRune(r)
	}
	return s.String()
}

// Each of the 11,172 syllables is spelled as the Unicode Standard decomposes it, and comes back.
func TestJamoSpellsAllSyllables(t *testing.T) {
	j := jamoOf(t, datasets.VocabOptions{}, "x")
	assert.Equal(t, 68, j.Len())
	for r := rune(0xAC00); r <= 0xD7A3; r++ {
		ids, err := j.Encode(string(r))
		require.NoError(t, err)
		require.Equal(t, norm.NFD.String(string(r)), spelling(j, ids))
		text, err := j.Decode(ids)
		require.NoError(t, err)
		require.Equal(t, string(r), text)
	}
}

func TestJamoEncode(t *testing.T) {
	j := jamoOf(t, datasets.VocabOptions{}, "한글 ㅋㅋ é")
	for text, want := range map[string]string{
		"한글":              "\u1112\u1161\u11AB\u1100\u1173\u11AF",
		"가나 ㅋ":            "\u1100\u1161\u1102\u1161 ㅋ",
		"\u1112\u1161가":   "\u1112\u1161\u1100\u1161", // not in NFC
		"e\u0301":         "é",
		"\u1112\u1112가":   "\u1112\u1112\u1100\u1161", // jamo that make no syllable
		"가\u11AB각\u11AB나": "\u1100\u1161\u11AB\u1100\u1161\u11A8\u11AB\u1102\u1161",
		"":                "",
	} {
		ids, err := j.Encode(text)
		require.NoError(t, err)
		assert.Equal(t, want, spelling(j, ids))
		got, err := j.Decode(ids)
		require.NoError(t, err)
		assert.Equal(t, norm.NFC.String(text), got)
	}
}

func TestJamoRanks(t *testing.T) {
	j := jamoOf(t, datasets.VocabOptions{MaxSize: 70, Unknown: true}, "나나 나비xxy z")
	assert.Equal(t, 70, j.Len())
	var all []int
	for id := range j.Len() {
		all = append(all, id)
	}
	assert.True(t, strings.HasPrefix(spelling(j, all), "\u1102\u1161 x\u1107\u1175\u1100"), "%q", spelling(j, all))
	assert.True(t, strings.HasSuffix(spelling(j, all), "\u11C2\uFFFD"))
	ids, err := j.Encode("y나")
	require.NoError(t, err)
	assert.Equal(t, []int{69, 0, 1}, ids)
	id, ok := j.Unknown()
	assert.True(t, ok)
	assert.Equal(t, 69, id)
	id, ok = j.ID('ᄂ')
	assert.True(t, ok)
	assert.Equal(t, 0, id)
	_, ok = j.ID('나')
	assert.False(t, ok, "a syllable is no token")
}

func TestJamoErrors(t *testing.T) {
	_, err := datasets.NewJamo(datasets.VocabOptions{})
	assert.ErrorIs(t, err, datasets.ErrEmpty)
	_, err = datasets.NewJamo(datasets.VocabOptions{}, "가", "\u1100\u1161\xff")
	assert.EqualError(t, err, "datasets: vocabulary: text 1: byte 6 (line 1, column 3): invalid UTF-8 (0xff)")
	_, err = datasets.NewJamo(datasets.VocabOptions{MaxSize: 67, Unknown: true}, "가")
	assert.ErrorContains(t, err, "MaxSize 67 (unknown entry: true) has no room for the 67 jamo")
	_, err = datasets.NewJamo(datasets.VocabOptions{MaxSize: -1}, "가")
	assert.ErrorContains(t, err, "MaxSize -1")

	j := jamoOf(t, datasets.VocabOptions{}, "가")
	_, err = j.Encode("나\n각x")
	var unknown *datasets.UnknownRuneError
	require.ErrorAs(t, err, &unknown)
	assert.Equal(t, datasets.UnknownRuneError{Rune: '\n', Offset: 3, Line: 1, Column: 2, Runes: 67}, *unknown)
	_, err = j.Encode("가\xff")
	assert.ErrorContains(t, err, "byte 3 (line 1, column 2): invalid UTF-8 (0xff)")
	_, err = j.Decode([]int{0, 67})
	assert.ErrorContains(t, err, "decode: position 1: id 67")
}

func TestJamoAllows(t *testing.T) {
	j := jamoOf(t, datasets.VocabOptions{Unknown: true}, "xㅋ\u1113")
	id := func(r rune) int { id, _ := j.ID(r); return id }
	tests := []struct {
		text               string
		L, V, T, other     bool
		complete, spelling bool
	}{
		{text: "", L: true, other: true, complete: true},
		{text: "x", L: true, other: true, complete: true},
		{text: "\u1100", V: true},
		{text: "가", L: true, T: true, other: true, complete: true},
		{text: "각", L: true, other: true, complete: true},
		{text: "각\u11A8", L: true, other: true, complete: true},
		{text: "가x", L: true, other: true, complete: true},
		{text: "x\u1161", L: true, other: true, complete: true},
		{text: "\u1100\u1100", V: true},
	}
	for _, tt := range tests {
		ids, err := j.Encode(tt.text)
		require.NoError(t, err)
		s := j.State(ids)
		var stepped datasets.JamoState
		for _, id := range ids {
			stepped = j.Next(stepped, id)
		}
		assert.Equal(t, s, stepped)
		assert.Equal(t, tt.complete, s.Complete(), "%q", tt.text)
		for r, want := range map[rune]bool{'ᄀ': tt.L, 'ᅵ': tt.V, 'ᇂ': tt.T, 'x': tt.other, 'ㅋ': tt.other, '\u1113': tt.other} {
			assert.Equal(t, want, j.Allows(s, id(r)), "%q after %q", r, tt.text)
		}
		unknown, _ := j.Unknown()
		assert.Equal(t, tt.other, j.Allows(s, unknown))
		assert.False(t, j.Allows(s, -1) || j.Allows(s, j.Len()))
	}
}

// Whatever is drawn from the allowed tokens is complete syllables: the text has no conjoining jamo, and encodes to the
// very tokens.
func TestJamoAllowsOnlyCompleteSyllables(t *testing.T) {
	j := jamoOf(t, datasets.VocabOptions{}, "가 xㅋ\n")
	rapid.Check(t, func(t *rapid.T) {
		var ids []int
		var s datasets.JamoState
		steps := rapid.IntRange(0, 30).Draw(t, "steps")
		for len(ids) < steps || !s.Complete() {
			var allowed []int
			for id := range j.Len() {
				if j.Allows(s, id) {
					allowed = append(allowed, id)
				}
			}
			id := rapid.SampledFrom(allowed).Draw(t, "id")
			ids, s = append(ids, id), j.Next(s, id)
			require.Equal(t, j.State(ids), s)
		}
		text, err := j.Decode(ids)
		require.NoError(t, err)
		for _, r := range text {
			require.False(t, r >= 0x1100 && r < 0x1200, "%U in %q", r, text)
		}
		again, err := j.Encode(text)
		require.NoError(t, err)
		require.Equal(t, len(ids), len(again))
		for i := range ids {
			require.Equal(t, ids[i], again[i])
		}
	})
}

func TestJamoJSON(t *testing.T) {
	for _, opt := range []datasets.VocabOptions{{}, {Unknown: true}, {MaxSize: 70, Unknown: true}} {
		j := jamoOf(t, opt, "가나다 abc \"<>&\\\u2028\x00\uFFFD🙂")
		data, err := json.Marshal(struct{ J datasets.Jamo }{*j})
		require.NoError(t, err)
		var got struct{ J *datasets.Jamo }
		require.NoError(t, json.Unmarshal(data, &got))
		assert.Equal(t, j, got.J)
	}
	_, err := json.Marshal(datasets.Jamo{})
	assert.ErrorContains(t, err, "no runes")

	j := jamoOf(t, datasets.VocabOptions{}, "x")
	data, err := json.Marshal(j)
	require.NoError(t, err)
	for bad, want := range map[string]string{
		strings.Replace(string(data), "x", "가", 1):             "rune '가' (U+AC00) is a syllable",
		strings.Replace(string(data), "ᄀ", "", 1):              "1 of the 67 jamo are missing",
		strings.Replace(string(data), "x", "ᄀ", 1):             "is entry",
		strings.Replace(string(data), `"jamo"`, `"rune"`, 1):   `kind "rune", wanted "jamo"`,
		strings.Replace(string(data), `"runes"`, `"rules"`, 1): `unknown field "rules"`,
	} {
		before := *j
		assert.ErrorContains(t, j.UnmarshalJSON([]byte(bad)), want)
		assert.Equal(t, before, *j)
	}
}

// Decode(Encode(text)) is the NFC of text, for all valid UTF-8; other text is an error.
func FuzzJamo(f *testing.F) {
	f.Add("한글 \u1112\u1161\u11AB ㅋㅋ é")
	f.Fuzz(func(t *testing.T, text string) {
		j, err := datasets.NewJamo(datasets.VocabOptions{}, text)
		if text == "" || !utf8.ValidString(text) {
			require.Error(t, err)
			return
		}
		require.NoError(t, err)
		ids, err := j.Encode(text)
		require.NoError(t, err)
		got, err := j.Decode(ids)
		require.NoError(t, err)
		require.Equal(t, norm.NFC.String(text), got)
	})
}

func TestJamoRoundTrip(t *testing.T) {
	alphabet := []rune("가각힣나 aé\u0301\u0302\u1100\u1112\u1161\u1175\u11A8\u11C2\u1113\u1176\u11A7\u11C3ㅋ")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom(alphabet), 1, 80, -1).Draw(t, "text")
		j, err := datasets.NewJamo(datasets.VocabOptions{}, text)
		require.NoError(t, err)
		ids, err := j.Encode(text)
		require.NoError(t, err)
		got, err := j.Decode(ids)
		require.NoError(t, err)
		require.Equal(t, norm.NFC.String(text), got)
	})
}
