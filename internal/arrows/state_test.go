package arrows

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNoState holds the libraries to having no init functions and no package-level variables but sentinels, tables,
// embedded files and interface assertions. The kernel chooses its loops for the processor once, at start.
func TestNoState(t *testing.T) {
	fsys := root()
	files, err := sources(fsys)
	require.NoError(t, err)
	for _, name := range files {
		first, _, _ := strings.Cut(name, "/")
		if first == "cmd" || first == "benchmarks" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		if strings.HasPrefix(name, "internal/kernel/") {
			continue
		}
		text, err := fs.ReadFile(fsys, name)
		require.NoError(t, err)
		assert.Empty(t, stateIn(t, string(text)), name)
	}
}

// TestNoStateOfOneDeclaration gives the checker one declaration at a time.
func TestNoStateOfOneDeclaration(t *testing.T) {
	for decl, want := range map[string][]string{
		`var ErrX = errors.New("x")`:                    nil,
		`var errX = fmt.Errorf("x: %w", io.EOF)`:        nil,
		`var _ Cell = LSTM{}`:                           nil,
		`var names = [...]string{"a"}`:                  nil,
		`var byName = map[string]int{}`:                 nil,
		`var zeros = strings.Repeat("0", 64)`:           nil,
		"//go:embed x.txt\nvar x string":                nil,
		"var (\n\t//go:embed x.txt\n\tx string\n)":      nil,
		`func (c *cell) init() {}`:                      nil,
		`func f() { var n int; n++ }`:                   nil,
		`func init() {}`:                                {"init"},
		`var n int`:                                     {"n"},
		`var n = 0`:                                     {"n"},
		`var rng = rand.New(rand.NewPCG(1, 2))`:         {"rng"},
		`var mu sync.Mutex`:                             {"mu"},
		`var a, pool = errors.New("a"), sync.Pool{}`:    {"pool"},
		`var last = &Params{}`:                          {"last"},
		"var (\n\tErrX = errors.New(\"x\")\n\tn int\n)": {"n"},
	} {
		t.Run(decl, func(t *testing.T) { assert.Equal(t, want, stateIn(t, "package p\n\n"+decl)) })
	}
}

// stateIn returns the names in one file that break the rule.
func stateIn(t *testing.T, text string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "", text, parser.ParseComments|parser.SkipObjectResolution)
	require.NoError(t, err)
	var wrong []string
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.Name == "init" {
				wrong = append(wrong, "init")
			}
		case *ast.GenDecl:
			if d.Tok == token.VAR && !embeds(d.Doc) {
				for _, s := range d.Specs {
					wrong = append(wrong, variables(s.(*ast.ValueSpec))...)
				}
			}
		}
	}
	return wrong
}

// variables are the names of one declaration that are not constant in all but the word.
func variables(s *ast.ValueSpec) []string {
	if embeds(s.Doc) {
		return nil
	}
	var names []string
	for i, name := range s.Names {
		if name.Name != "_" && (i >= len(s.Values) || !fixed(s.Values[i])) {
			names = append(names, name.Name)
		}
	}
	return names
}

// fixed says whether a value is a table or made by a call whose result nobody can change.
func fixed(value ast.Expr) bool {
	switch v := value.(type) {
	case *ast.CompositeLit:
		switch v.Type.(type) {
		case *ast.ArrayType, *ast.MapType:
			return true
		}
	case *ast.CallExpr:
		makers := []string{"errors.New", "fmt.Errorf", "strings.Repeat", "strings.NewReplacer", "regexp.MustCompile"}
		return slices.Contains(makers, types.ExprString(v.Fun))
	}
	return false
}

// embeds says whether a comment is a go:embed directive.
func embeds(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool {
		return strings.HasPrefix(c.Text, "//go:embed ")
	})
}
