package datasets_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/unroll-go/unroll/datasets"
)

func wordsOf(t testing.TB, opt datasets.WordsOptions, texts ...string) *datasets.Words {
	t.Helper()
	w, err := datasets.NewWords(opt, texts...)
	require.NoError(t, err)
	return w
}

// table returns the entries by id, with "|" between them.
func table(w *datasets.Words) string {
	var entries []string
	for id := range w.Len() {
		word, _ := w.Word(id)
		entries = append(entries, word)
	}
	return strings.Join(entries, "|")
}

func TestNewWordsRanks(t *testing.T) {
	tests := []struct {
		name  string
		opt   datasets.WordsOptions
		texts []string
		want  string
		count []int
	}{
		{"by frequency, ties by text", datasets.WordsOptions{}, []string{"b a c", "c"}, "c|a|b|�", []int{2, 1, 1, 0}},
		{"largest size", datasets.WordsOptions{Max: 2}, []string{"a b b c"}, "b|�", []int{2, 2}},
		{"fewest occurrences", datasets.WordsOptions{MinCount: 2}, []string{"a b b c"}, "b|�", []int{2, 2}},
		{"case", datasets.WordsOptions{}, []string{"The the THE"}, "THE|The|the|�", []int{1, 1, 1, 0}},
		{"lower case", datasets.WordsOptions{Lower: true}, []string{"The the THE"}, "the|�", []int{3, 0}},
		{
			"special entries come first and count for the size",
			datasets.WordsOptions{Special: []string{"<pad>", "<start>"}, Max: 4},
			[]string{"a b b"},
			"<pad>|<start>|b|�",
			[]int{0, 0, 2, 1},
		},
		{"punctuation", datasets.WordsOptions{}, []string{"a, a!"}, "a|!|,|�", []int{2, 1, 1, 0}},
		{"no punctuation", datasets.WordsOptions{NoPunct: true}, []string{"a, 1! ^^ 영화"}, "1|a|영화|�", []int{1, 1, 1, 0}},
		{"words of UAX #29", datasets.WordsOptions{}, []string{"don't 3.14 영화를 中国 x_y"}, "3.14|don't|x_y|中|国|영화를|�", nil},
		{"fields", datasets.WordsOptions{Fields: true}, []string{"<unk> well-known, <unk>"}, "<unk>|well-known,|�", nil},
		{
			"white space that is not the usual",
			datasets.WordsOptions{Exact: true},
			[]string{"a b, c\nd e(f)\n"},
			"\n||(|)|,|a|b|c|d|e|f|�",
			[]int{2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0},
		},
		{
			"an overlong word",
			datasets.WordsOptions{},
			[]string{"a " + strings.Repeat("x", 1025)},
			"a|�",
			[]int{1, 1},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := wordsOf(t, tt.opt, tt.texts...)
			assert.Equal(t, tt.want, table(w))
			if tt.count != nil {
				assert.Equal(t, tt.count, w.Counts())
			}
			for id := range w.Len() {
				if word, ok := w.Word(id); ok {
					got, ok := w.ID(word)
					assert.True(t, ok)
					assert.Equal(t, id, got)
				}
			}
		})
	}
}

func TestNewWordsErrors(t *testing.T) {
	tests := []struct {
		name  string
		opt   datasets.WordsOptions
		texts []string
		want  string
	}{
		{"no text", datasets.WordsOptions{}, nil, "datasets: words: none of at least 1 occurrences"},
		{"only white space", datasets.WordsOptions{}, []string{" \n"}, "none of at least 1 occurrences"},
		{"all too rare", datasets.WordsOptions{MinCount: 2}, []string{"a b"}, "none of at least 2 occurrences"},
		{"invalid UTF-8", datasets.WordsOptions{}, []string{"a", "b\nc\xff"}, "datasets: words: text 1: byte 3 (line 2, column 2): invalid UTF-8 (0xff)"},
		{"negative size", datasets.WordsOptions{Max: -1}, []string{"a"}, "datasets: words: at most -1 entries"},
		{"negative count", datasets.WordsOptions{MinCount: -1}, []string{"a"}, "at least -1 occurrences"},
		{"no room", datasets.WordsOptions{Max: 2, Special: []string{"<pad>"}}, []string{"a"}, "no room for a word"},
		{"special entry twice", datasets.WordsOptions{Special: []string{"x", "x"}}, []string{"a"}, `special entry "x"`},
		{"special entry without name", datasets.WordsOptions{Special: []string{""}}, []string{"a"}, `special entry ""`},
		{"exact without punctuation", datasets.WordsOptions{Exact: true, NoPunct: true}, []string{"a"}, "set NoPunct or Exact"},
		{"apostrophes of fields", datasets.WordsOptions{Fields: true, Apostrophes: true}, []string{"a"}, "set Fields or Apostrophes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := datasets.NewWords(tt.opt, tt.texts...)
			assert.ErrorContains(t, err, tt.want)
		})
	}
	_, err := datasets.NewWords(datasets.WordsOptions{}, "")
	assert.ErrorIs(t, err, datasets.ErrEmpty)
}

// The usual spacing, so no white space has an entry, and yet the text comes back.
func TestWordsUsualSpacing(t *testing.T) {
	for _, text := range []string{
		"Hello, world! It's 3.14 (or so): well-known; and/or 100%.",
		"재미있어요!! 정말... 최고의 영화 (2010), 강추~ 짱^^; ㅋㅋㅋ",
		"中国很大。日本も大きい。",
		"She paid $5 to @anna & bob #1 [yes] «oui» “no” ‘si’",
		"I like🙂🙂 it",
	} {
		w := wordsOf(t, datasets.WordsOptions{}, text)
		ids, err := w.Encode(text)
		require.NoError(t, err)
		got, err := w.Decode(ids)
		require.NoError(t, err)
		assert.Equal(t, text, got)
		assert.Equal(t, w.Len(), wordsOf(t, datasets.WordsOptions{Exact: true}, text).Len(), "no entry for white space")
	}
}

// Apostrophes apart, and the very text again: narrow and plain spaces before marks, a possessive, times, quotes.
func TestWordsApostrophes(t *testing.T) {
	for text, want := range map[string]string{
		"l'eau":             "l|'|eau",
		"don't":             "don|'|t",
		"l’eau d’ici":       "l|’|eau|d|’|ici",
		"rock'n'roll":       "rock|'|n|'|roll",
		"'tis a boys' club": "'|tis|a|boys|'| |club",
		"Où\u202f?":         "Où|\u202f|?",
		"Va ! Viens…":       "Va| |!|Viens|…",
		"« Oui »":           "«| |Oui| |»",
		"at 2:30, 3.14":     "at|2|:||30|,|3.14",
		"\"No,\" I said.":   "\"|No|,|\"| |I|said|.",
		"‘si’ no":           "‘|si|’| |no",
	} {
		opt := datasets.WordsOptions{Apostrophes: true, Exact: true}
		words, err := datasets.SplitWords(text, opt)
		require.NoError(t, err)
		assert.Equal(t, want, strings.Join(words, "|"))
		w := wordsOf(t, opt, text)
		ids, err := w.Encode(text)
		require.NoError(t, err)
		assert.Len(t, ids, len(words))
		got, err := w.Decode(ids)
		require.NoError(t, err)
		assert.Equal(t, text, got)
	}
}

func TestSplitWords(t *testing.T) {
	words, err := datasets.SplitWords("The cat,\n the DOG!", datasets.WordsOptions{Lower: true, NoPunct: true, Max: 1})
	require.NoError(t, err)
	assert.Equal(t, []string{"the", "cat", "the", "dog"}, words)
	words, err = datasets.SplitWords(" \n", datasets.WordsOptions{})
	require.NoError(t, err)
	assert.Empty(t, words)
	_, err = datasets.SplitWords("a\xff", datasets.WordsOptions{})
	assert.ErrorContains(t, err, "datasets: words: byte 1 (line 1, column 2): invalid UTF-8 (0xff)")
	_, err = datasets.SplitWords("a", datasets.WordsOptions{Exact: true, NoPunct: true})
	assert.ErrorContains(t, err, "set NoPunct or Exact")
}

func TestWordsEncode(t *testing.T) {
	w := wordsOf(t, datasets.WordsOptions{Lower: true, Max: 6, Special: []string{"<pad>", "<end>"}}, "the cat saw the cat. the dog")
	require.Equal(t, "<pad>|<end>|the|cat|.|�", table(w))
	ids, err := w.Encode("The DOG  saw\nthe Cat  .")
	require.NoError(t, err)
	assert.Equal(t, []int{2, 5, 5, 2, 3, 4}, ids)
	text, err := w.Decode(append([]int{0}, append(ids, 1, 0)...))
	require.NoError(t, err)
	assert.Equal(t, "the � � the cat.", text)

	end, ok := w.Special("<end>")
	assert.True(t, ok)
	assert.Equal(t, 1, end)
	_, ok = w.Special("<start>")
	assert.False(t, ok)
	other, ok := w.Unknown()
	assert.True(t, ok)
	assert.Equal(t, 5, other)
	id, ok := w.ID("dog")
	assert.False(t, ok)
	assert.Equal(t, other, id)
	_, ok = w.Word(0)
	assert.False(t, ok, "a special entry is no word")
	for _, id := range []int{-1, 6} {
		_, ok = w.Word(id)
		assert.False(t, ok)
		_, err := w.Decode([]int{0, id})
		assert.ErrorContains(t, err, "decode: position 1: id ")
	}
	_, err = w.Encode("a\xff")
	assert.ErrorContains(t, err, "datasets: encode: byte 1 (line 1, column 2): invalid UTF-8 (0xff)")
}

// White space without an entry is a line end if it has one, and else the usual.
func TestWordsUnknownSpace(t *testing.T) {
	w := wordsOf(t, datasets.WordsOptions{Exact: true}, "a\nb")
	for text, want := range map[string]string{"a   b": "a b", "a \n\n b": "a\nb", "  a\tb\n": "a b\n"} {
		ids, err := w.Encode(text)
		require.NoError(t, err)
		got, err := w.Decode(ids)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}

func TestWordsJSON(t *testing.T) {
	for _, opt := range []datasets.WordsOptions{
		{},
		{Max: 4, MinCount: 1, Lower: true, NoPunct: true},
		{Exact: true, Special: []string{"<pad>", "a"}},
		{Fields: true},
		{Apostrophes: true, Exact: true},
	} {
		w := wordsOf(t, opt, "A \"b\" <c>  &\u2028\x00 \uFFFD 영화 영화\n")
		data, err := json.Marshal(struct{ W datasets.Words }{*w})
		require.NoError(t, err)
		var got struct{ W *datasets.Words }
		require.NoError(t, json.Unmarshal(data, &got))
		assert.Equal(t, w, got.W)
	}
	_, err := json.Marshal(datasets.Words{})
	assert.ErrorContains(t, err, "no words")
}

func TestWordsJSONErrors(t *testing.T) {
	tests := []struct{ name, data, want string }{
		{"null", `null`, `kind "", wanted "words"`},
		{"no words", `{"kind":"words"}`, "no words"},
		{"repeated word", `{"kind":"words","words":["a","\u0061"],"counts":[1,1]}`, `word "a" is entry 0 and entry 1`},
		{"too few counts", `{"kind":"words","words":["a","b"],"counts":[1]}`, "1 counts for 2 words"},
		{"negative count", `{"kind":"words","words":["a"],"counts":[-1]}`, "count -1"},
		{"huge count", `{"kind":"words","words":["a"],"counts":[9000000000000000000]}`, "count 9000000000000000000"},
		{"negative other", `{"kind":"words","words":["a"],"counts":[1],"other":-1}`, "count -1 of other"},
		{"fraction", `{"kind":"words","words":["a"],"counts":[1.5]}`, "cannot unmarshal number 1.5"},
		{"overlong word", `{"kind":"words","words":["` + strings.Repeat("a", 1025) + `"],"counts":[1]}`, "a word of 1025 bytes"},
		{"repeated special entry", `{"kind":"words","special":["x","x"],"words":["a"],"counts":[1]}`, `special entry "x"`},
		{"unknown field", `{"kind":"words","runes":"a"}`, `unknown field "runes"`},
		{"exact without punctuation", `{"kind":"words","words":["a"],"counts":[1],"exact":true,"nopunct":true}`, "set NoPunct or Exact"},
		{"invalid UTF-8", "{\"kind\":\"words\",\"words\":[\"\xff\"]}", "byte 26: invalid UTF-8 (0xff)"},
		{"apostrophes of fields", `{"kind":"words","words":["a"],"counts":[1],"fields":true,"apostrophes":true}`, "set Fields or Apostrophes"},
		{"trailing data", `{"kind":"words","words":["a"],"counts":[1]} 1`, "something follows"},
		{"too large", strings.Repeat(" ", 64<<20+1), "at most 67108864 wanted"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := wordsOf(t, datasets.WordsOptions{}, "x")
			err := w.UnmarshalJSON([]byte(tt.data))
			assert.ErrorContains(t, err, "datasets: words JSON: ")
			assert.ErrorContains(t, err, tt.want)
			assert.Equal(t, "x|�", table(w), "unchanged after an error")
		})
	}
}

// Ten million letters, marks or spaces in a row are one overlong word or many short ones, and no work beyond their size.
func TestWordsLongRuns(t *testing.T) {
	for _, unit := range []string{"a", "a.", "1,", "🇰", "👩\u200d", "\u0301", "가", " ", "\n", "\"א"} {
		text := strings.Repeat(unit, 1e6/len(unit)) + " end"
		w := wordsOf(t, datasets.WordsOptions{Exact: true}, text)
		_, err := w.Encode(text)
		require.NoError(t, err)
		assert.Less(t, w.Len(), 8)
	}
}

// checkWords checks what Words says of Decode(Encode(text)).
func checkWords(t require.TestingT, text string, opt datasets.WordsOptions) {
	w, err := datasets.NewWords(opt, text)
	if err != nil {
		require.True(t, !utf8.ValidString(text) || strings.TrimSpace(text) == "" || len(text) > 1024 || opt.NoPunct, "%v", err)
		return
	}
	ids, err := w.Encode(text)
	require.NoError(t, err)
	got, err := w.Decode(ids)
	require.NoError(t, err)
	counts := w.Counts()
	if counts[w.Len()-1] == 0 && opt.Exact && len(text) <= 1024 {
		want := text
		if opt.Lower { // by words: a final sigma is one, whatever follows
			want, got = strings.ToLower(want), strings.ToLower(got)
		}
		require.Equal(t, want, got)
	}
	seen := make([]int, w.Len())
	for _, id := range ids {
		seen[id]++
	}
	if len(text) <= 1024 {
		require.Equal(t, counts, seen, "the counts are those of the text")
	}
}

func TestWordsRoundTrip(t *testing.T) {
	alphabet := []rune("aB1 \n\t.,'’\"-(#$~가ㅋ中カก🙂🇰\u0301\u200d\u00a0\u202f\u3000\uFFFDא_/\r")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom(alphabet), 0, 40, -1).Draw(t, "text")
		opt := datasets.WordsOptions{
			Exact: true, Lower: rapid.Bool().Draw(t, "lower"), Fields: rapid.Bool().Draw(t, "fields"),
		}
		opt.Apostrophes = !opt.Fields && rapid.Bool().Draw(t, "apostrophes")
		checkWords(t, text, opt)
	})
}

// Decode(Encode(text)) is the text of an exact vocabulary that has all its words.
func FuzzWords(f *testing.F) {
	f.Add("Hello, \"world\"!\n 3.14", false, false)
	f.Fuzz(func(t *testing.T, text string, lower, fields bool) {
		checkWords(t, text, datasets.WordsOptions{Exact: true, Lower: lower, Fields: fields})
		checkWords(t, text, datasets.WordsOptions{Lower: lower, Fields: fields, NoPunct: true})
		checkWords(t, text, datasets.WordsOptions{Exact: true, Lower: lower, Apostrophes: true})
	})
}

// A piece for each id, also where the word has none of its own.
func TestWordsPieces(t *testing.T) {
	w := wordsOf(t, datasets.WordsOptions{Apostrophes: true, Exact: true}, "l'eau coule !\nl'eau")
	for text, want := range map[string][]string{
		"l'eau coule !":      {"l", "'", "eau", "coule", " ", "!"},
		"l'âne dort  \n!":    {"l", "'", "âne", "dort", "  \n", "!"},
		"l'âne  coule\tvite": {"l", "'", "âne", "coule", "vite"},
		"":                   nil,
	} {
		pieces, err := w.Pieces(text)
		require.NoError(t, err)
		assert.Equal(t, want, pieces)
		ids, err := w.Encode(text)
		require.NoError(t, err)
		assert.Len(t, ids, len(pieces))
	}
	_, err := w.Pieces("a\xff")
	assert.ErrorContains(t, err, "byte 1 (line 1, column 2): invalid UTF-8 (0xff)")
}
