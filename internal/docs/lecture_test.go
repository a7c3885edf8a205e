package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	fence  = regexp.MustCompile("(?m)^```")
	images = regexp.MustCompile(`!\[[^\]]+\]\(([^)]+)\)`)
)

// chapterPages are the files of the chapters in one language, in their order.
func chapterPages(t *testing.T, dir string) []string {
	files, err := filepath.Glob(filepath.Join(root, "docs/lecture", dir, "[0-9][0-9]-*.md"))
	require.NoError(t, err)
	return files
}

// Every chapter of the lecture is in both languages under one name, with the
// same code and outputs, the same pictures, a formula, an output, an exercise
// and its answer; and both lists of contents have it.
func TestLectureIsInBothLanguages(t *testing.T) {
	english, korean := chapterPages(t, ""), chapterPages(t, "ko")
	require.Len(t, english, 12)
	require.Len(t, korean, 12)
	for i := range english {
		name := filepath.Base(english[i])
		require.Equal(t, name, filepath.Base(korean[i]))
		t.Run(name, func(t *testing.T) {
			en, ko := readPage(t, english[i]), readPage(t, korean[i])
			assert.Equal(t, block.FindAllString(en, -1), block.FindAllString(ko, -1), "code and outputs")
			assert.Len(t, fence.FindAllString(ko, -1), len(fence.FindAllString(en, -1)), "formulas, whose words are translated")
			assert.Equal(t, picturesOf(en, "en"), picturesOf(ko, "ko"), "pictures")

			assert.NotEmpty(t, picturesOf(en, "en"), "a picture")
			assert.Len(t, regexp.MustCompile("<!-- output: internal/lecture Example").FindAllString(en, -1), 1, "one output")
			assert.Contains(t, en, "<!-- source: ", "code")
			assert.Contains(t, en, "\n## Exercise\n")
			assert.Contains(t, ko, "\n## 연습 문제\n")
			for _, page := range []string{english[i], korean[i]} {
				contents := readPage(t, filepath.Join(filepath.Dir(page), "README.md"))
				assert.Contains(t, contents, "]("+name+")", "contents")
			}
		})
	}
}

func readPage(t *testing.T, path string) string {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

// picturesOf are the pictures of a page without language and folder.
func picturesOf(page, lang string) []string {
	var names []string
	for _, m := range images.FindAllStringSubmatch(page, -1) {
		names = append(names, strings.TrimSuffix(filepath.Base(m[1]), "."+lang+".svg"))
	}
	return names
}
