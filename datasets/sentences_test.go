package datasets_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

func ExampleReadSentences() {
	const text = "3\tmonth\n월\tmonth\n \tother\n내\tother\n\nU.N. NNP I-ORG\nofficial NN O\n"
	for s, err := range datasets.ReadSentences(strings.NewReader(text), "dates.conll") {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("line %d: %q %q\n", s.Line, s.Tokens, s.Labels)
	}
	// Output:
	// line 1: ["3" "월" " " "내"] ["month" "month" "other" "other"]
	// line 6: ["U.N." "official"] ["I-ORG" "O"]
}

// sentences reads all of a text.
func sentences(text string) (all []datasets.Sentence, err error) {
	for s, e := range datasets.ReadSentences(strings.NewReader(text), "x") {
		if e != nil {
			return all, e
		}
		all = append(all, s)
	}
	return all, nil
}

// Byte order marks, line ends, blank lines and gzip are no part of the text.
func TestReadSentences(t *testing.T) {
	want := []datasets.Sentence{{Line: 1, Tokens: []string{"a", "b"}, Labels: []string{"X", "Y"}}, {Line: 5, Tokens: []string{"c"}, Labels: []string{"X"}}}
	for _, text := range []string{
		"a\tX\nb\tY\n\n\nc\tX\n", "\uFEFFa\tX\r\nb\tY\r\n\r\n \r\nc\tX", "a X\rb Y\r\r\rc X\r\r", zipped(t, "a\tX\nb\t-\tY\n\n\t \nc\tX\n\n\n"),
	} {
		got, err := sentences(text)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	got, err := sentences("\n\n")
	require.NoError(t, err)
	assert.Empty(t, got)
}

func TestReadSentencesErrors(t *testing.T) {
	for text, want := range map[string]string{
		"a\tX\nb\n":                       `datasets: x: line 2: got "b", wanted a token, a tab and a label`,
		"a\t\n":                           `datasets: x: line 1: got token "a" and label "", wanted neither empty`,
		"\tX\n":                           `datasets: x: line 1: got token "" and label "X", wanted neither empty`,
		"a\tX\n\xff\tX\n":                 "datasets: x: line 2: byte 0: invalid UTF-8 (0xff)",
		strings.Repeat("a", 5000) + "\tX": `datasets: x: line 1: got token "aaa`,
		strings.Repeat("a\tX\n", 1<<20+1): "datasets: x: line 1048577: ",
	} {
		_, err := sentences(text)
		require.Error(t, err)
		assert.True(t, strings.HasPrefix(err.Error(), want), "%v", err)
		assert.Less(t, len(err.Error()), 300)
	}
}

// FuzzReadSentences: any bytes give an error, or sentences with as many labels as
// tokens, that are read again as they were.
func FuzzReadSentences(f *testing.F) {
	for _, seed := range []string{"a\tX\nb\tY\n\nc\tX\n", "\uFEFFa X\r\n\r\n", " \tX\n", "a\n", "\x1f\x8b", "a\tb\tX\r"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var text strings.Builder
		var all []datasets.Sentence
		for s, err := range datasets.ReadSentences(bytes.NewReader(data), "x") {
			if err != nil {
				return
			}
			require.NotEmpty(t, s.Tokens)
			require.Len(t, s.Labels, len(s.Tokens))
			for i := range s.Tokens {
				require.NotEmpty(t, s.Labels[i])
				fmt.Fprintf(&text, "%s\t%s\n", s.Tokens[i], s.Labels[i])
			}
			text.WriteByte('\n')
			all = append(all, s)
		}
		again, err := sentences("\n" + text.String())
		require.NoError(t, err)
		require.Len(t, again, len(all))
		for i := range all {
			require.Equal(t, all[i].Tokens, again[i].Tokens)
			require.Equal(t, all[i].Labels, again[i].Labels)
		}
	})
}

// Each token with its commonest label; one that is not known with the commonest
// of all.
func TestTokenBaseline(t *testing.T) {
	fit := []datasets.Tagged{{IDs: []int{0, 0, 0, 1, 1}, Labels: []int{2, 2, 1, 1, 0}}, {IDs: []int{2}, Labels: []int{2}}}
	test := []datasets.Tagged{{IDs: []int{0, 0, 1, 9}, Labels: []int{2, 1, 0, 2}}}
	assert.InDelta(t, 0.75, datasets.TokenBaseline(fit, test), 1e-15)
	assert.Zero(t, datasets.TokenBaseline(fit, nil))
}

func ExampleRents() {
	rows, err := datasets.Rents{}.Rows(3, 1)
	fmt.Println(datasets.Rents{}.Columns(), err)
	for _, r := range rows {
		fmt.Println(r.Cells())
	}
	// Output:
	// [street kind area floor note price] <nil>
	// [river 7 studio 85 0 well kept, with a balcony 1421.93]
	// [suburb 4 house 98 9 well kept, no lift 801.60]
	// [station 5 flat 91 7 needs work, near a park 887.99]
}
