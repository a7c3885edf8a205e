// Package lecture carries the pages of the lecture, so that a program can show
// them. The code that they show is in internal/lecture.
package lecture

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed *.md ko/*.md
var pages embed.FS

// Languages are those that every page is in.
func Languages() []string { return []string{"en", "ko"} }

// Page is the Markdown of a chapter, from 1, in a language. A chapter or a
// language that is not there is an error.
func Page(chapter int, lang string) (string, error) {
	dir, ok := map[string]string{"en": "", "ko": "ko/"}[lang]
	if !ok {
		return "", fmt.Errorf("lecture: language %q is unknown; there are %s", lang, strings.Join(Languages(), ", "))
	}
	names, err := fs.Glob(pages, fmt.Sprintf("%s%02d-*.md", dir, chapter))
	if err != nil || len(names) != 1 {
		return "", fmt.Errorf("lecture: there is no chapter %d", chapter)
	}
	text, err := fs.ReadFile(pages, names[0])
	return string(text), err
}
