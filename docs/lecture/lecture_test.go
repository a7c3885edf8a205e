package lecture_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/docs/lecture"
)

func TestPage(t *testing.T) {
	for lang, want := range map[string]string{"en": "# 2. The recurrence\n", "ko": "# 2. 순환식\n"} {
		page, err := lecture.Page(2, lang)
		require.NoError(t, err)
		assert.Equal(t, want, page[:len(want)])
	}
}

func TestPageThatIsNotThere(t *testing.T) {
	for _, chapter := range []int{-1, 0, 13, 1 << 40} {
		_, err := lecture.Page(chapter, "en")
		assert.ErrorContains(t, err, "lecture: there is no chapter")
	}
	for _, lang := range []string{"", "fr", "../ko", "ko/"} {
		_, err := lecture.Page(1, lang)
		assert.ErrorContains(t, err, "is unknown; there are en, ko")
	}
}
