package main

import (
	"bytes"
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/internal/lecture"
)

// quickPictures are those that need no training.
func quickPictures() []lecture.Pictures {
	return slices.DeleteFunc(lecture.AllPictures(), func(p lecture.Pictures) bool {
		return !slices.Contains([]string{"unrolled", "forms", "words"}, p.Name)
	})
}

// The page is one file, in each language, with all pictures, and it works
// without a network and without scripts but its own.
func TestLecturePage(t *testing.T) {
	for lang, words := range map[string][]string{
		"en": {"How recurrent networks work", "The four forms", "it vanishes", "it explodes"},
		"ko": {"순환 신경망은 어떻게 동작하는가", "네 가지 형태", "소실됩니다", "폭발합니다"},
	} {
		t.Run(lang, func(t *testing.T) {
			files(t, nil)
			var out, err bytes.Buffer
			j := lectureJob{lang: lang, out: "a/b", seed: 1}
			require.NoError(t, j.pictures(t.Context(), quickPictures(), streams{out: &out, err: &err}))
			assert.Equal(t, "a/b/index.html\n", out.String())
			assert.Contains(t, err.String(), "a/b/06-forms."+lang+".svg\n")
			page := string(read(t, "a/b/index.html"))
			for _, w := range append(words, `<html lang="`+lang+`">`) {
				assert.True(t, strings.Contains(page, w), w)
			}
			assert.Equal(t, 1, strings.Count(page, "<script>"))
			assert.Equal(t, 21, strings.Count(page, `class="scroll weight"`))
			assert.Equal(t, 20, strings.Count(page, `" hidden>`), "one place of the slider shows")
			assert.Equal(t, 3, strings.Count(page, `src="data:image/svg`))
			assert.Equal(t, 2, strings.Count(page, "<details>"), "what is open can be shut")
			for _, url := range regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(page, -1) {
				assert.Regexp(t, `^(#|data:image/svg)`, url[1], "nothing from outside")
			}
			for _, id := range regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(page, -1) {
				assert.Equal(t, 1, strings.Count(page, ` id="`+id[1]+`"`), id[1])
			}
			wellFormed(t, read(t, "a/b/06-forms."+lang+".svg"))

			again := lectureJob{lang: lang, out: "c", seed: 1}
			require.NoError(t, again.pictures(t.Context(), quickPictures(), streams{out: &out, err: &err}))
			assert.True(t, page == string(read(t, "c/index.html")), "the same seed, other bytes")
		})
	}
}

func TestLectureRefuses(t *testing.T) {
	files(t, map[string]string{"file": "x"})
	for args, want := range map[string]string{
		"lecture --out d --lang fr": `--lang must be en or ko, got "fr"`,
		"lecture 3 --out d":         "a chapter and --out are two things, give one of them",
		"lecture 3 4":               "one chapter at a time is wanted, got 2",
		"lecture x":                 `the number of a chapter is wanted, got "x"`,
		"lecture --out file":        "file: ",
		"lecture --out file/d":      "not a directory",
	} {
		got := demo(t, strings.Fields(args)...)
		assert.NotZero(t, got.code, args)
		assert.Contains(t, got.err, want)
		assert.Empty(t, got.out)
	}
	assert.Equal(t, []string{"file"}, listing(t))

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	got := demoUntil(t, ctx, "lecture", "--out", "d")
	assert.Equal(t, "demo: interrupted; 0 pictures are in d, the page is not\n", got.err)
	assert.Equal(t, 1, got.code)
	assert.Contains(t, works(t, "lecture").out, "demo lecture --out pictures")
}
