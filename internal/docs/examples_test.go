package docs

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// public are the packages that others import.
var public = []string{"graph", "graph/gradcheck", "cells", "cells/celltest", "models", "models/plot", "datasets", "train"}

// Whoever meets a constructor in the documentation finds an example: one of its
// own, one of its type, or one that calls it.
func TestConstructorsHaveExamples(t *testing.T) {
	for _, dir := range public {
		set := token.NewFileSet()
		files, called := sources(t, set, filepath.Join(root, dir))
		pkg, err := doc.NewFromFiles(set, files, "github.com/unroll-go/unroll/"+dir)
		require.NoError(t, err, dir)
		for _, typ := range pkg.Types {
			shown := len(typ.Examples) > 0
			for _, m := range typ.Methods {
				shown = shown || len(m.Examples) > 0
			}
			for _, f := range typ.Funcs {
				assert.True(t, shown || len(f.Examples) > 0 || called[f.Name], "%s.%s has no Example", dir, f.Name)
			}
		}
	}
}

// sources are the files of a package, tests too, and which functions its
// examples call.
func sources(t *testing.T, set *token.FileSet, dir string) (files []*ast.File, called map[string]bool) {
	called = map[string]bool{}
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	for _, name := range names {
		src, err := os.ReadFile(name)
		require.NoError(t, err)
		f, err := parser.ParseFile(set, name, src, parser.ParseComments)
		require.NoError(t, err)
		test := strings.HasSuffix(name, "_test.go")
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && test && strings.HasPrefix(fn.Name.Name, "Example") {
				calls(fn, called)
			}
		}
		if !test || strings.HasSuffix(f.Name.Name, "_test") {
			files = append(files, f)
		}
	}
	return files, called
}

func calls(fn *ast.FuncDecl, called map[string]bool) {
	ast.Inspect(fn, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			switch f := c.Fun.(type) {
			case *ast.SelectorExpr:
				called[f.Sel.Name] = true
			case *ast.Ident:
				called[f.Name] = true
			}
		}
		return true
	})
}
