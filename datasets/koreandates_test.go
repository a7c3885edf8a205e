package datasets_test

import (
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

// part returns the characters of one class, and whether they stand together.
func part(s datasets.TaggedText, class int) (text string, together bool) {
	together = true
	last := -1
	for k, r := range []rune(s.Text) {
		if s.Labels[k] != class {
			continue
		}
		if last >= 0 && k != last+1 {
			together = false
		}
		text += string(r)
		last = k
	}
	return text, together
}

// Each part of a date stands in one place, has the form of that part, and the weekday is that of the date.
func TestKoreanDates(t *testing.T) {
	var task datasets.KoreanDates
	forms := []*regexp.Regexp{
		datasets.DateYear:    regexp.MustCompile(`^(|\d\d|\d{4}년|\d{4}|(천구백|이천)[이삼사오육칠팔구십일]*년)$`),
		datasets.DateMonth:   regexp.MustCompile(`^(\d\d?월?|(일|이|삼|사|오|유|칠|팔|구|시|십일|십이)월)$`),
		datasets.DateDay:     regexp.MustCompile(`^(\d\d?일?|[이삼]?십?[일이삼사오육칠팔구]?일)$`),
		datasets.DateWeekday: regexp.MustCompile(`^(|[월화수목금토일](요일)?)$`),
	}
	seen := map[string]bool{}
	for _, s := range taskOf(t, task.Sentences) {
		require.Len(t, s.Labels, utf8.RuneCountInString(s.Text))
		require.NotContains(t, s.Text, "@")
		require.NotContains(t, s.Text, "#")
		parts := make([]string, task.Classes())
		for class := datasets.DateYear; class <= datasets.DateWeekday; class++ {
			text, together := part(s, class)
			require.True(t, together, "%s: %q", s.Text, text)
			require.Regexp(t, forms[class], text, s.Text)
			parts[class] = text
			seen[task.Names()[class]+shape(text)] = true
		}
		if year, found := strings.CutSuffix(parts[datasets.DateYear], "년"); found && parts[datasets.DateWeekday] != "" {
			checkWeekday(t, s.Text, year, parts)
		}
	}
	for _, want := range []string{"year", "year0000", "year00", "month0월", "month00", "day0일", "weekday가요일", "weekday"} {
		assert.True(t, seen[want], want)
	}
}

// shape is a text with 0 for each figure and, of three characters, 가 for the first.
func shape(text string) string {
	text = regexp.MustCompile(`\d`).ReplaceAllString(text, "0")
	return regexp.MustCompile(`^.요일$`).ReplaceAllString(text, "가요일")
}

func checkWeekday(t *testing.T, sentence, year string, parts []string) {
	t.Helper()
	at, err := time.Parse("2006 1월 2일", year+" "+parts[datasets.DateMonth]+" "+parts[datasets.DateDay])
	if err != nil {
		return // in words
	}
	want := string([]rune("일월화수목금토")[at.Weekday()])
	require.True(t, strings.HasPrefix(parts[datasets.DateWeekday], want), sentence)
}

func TestKoreanDatesExamples(t *testing.T) {
	var task datasets.KoreanDates
	vocab, err := task.Vocab()
	require.NoError(t, err)
	unknown, _ := vocab.Unknown()
	sentences, err := task.Sentences(2000, 7)
	require.NoError(t, err)
	for i, e := range taskOf(t, task.Examples) {
		text, err := vocab.Decode(e.IDs)
		require.NoError(t, err)
		require.Equal(t, sentences[i].Text, text)
		require.Equal(t, sentences[i].Labels, e.Labels)
		require.NotContains(t, e.IDs, unknown, text)
	}
	assert.Equal(t, task.Classes(), len(task.Names()))
	assert.InDelta(t, 0.786, task.Baseline(), 0.0005)
}
