package datasets_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"github.com/unroll-go/unroll/datasets"
)

// realText is a text file, or the column of a table with "\n" after each cell.
func realText(t testing.TB, file, column string) string {
	t.Helper()
	path := dataFile(t, file)
	if column == "" {
		text, err := datasets.LoadText(path, "")
		require.NoError(t, err)
		return text
	}
	table, err := datasets.OpenTable(path, datasets.TableOptions{})
	require.NoError(t, err)
	defer table.Close()
	i, err := table.Column(column)
	require.NoError(t, err)
	var text strings.Builder
	for row, err := range table.Rows() {
		require.NoError(t, err)
		text.WriteString(row.Cells[i] + "\n")
	}
	return text.String()
}

// Real texts come back from words and from jamo, and few tokens are spent on unusual white space other than line ends.
func TestRealTexts(t *testing.T) {
	dataDir(t)
	for _, tt := range []struct {
		file, column string
		gaps         float64 // at most, of all tokens
	}{
		{"chars/tinyshakespeare.txt", "", 0.01},
		{"chars/korean_novels.txt.gz", "", 0.01},
		{"sentiment_ko/nsmc_ratings_test45k.txt.gz", "document", 0.04},
		{"dialog_ko/ChatbotData.csv.gz", "Q", 0.01},
	} {
		t.Run(tt.file, func(t *testing.T) {
			text := realText(t, tt.file, tt.column)
			w := wordsOf(t, datasets.WordsOptions{Exact: true}, text)
			ids, err := w.Encode(text)
			require.NoError(t, err)
			got, err := w.Decode(ids)
			require.NoError(t, err)
			assert.True(t, text == got, "words")
			gaps := 0
			for _, id := range ids {
				if word, _ := w.Word(id); strings.TrimSpace(word) == "" && !strings.Contains(word, "\n") {
					gaps++
				}
			}
			assert.Less(t, float64(gaps), tt.gaps*float64(len(ids)))

			j := jamoOf(t, datasets.VocabOptions{}, text)
			ids, err = j.Encode(text)
			require.NoError(t, err)
			got, err = j.Decode(ids)
			require.NoError(t, err)
			assert.True(t, norm.NFC.String(text) == got, "jamo")
		})
	}
}
