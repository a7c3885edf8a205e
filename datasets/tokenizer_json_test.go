package datasets_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

func TestBytes(t *testing.T) {
	var b datasets.Bytes
	ids, err := b.Encode("a가\x00")
	require.NoError(t, err)
	assert.Equal(t, []int{97, 0xea, 0xb0, 0x80, 0}, ids)
	for want, ids := range map[string][]int{
		"a가\x00": ids, "": nil, "a�b�": {97, 0xea, 0xb0, 98, 0xff, 0xfe},
	} {
		text, err := b.Decode(ids)
		require.NoError(t, err)
		assert.Equal(t, want, text)
	}
	_, err = b.Encode("a\xff")
	assert.ErrorContains(t, err, "byte 1 (line 1, column 2): invalid UTF-8 (0xff)")
	for _, id := range []int{-1, 256} {
		_, err = b.Decode([]int{0, id})
		assert.ErrorContains(t, err, "decode: position 1: id ")
	}
}

// tokenizers has one of each kind.
func tokenizers(t testing.TB) []datasets.Tokenizer {
	text := "The cat, the hat.\n나는 고양이 ㅋㅋ"
	return []datasets.Tokenizer{
		vocabOf(t, datasets.VocabOptions{Unknown: true}, text),
		datasets.Bytes{},
		wordsOf(t, datasets.WordsOptions{Lower: true, Special: []string{"<pad>"}}, text),
		jamoOf(t, datasets.VocabOptions{}, text),
	}
}

func TestTokenizerJSON(t *testing.T) {
	for _, want := range tokenizers(t) {
		data, err := datasets.MarshalTokenizer(want)
		require.NoError(t, err)
		got, err := datasets.UnmarshalTokenizer(data)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}

// Vocabularies of runes in older model files have this form.
func TestTokenizerJSONOfOldFiles(t *testing.T) {
	got, err := datasets.UnmarshalTokenizer([]byte(`{"kind":"rune","runes":" etaoin","unknown":true}`))
	require.NoError(t, err)
	assert.Equal(t, " etaoin\uFFFD", entries(got.(*datasets.Vocab)))
	data, err := datasets.MarshalTokenizer(got)
	require.NoError(t, err)
	assert.JSONEq(t, `{"kind":"rune","runes":" etaoin","unknown":true}`, string(data))
}

type foreign struct{ datasets.Bytes }

func TestTokenizerJSONErrors(t *testing.T) {
	_, err := datasets.MarshalTokenizer(foreign{})
	assert.EqualError(t, err,
		"datasets: tokeniser JSON: a datasets_test.foreign cannot be written, wanted *Vocab, Bytes, *Words or *Jamo")
	_, err = datasets.MarshalTokenizer(nil)
	assert.ErrorContains(t, err, "a <nil> cannot be written")
	_, err = datasets.MarshalTokenizer(&datasets.Vocab{})
	assert.ErrorContains(t, err, "no runes")

	for data, want := range map[string]string{
		"":                            "unexpected end",
		"null":                        `kind "", wanted "rune", "bytes", "words" or "jamo"`,
		`{"kind":"bpe"}`:              `kind "bpe", wanted`,
		`{"kind":7}`:                  "cannot unmarshal number",
		`{"kind":"bytes","x":1}`:      `datasets: bytes JSON: json: unknown field "x"`,
		`{"kind":"rune"}`:             `"runes" is missing`,
		`{"kind":"words"}`:            "no words",
		`{"kind":"jamo","runes":"x"}`: "67 of the 67 jamo are missing",
		strings.Repeat(" ", 64<<20+1): "67108865 bytes, at most 67108864 wanted",
	} {
		got, err := datasets.UnmarshalTokenizer([]byte(data))
		assert.ErrorContains(t, err, want)
		assert.Nil(t, got)
	}
}

// JSON from anywhere is an error or a sound tokeniser, which is written and read again as itself.
func FuzzUnmarshalTokenizer(f *testing.F) {
	for _, t := range tokenizers(f) {
		data, err := datasets.MarshalTokenizer(t)
		require.NoError(f, err)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tokens, err := datasets.UnmarshalTokenizer(data)
		if err != nil {
			require.Nil(t, tokens)
			return
		}
		ids := make([]int, tokens.Len())
		for id := range ids {
			ids[id] = id
		}
		text, err := tokens.Decode(ids)
		require.NoError(t, err)
		require.True(t, utf8.ValidString(text))
		_, err = tokens.Encode("")
		require.NoError(t, err)
		if ids, err = tokens.Encode(text); err == nil {
			_, err = tokens.Decode(ids)
			require.NoError(t, err)
		}
		out, err := datasets.MarshalTokenizer(tokens)
		require.NoError(t, err)
		again, err := datasets.UnmarshalTokenizer(out)
		require.NoError(t, err)
		require.Equal(t, tokens, again)
	})
}
