package datasets_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

// Pairs of a tab-separated file, and a split that keeps the translations of one sentence together.
func ExampleReadPairs() {
	const file = "Run!\tCours !\nRun!\tCourez !\nHello.\tBonjour.\n"
	opt := datasets.PairsOptions{Source: "1", Target: "2", Table: datasets.TableOptions{NoHeader: true}}
	var pairs []datasets.Pair
	for p, err := range datasets.ReadPairs(strings.NewReader(file), "eng-fra.tsv", opt) {
		if err != nil {
			fmt.Println(err)
			return
		}
		pairs = append(pairs, p)
	}
	bySource := func(p datasets.Pair) string { return p.Source }
	train, test, err := datasets.HoldOutBy(pairs, bySource, 0.5, 6)
	fmt.Println(len(train), train)
	fmt.Println(len(test), test, err)
	// Output:
	// 2 [{Run! Cours ! 1} {Run! Courez ! 2}]
	// 1 [{Hello. Bonjour. 3}] <nil>
}

// pairs reads all of a text.
func pairs(text string, opt datasets.PairsOptions) (all []datasets.Pair, err error) {
	for p, e := range datasets.ReadPairs(strings.NewReader(text), "x.tsv", opt) {
		if e != nil {
			return all, e
		}
		all = append(all, p)
	}
	return all, nil
}

func TestReadPairs(t *testing.T) {
	none, noHeader := datasets.TableOptions{}, datasets.TableOptions{NoHeader: true}
	tests := []struct {
		name, text string
		opt        datasets.PairsOptions
		want       []datasets.Pair
	}{
		{
			"header", "en\tfr\nI\tJe\n",
			datasets.PairsOptions{Table: none},
			[]datasets.Pair{{Source: "I", Target: "Je", Line: 2}},
		},
		{
			"names, the other way round", "en\tid\tfr\nI\t7\tJe\n",
			datasets.PairsOptions{Source: "fr", Target: "en"},
			[]datasets.Pair{{Source: "Je", Target: "I", Line: 2}},
		},
		{
			"numbers, marks, line ends", "\uFEFFI\tJe\tCC\r\n\"Hm,\" I said.\t« Hm » \tCC\r\n",
			datasets.PairsOptions{Source: "1", Target: "2", Table: noHeader},
			[]datasets.Pair{{Source: "I", Target: "Je", Line: 1}, {Source: `"Hm," I said.`, Target: "« Hm »", Line: 2}},
		},
		{
			"fixed width", "16+75  _91  \n52+607 _659 \n",
			datasets.PairsOptions{Table: datasets.TableOptions{NoHeader: true, Comma: '_'}},
			[]datasets.Pair{{Source: "16+75", Target: "91", Line: 1}, {Source: "52+607", Target: "659", Line: 2}},
		},
		{
			"quoted commas", "Q,A\n\"a, b\",c\n",
			datasets.PairsOptions{Table: datasets.TableOptions{Comma: ','}},
			[]datasets.Pair{{Source: "a, b", Target: "c", Line: 2}},
		},
		{
			"empty sides passed over", "a\tb\n\tb\na\t \nc\td\n",
			datasets.PairsOptions{SkipEmpty: true, Table: noHeader},
			[]datasets.Pair{{Source: "a", Target: "b", Line: 1}, {Source: "c", Target: "d", Line: 4}},
		},
		{"a header alone", "a\tb\n", datasets.PairsOptions{}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, text := range []string{tt.text, zipped(t, tt.text)} {
				got, err := pairs(text, tt.opt)
				require.NoError(t, err)
				assert.Equal(t, tt.want, got)
			}
		})
	}
}

func TestReadPairsErrors(t *testing.T) {
	noHeader := datasets.PairsOptions{Table: datasets.TableOptions{NoHeader: true}}
	short := noHeader
	short.Table.Cell = 8
	third := noHeader
	third.Target = "3"
	tests := []struct {
		name, text string
		opt        datasets.PairsOptions
		want       string
	}{
		{"no text", "", noHeader, "datasets: x.tsv: empty text"},
		{"one column", "a\n", noHeader, `datasets: x.tsv: no column "2"; there are 1, cut at '\t': 1 "1"`},
		{"no such number", "a\tb\n", third, `datasets: x.tsv: no column "3"; there are 2, cut at '\t'`},
		{"no such name", "en\tfr\n", datasets.PairsOptions{Source: "ko"}, `no column "ko"; there are 2, cut at '\t': 1 "en", 2 "fr"`},
		{"a row too short", "a\tb\nc\n", noHeader, `datasets: x.tsv: line 2: got 1 when cut at '\t', wanted 2 cells, as the first row has`},
		{"a row too long", "a\tb\nc\td\te\n", noHeader, `line 2: got 3 when cut at '\t', wanted 2 cells`},
		{"no source", "a\tb\n \tb\n", noHeader, `datasets: x.tsv: line 2: column 1: empty text: got " ", wanted a text`},
		{"no target", "a\tb\na\t\n", noHeader, `line 2: column 2: empty text: got "", wanted a text`},
		{"invalid UTF-8", "a\tb\na\tb\xff\n", noHeader, "datasets: x.tsv: line 2: byte 3: invalid UTF-8 (0xff)"},
		{"a long text", "a\tb\na\t123456789\n", short, "line 2: column 2: too large: got a longer cell, wanted at most 8 bytes"},
		{"an enormous line", "a\tb\n" + strings.Repeat("x", 1000), short, "line 2: too large: more than 128 bytes on a line"},
		{"gzip cut", zipped(t, "a\tb\n")[:20], noHeader, "x.tsv: line 2: unexpected EOF"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := pairs(tt.text, tt.opt)
			assert.ErrorContains(t, err, tt.want)
		})
	}
}

func TestLoadPairs(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x.tsv")
	_, err := datasets.LoadPairs(name, datasets.PairsOptions{})
	assert.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.WriteFile(name, []byte("a\tb\n"), 0o600))
	_, err = datasets.LoadPairs(name, datasets.PairsOptions{})
	assert.ErrorIs(t, err, datasets.ErrEmpty)
	assert.ErrorContains(t, err, "x.tsv: no pair")
	require.NoError(t, os.WriteFile(name, []byte("a\tb\nc\td\ne\n"), 0o600))
	got, err := datasets.LoadPairs(name, datasets.PairsOptions{})
	assert.ErrorContains(t, err, "x.tsv: line 3")
	assert.Nil(t, got)
}

// The pairs of real files, as counted by other means.
func TestRealPairs(t *testing.T) {
	dataDir(t)
	tabs := datasets.PairsOptions{Source: "1", Target: "2", Table: datasets.TableOptions{NoHeader: true}}
	toy := datasets.PairsOptions{Table: datasets.TableOptions{NoHeader: true, Comma: '_'}}
	tests := []struct {
		file    string
		opt     datasets.PairsOptions
		n       int
		at      int
		example [2]string
	}{
		{"translation/eng-fra.tsv.gz", tabs, 164236, 999, [2]string{"Am I first?", "Suis-je le premier ?"}},
		{"translation/eng-kor.tsv.gz", tabs, 3478, 0, [2]string{"Go.", "가."}},
		{"seq2seq_toy/addition.txt.gz", toy, 50000, 1, [2]string{"52+607", "659"}},
		{"seq2seq_toy/date.txt.gz", toy, 50000, 0, [2]string{"september 27, 1994", "1994-09-27"}},
		{"dialog_ko/ChatbotData.csv.gz", datasets.PairsOptions{Source: "Q", Target: "A"}, 11823, 0, [2]string{"12시 땡!", "하루가 또 가네요."}},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			all, err := datasets.LoadPairs(dataFile(t, tt.file), tt.opt)
			require.NoError(t, err)
			assert.Len(t, all, tt.n)
			assert.Equal(t, tt.example, [2]string{all[tt.at].Source, all[tt.at].Target})
		})
	}
}

// Words with apostrophes apart give every sentence of the real pairs back exactly.
func TestRealPairsAreExact(t *testing.T) {
	opt := datasets.PairsOptions{Source: "1", Target: "2", Table: datasets.TableOptions{NoHeader: true}}
	for _, file := range []string{"translation/eng-fra.tsv.gz", "translation/eng-kor.tsv.gz"} {
		all, err := datasets.LoadPairs(dataFile(t, file), opt)
		require.NoError(t, err)
		for side, of := range []func(datasets.Pair) string{
			func(p datasets.Pair) string { return p.Source },
			func(p datasets.Pair) string { return p.Target },
		} {
			texts := make([]string, len(all))
			for i, p := range all {
				texts[i] = of(p)
			}
			w := wordsOf(t, datasets.WordsOptions{Apostrophes: true, Exact: true}, texts...)
			tokens := 0
			for _, text := range texts {
				ids, err := w.Encode(text)
				require.NoError(t, err)
				got, err := w.Decode(ids)
				require.NoError(t, err)
				require.Equal(t, text, got)
				tokens += len(ids)
			}
			t.Logf("%s, side %d: %d entries, %.2f tokens a sentence", file, side, w.Len(), float64(tokens)/float64(len(texts)))
		}
	}
}

// Pairs from anywhere are an error or texts that are not empty.
func FuzzReadPairs(f *testing.F) {
	f.Add([]byte("a\tb\n\"c\t\"\td\n"), "1", "2", '\t', true, false)
	f.Add([]byte("16+75  _91  \n"), "", "", '_', true, true)
	f.Add([]byte("Q,A\n\"a, b\",c\n"), "A", "Q", rune(0), false, false)
	f.Fuzz(func(t *testing.T, data []byte, source, target string, comma rune, noHeader, skip bool) {
		opt := datasets.PairsOptions{
			Source: source, Target: target, SkipEmpty: skip,
			Table: datasets.TableOptions{Comma: comma, NoHeader: noHeader, Limit: 1 << 16, Cell: 1 << 10},
		}
		line := 0
		for p, err := range datasets.ReadPairs(bytes.NewReader(data), "x", opt) {
			if err != nil {
				require.Zero(t, p)
				return
			}
			require.NotEmpty(t, p.Source)
			require.NotEmpty(t, p.Target)
			require.LessOrEqual(t, len(p.Source)+len(p.Target), 2<<10)
			require.Greater(t, p.Line, line)
			line = p.Line
		}
	})
}
