package docs

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const root = "../.."

var update = flag.Bool("update", false, "write the blocks anew")

// block is a marked code block: what it shows, and the text between the fences.
var block = regexp.MustCompile("(?s)<!-- (example|output|source|file): (\\S+)(?: (\\S+))? -->\n```(?:go)?\n(.*?)```")

func pages(t *testing.T) []string {
	var all []string
	for _, glob := range []string{"*.md", "docs/*.md", "docs/*/*.md", "docs/*/*/*.md"} {
		files, err := filepath.Glob(filepath.Join(root, glob))
		require.NoError(t, err)
		all = append(all, files...)
	}
	require.NotEmpty(t, all)
	return all
}

// Code in the pages is the code that is tested.
func TestBlocksAreCurrent(t *testing.T) {
	blocks := 0
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		fresh := block.ReplaceAllStringFunc(string(text), func(old string) string {
			m := block.FindStringSubmatch(old)
			want, err := render(m[1], m[2], m[3])
			require.NoError(t, err, "%s: %s %s", page, m[2], m[3])
			blocks++
			if !*update {
				assert.Equal(t, want, m[4], "%s: %s %s %s is stale; go test ./internal/docs -update", page, m[1], m[2], m[3])
			}
			return strings.TrimSuffix(old, m[4]+"```") + want + "```"
		})
		if *update && fresh != string(text) {
			require.NoError(t, os.WriteFile(page, []byte(fresh), 0o644))
		}
	}
	assert.Positive(t, blocks)
}

var goBlock = regexp.MustCompile("(?m)^(.*)\n```go$")

// Every block of Go in a page is one of those.
func TestAllGoIsTested(t *testing.T) {
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, m := range goBlock.FindAllStringSubmatch(string(text), -1) {
			assert.Regexp(t, `^<!-- (example|source|file): .* -->$`, m[1], "%s: a block of Go below this line is not from tested code", page)
		}
	}
}

// render is the text that a marker stands for.
func render(kind, place, name string) (string, error) {
	path := filepath.Join(root, place)
	files := []string{path}
	switch kind {
	case "file":
		text, err := os.ReadFile(path)
		return string(text), err
	case "example", "output":
		var err error
		if files, err = filepath.Glob(filepath.Join(path, "*_test.go")); err != nil {
			return "", err
		}
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, file, src, parser.ParseComments)
		if err != nil {
			return "", err
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if nameOf(d) == name {
					return show(kind, string(src), set, d)
				}
			case *ast.GenDecl:
				if declares(d, name) && kind == "source" {
					return string(src[set.Position(d.Pos()).Offset:set.Position(d.End()).Offset]) + "\n", nil
				}
			}
		}
	}
	return "", fmt.Errorf("there is no %s in %s", name, place)
}

// nameOf is Func, or Type.Method.
func nameOf(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return fn.Name.Name
	}
	switch t := fn.Recv.List[0].Type.(type) {
	case *ast.Ident:
		return t.Name + "." + fn.Name.Name
	case *ast.StarExpr:
		if id, ok := t.X.(*ast.Ident); ok {
			return id.Name + "." + fn.Name.Name
		}
	}
	return ""
}

// declares says whether d declares the type name, by itself.
func declares(d *ast.GenDecl, name string) bool {
	if len(d.Specs) != 1 {
		return false
	}
	spec, ok := d.Specs[0].(*ast.TypeSpec)
	return ok && spec.Name.Name == name
}

func show(kind, src string, set *token.FileSet, fn *ast.FuncDecl) (string, error) {
	at := func(p token.Pos) int { return set.Position(p).Offset }
	if kind == "source" {
		return src[at(fn.Pos()):at(fn.End())] + "\n", nil
	}
	body := src[at(fn.Body.Lbrace)+1 : at(fn.Body.Rbrace)]
	code, output, found := strings.Cut(body, "\t// Output:")
	if !found {
		return "", fmt.Errorf("%s has no output and is not run", fn.Name.Name)
	}
	text := code
	if kind == "output" {
		text = strings.ReplaceAll(output, "\t//", "")
		lines := strings.Split(text, "\n")
		for i := range lines {
			lines[i] = strings.TrimPrefix(lines[i], " ")
		}
		return strings.TrimSpace(strings.Join(lines, "\n")) + "\n", nil
	}
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimPrefix(lines[i], "\t")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n") + "\n", nil
}

var link = regexp.MustCompile(`\]\(([^)#\s]+)(#[^)\s]*)?\)`)

// Links to files lead somewhere.
func TestLinks(t *testing.T) {
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			_, err := os.Stat(filepath.Join(filepath.Dir(page), m[1]))
			assert.NoError(t, err, "%s: link to %s", page, m[1])
		}
	}
}
