package datasets_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

func vocabOf(t testing.TB, opt datasets.VocabOptions, texts ...string) *datasets.Vocab {
	t.Helper()
	v, err := datasets.NewVocab(opt, texts...)
	require.NoError(t, err)
	return v
}

// entries returns the runes by id, the unknown entry as U+FFFD.
func entries(v *datasets.Vocab) string {
	var s strings.Builder
	for id := range v.Len() {
		r, _ := v.Rune(id)
		s.WriteRune(r)
	}
	return s.String()
}

func TestNewVocabRanks(t *testing.T) {
	tests := []struct {
		name  string
		opt   datasets.VocabOptions
		texts []string
		want  string
	}{
		{"by frequency", datasets.VocabOptions{}, []string{"abbccc"}, "cba"},
		{"ties by code point", datasets.VocabOptions{}, []string{"가zb나a"}, "abz가나"},
		{"several texts count together", datasets.VocabOptions{}, []string{"ab", "", "b"}, "ba"},
		{"unknown is last", datasets.VocabOptions{Unknown: true}, []string{"abb"}, "ba\uFFFD"},
		{"largest size", datasets.VocabOptions{MaxSize: 2}, []string{"abbccc"}, "cb"},
		{"largest size counts unknown", datasets.VocabOptions{MaxSize: 2, Unknown: true}, []string{"abbccc"}, "c\uFFFD"},
		{"size to spare", datasets.VocabOptions{MaxSize: 9}, []string{"ab"}, "ab"},
		{"U+FFFD itself is a rune", datasets.VocabOptions{}, []string{"\uFFFD\uFFFDa"}, "\uFFFDa"},
		{"NUL and emoji", datasets.VocabOptions{}, []string{"🙂\x00"}, "\x00🙂"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := vocabOf(t, tt.opt, tt.texts...)
			assert.Equal(t, tt.want, entries(v))
			for id := range v.Len() {
				if r, ok := v.Rune(id); ok {
					got, ok := v.ID(r)
					assert.True(t, ok)
					assert.Equal(t, id, got)
				}
			}
		})
	}
}

func TestNewVocabErrors(t *testing.T) {
	tests := []struct {
		name  string
		opt   datasets.VocabOptions
		texts []string
		want  string
	}{
		{"no text", datasets.VocabOptions{}, nil, "datasets: vocabulary of 0 texts: empty text"},
		{"empty text", datasets.VocabOptions{Unknown: true}, []string{""}, "datasets: vocabulary of 1 texts: empty text"},
		{"negative size", datasets.VocabOptions{MaxSize: -1}, []string{"a"}, "MaxSize -1"},
		{"room for unknown only", datasets.VocabOptions{MaxSize: 1, Unknown: true}, []string{"a"}, "has no room for a rune"},
		{"invalid UTF-8", datasets.VocabOptions{}, []string{"a", "b\nc\xff"}, "text 1: byte 3 (line 2, column 2): invalid UTF-8 (0xff)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := datasets.NewVocab(tt.opt, tt.texts...)
			assert.ErrorContains(t, err, tt.want)
		})
	}
	_, err := datasets.NewVocab(datasets.VocabOptions{})
	assert.ErrorIs(t, err, datasets.ErrEmpty)
}

func TestEncodeNamesTheUnknownRune(t *testing.T) {
	v := vocabOf(t, datasets.VocabOptions{}, "나는 ab\n")
	_, err := v.Encode("ab\n나는 갸")
	assert.EqualError(t, err,
		"datasets: encode: rune '갸' (U+AC38) at byte 10 (line 2, column 4) is not in the vocabulary of 6 runes")
	var unknown *datasets.UnknownRuneError
	require.ErrorAs(t, err, &unknown)
	assert.Equal(t, datasets.UnknownRuneError{Rune: '갸', Offset: 10, Line: 2, Column: 4, Runes: 6}, *unknown)
}

func TestEncodeWithUnknownEntry(t *testing.T) {
	v := vocabOf(t, datasets.VocabOptions{Unknown: true}, "aab")
	ids, err := v.Encode("b가a")
	require.NoError(t, err)
	assert.Equal(t, []int{1, 2, 0}, ids)

	text, err := v.Decode(ids)
	require.NoError(t, err)
	assert.Equal(t, "b\uFFFDa", text)

	id, ok := v.Unknown()
	assert.True(t, ok)
	assert.Equal(t, v.Len()-1, id)
	id, ok = v.ID('가')
	assert.False(t, ok)
	assert.Equal(t, 2, id)
	_, ok = v.Rune(2)
	assert.False(t, ok, "the unknown entry is no rune")
}

func TestVocabWithoutUnknownEntry(t *testing.T) {
	v := vocabOf(t, datasets.VocabOptions{}, "ab")
	id, ok := v.Unknown()
	assert.False(t, ok)
	assert.Equal(t, -1, id)
	id, ok = v.ID('c')
	assert.False(t, ok)
	assert.Equal(t, -1, id)
	for _, id := range []int{-1, 2} {
		_, ok = v.Rune(id)
		assert.False(t, ok, "id %d", id)
		_, err := v.Decode([]int{0, id})
		assert.ErrorContains(t, err, "decode: position 1: id ")
	}
}

// Invalid bytes would decode to something else, so not even the unknown entry takes them.
func TestEncodeRefusesInvalidUTF8(t *testing.T) {
	for _, unknown := range []bool{false, true} {
		v := vocabOf(t, datasets.VocabOptions{Unknown: unknown}, "ab\uFFFD")
		_, err := v.Encode("a\uFFFDb\xea\xb0")
		assert.ErrorContains(t, err, "byte 5 (line 1, column 4): invalid UTF-8 (0xea)")
	}
}

func TestVocabJSON(t *testing.T) {
	for _, opt := range []datasets.VocabOptions{{}, {Unknown: true}, {MaxSize: 5, Unknown: true}} {
		v := vocabOf(t, opt, "가나다 abc \"<>&\\\u2028\x00\uFFFD🙂")
		data, err := json.Marshal(struct{ V datasets.Vocab }{*v})
		require.NoError(t, err)
		var got struct{ V *datasets.Vocab }
		require.NoError(t, json.Unmarshal(data, &got))
		assert.Equal(t, v, got.V)
	}
	_, err := json.Marshal(datasets.Vocab{})
	assert.ErrorContains(t, err, "no runes")
}

func TestVocabJSONErrors(t *testing.T) {
	tests := []struct{ name, data, want string }{
		{"null", `null`, `kind "", wanted "rune"`},
		{"other kind", `{"kind":"word","runes":"a"}`, `kind "word", wanted "rune"`},
		{"no runes", `{"kind":"rune"}`, `"runes" is missing`},
		{"null runes", `{"kind":"rune","runes":null}`, "no runes"},
		{"empty runes", `{"kind":"rune","runes":"","unknown":true}`, "no runes"},
		{"runes not a string", `{"kind":"rune","runes":[97]}`, "cannot unmarshal array"},
		{"repeated rune", `{"kind":"rune","runes":"ab\u0061"}`, "rune 'a' (U+0061) is entry 0 and entry 2"},
		{"unknown field", `{"kind":"rune","runes":"a","words":[]}`, `unknown field "words"`},
		{"unpaired surrogate", `{"kind":"rune","runes":"a\ud800"}`, "unpaired surrogate"},
		{"unpaired surrogate beside U+FFFD", `{"kind":"rune","runes":"\ufffd\ud800"}`, "is entry 0 and entry 1"},
		{"invalid UTF-8", "{\"kind\":\"rune\",\"runes\":\"a\xff\"}", "byte 25: invalid UTF-8 (0xff)"},
		{"trailing data", `{"kind":"rune","runes":"a"} {}`, "something follows"},
		{"cut off", `{"kind":"rune","runes":"a`, "unexpected EOF"},
		{"too large", `{"kind":"rune","runes":"` + strings.Repeat("a", 16<<20) + `"}`, "at most 16777216 wanted"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := vocabOf(t, datasets.VocabOptions{}, "xy")
			err := v.UnmarshalJSON([]byte(tt.data))
			assert.ErrorContains(t, err, "datasets: vocabulary")
			assert.ErrorContains(t, err, tt.want)
			assert.Equal(t, "xy", entries(v), "unchanged after an error")
		})
	}
}

// Decode(Encode(text)) is text, for all valid UTF-8; other text is an error.
func FuzzVocabRoundTrip(f *testing.F) {
	f.Add("가나다 abc\n", "\uFFFD", true)
	f.Fuzz(func(t *testing.T, text, other string, unknown bool) {
		v, err := datasets.NewVocab(datasets.VocabOptions{Unknown: unknown}, text)
		if text == "" || !utf8.ValidString(text) {
			require.Error(t, err)
			return
		}
		require.NoError(t, err)
		ids, err := v.Encode(text)
		require.NoError(t, err)
		got, err := v.Decode(ids)
		require.NoError(t, err)
		assert.Equal(t, text, got)

		ids, err = v.Encode(other)
		if unknown {
			assert.Equal(t, utf8.ValidString(other), err == nil)
		}
		if err == nil {
			assert.Len(t, ids, utf8.RuneCountInString(other))
		}
	})
}

// JSON from anywhere is an error or a sound vocabulary that is written and read again as itself.
func FuzzVocabJSON(f *testing.F) {
	f.Add([]byte(`{"kind":"rune","runes":"ab가","unknown":true}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var v datasets.Vocab
		if v.UnmarshalJSON(data) != nil {
			return
		}
		require.Positive(t, v.Len())
		for id := range v.Len() {
			r, ok := v.Rune(id)
			_, known := v.ID(r)
			require.True(t, utf8.ValidRune(r) && (known || !ok))
		}
		out, err := json.Marshal(v)
		require.NoError(t, err)
		var again datasets.Vocab
		require.NoError(t, json.Unmarshal(out, &again))
		require.Equal(t, v, again)
	})
}
