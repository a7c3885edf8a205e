package arrows

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/unroll-go/unroll"

// root is the module, seen from this package's folder.
func root() fs.FS { return os.DirFS("../..") }

// TestArrows holds the whole module to the table.
func TestArrows(t *testing.T) {
	wrong, err := check(root())
	require.NoError(t, err)
	assert.Empty(t, wrong, "see rules_test.go")
}

// TestArrowsSeesAll guards against a walk that finds nothing wrong because it finds nothing.
func TestArrowsSeesAll(t *testing.T) {
	files, err := sources(root())
	require.NoError(t, err)
	for _, want := range []string{"graph/doc.go", "internal/kernel/doc.go", "internal/arrows/arrows_test.go"} {
		assert.Contains(t, files, want)
	}
}

// TestArrowsOfOneFile gives the checker one import at a time.
func TestArrowsOfOneFile(t *testing.T) {
	const ok = ""
	for _, c := range []struct{ file, imports, want string }{
		{"cells/lstm.go", module + "/graph", ok},
		{"cells/lstm_test.go", module + "/cells", ok},
		{"cells/lstm_test.go", module + "/cells/celltest", ok},
		{"cells/lstm.go", module + "/cells/celltest", "cells must not import cells/celltest"},
		{"cells/lstm.go", module + "/models", "cells must not import models"},
		{"cells/lstm_test.go", module + "/models", "cells must not import models, not even in a test"},
		{"cells/lstm.go", module + "/internal/kernel", "cells must not import internal/kernel"},
		{"cells/lstm.go", module, "cells must not import ."},
		{"cells/lstm.go", "gorgonia.org/gorgonia", "cells must not import gorgonia.org/gorgonia"},
		{"cells/lstm_test.go", "gorgonia.org/tensor", "cells must not import gorgonia.org/tensor, not even in a test"},

		{"graph/node.go", "gorgonia.org/gorgonia", ok},
		{"graph/node.go", "gorgonia.org/tensor/native", ok},
		{"graph/node.go", "gorgonia.org/tensors", "graph must not import gorgonia.org/tensors"},
		{"graph/node.go", "gorgonia.org/cu", "graph must not import gorgonia.org/cu"},
		{"graph/node_test.go", "gorgonia.org/cu", ok},
		{"graph/node.go", "github.com/stretchr/testify", "graph must not import github.com/stretchr/testify"},
		{"graph/node_test.go", "github.com/stretchr/testify/assert", ok},
		{"graph/node.go", module + "/graph/gradcheck", "graph must not import graph/gradcheck"},
		{"graph/node_test.go", module + "/graph/gradcheck", ok},
		{"graph/gradcheck/gradcheck.go", module + "/graph", ok},
		{"graph/gradcheck/gradcheck.go", "gorgonia.org/tensor", "graph/gradcheck must not import gorgonia.org/tensor"},

		{"internal/kernel/exp.go", "golang.org/x/sys/cpu", ok},
		{"internal/kernel/exp.go", module + "/graph", "internal/kernel must not import graph"},
		{"datasets/load.go", module + "/graph", "datasets must not import graph"},
		{"datasets/load_test.go", module + "/train", "datasets must not import train, not even in a test"},
		{"models/save.go", module + "/internal/safetensors", ok},
		{"models/fit.go", module + "/train", "models must not import train"},
		{"train/fit.go", module + "/datasets", ok},
		{"train/fit.go", module + "/cmd/demo", "train must not import cmd/demo"},
		{"train/mpi.go", "C", "train must not import C"},
		{"train/plot.go", "github.com/guptarohit/asciigraph", "train must not import github.com/guptarohit/asciigraph"},

		{"cmd/demo/main.go", "github.com/spf13/cobra", ok},
		{"cmd/demo/main.go", module + "/cells", ok},
		{"cmd/demo/main.go", "gorgonia.org/gorgonia", "cmd/demo must not import gorgonia.org/gorgonia"},
		{"benchmarks/lstm_test.go", module + "/internal/kernel", ok},
		{"benchmarks/lstm.go", "gorgonia.org/tensor", "benchmarks must not import gorgonia.org/tensor"},
		{"benchmarks/peers/gorgonia.go", "gorgonia.org/gorgonia", ok},

		{"util/util.go", "fmt", "util has no line in the table"},
		{"unroll.go", "fmt", ". has no line in the table"},
	} {
		t.Run(c.file+" "+c.imports, func(t *testing.T) {
			wrong, err := check(fstest.MapFS{c.file: source(c.imports)})
			require.NoError(t, err)
			if c.want == ok {
				assert.Empty(t, wrong)
			} else {
				assert.Equal(t, []string{c.file + ": " + c.want}, wrong)
			}
		})
	}
}

// TestArrowsPassesOver keeps other modules, testdata and hidden folders out, and build tags from hiding a file.
func TestArrowsPassesOver(t *testing.T) {
	up := source(module + "/train")
	tagged := &fstest.MapFile{Data: append([]byte("//go:build ignore\n\n"), up.Data...)}
	wrong, err := check(fstest.MapFS{
		"graph/testdata/x.go":        up,
		"graph/.old/x.go":            up,
		"graph/_old/x.go":            up,
		"internal/kernel/gen/go.mod": &fstest.MapFile{Data: []byte("module gen\n")},
		"internal/kernel/gen/x.go":   up,
		"graph/gen.go":               tagged,
	})
	require.NoError(t, err)
	assert.Equal(t, []string{"graph/gen.go: graph must not import train"}, wrong)
}

func source(imports string) *fstest.MapFile {
	return &fstest.MapFile{Data: fmt.Appendf(nil, "package p\n\nimport _ %q\n", imports)}
}

// check reads the imports of all files and returns a sentence for each that has no arrow.
func check(fsys fs.FS) ([]string, error) {
	files, err := sources(fsys)
	if err != nil {
		return nil, err
	}
	var wrong []string
	for _, name := range files {
		imports, err := importsOf(fsys, name)
		if err != nil {
			return nil, err
		}
		for _, sentence := range judge(path.Dir(name), strings.HasSuffix(name, "_test.go"), imports) {
			wrong = append(wrong, name+": "+sentence)
		}
	}
	return wrong, nil
}

// judge applies the line of pkg to the imports of one of its files.
func judge(pkg string, test bool, imports []string) []string {
	i := slices.IndexFunc(arrows, func(r rule) bool { return matches(r.pkg, pkg) })
	if i < 0 {
		return []string{pkg + " has no line in the table"}
	}
	var wrong []string
	for _, to := range imports {
		switch short, own := inModule(to); {
		case arrows[i].allows(to, test), own && short == pkg:
		case test:
			wrong = append(wrong, pkg+" must not import "+short+", not even in a test")
		default:
			wrong = append(wrong, pkg+" must not import "+short)
		}
	}
	return wrong
}

// allows says whether r has an arrow to the package with the import path to.
func (r rule) allows(to string, test bool) bool {
	short, own := inModule(to)
	beside := func(prefix string) bool {
		if prefix == anything {
			return !matches(gorgonia+"/...", to)
		}
		return matches(prefix+"/...", to)
	}
	inside := func(pattern string) bool { return matches(pattern, short) }
	switch {
	case own:
		return slices.ContainsFunc(r.uses, inside) || test && slices.ContainsFunc(r.tests, inside)
	case standard(to) || slices.ContainsFunc(r.outside, beside):
		return true
	default:
		return test && (slices.ContainsFunc(r.tests, beside) || slices.ContainsFunc(checkers, beside))
	}
}

// matches says whether pkg is the one named by pattern, or below it if the pattern ends in /... .
func matches(pattern, pkg string) bool {
	if pattern == anything || pattern == pkg {
		return true
	}
	above, ok := strings.CutSuffix(pattern, "/...")
	return ok && (pkg == above || strings.HasPrefix(pkg, above+"/"))
}

// inModule cuts the module from an import path. What is not in the module stays whole.
func inModule(to string) (pkg string, own bool) {
	if to == module {
		return ".", true
	}
	return strings.CutPrefix(to, module+"/")
}

// standard says whether a package comes with Go: its path has no domain.
func standard(to string) bool {
	first, _, _ := strings.Cut(to, "/")
	return !strings.Contains(first, ".") && to != "C"
}

// sources lists the module's Go files.
func sources(fsys fs.FS) ([]string, error) {
	var files []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && skipped(fsys, name):
			return fs.SkipDir
		case !d.IsDir() && path.Ext(name) == ".go":
			files = append(files, name)
		}
		return nil
	})
	return files, err
}

// skipped says whether go build ./... passes over a folder.
func skipped(fsys fs.FS, dir string) bool {
	base := path.Base(dir)
	_, err := fs.Stat(fsys, dir+"/go.mod")
	return err == nil || base == "testdata" || base == "vendor" || base[0] == '.' || base[0] == '_'
}

// importsOf returns the import paths of one file.
func importsOf(fsys fs.FS, name string) ([]string, error) {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, spec := range file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		paths = append(paths, p)
	}
	return paths, nil
}
