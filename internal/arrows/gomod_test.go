package arrows

import (
	"go/version"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	moving    = "go4.org/unsafe/assume-no-moving-gc"
	movingMin = "v0.0.0-20231121144256-b99613f794b6"

	// goMax is what the newest of our dependencies ask for, golang.org/x/sys v0.49.0 and golang.org/x/text v0.43.0. A
	// higher go line would shut out importers for nothing.
	goMax = "1.26.0"
)

// TestTensorStartsOnTodaysGo: tensor asks for a version of assume-no-moving-gc that panics at start on a Go it has not
// heard of. Our go.mod asks for one that does not, and importers inherit that; go get -u or a tidy must not lose it.
func TestTensorStartsOnTodaysGo(t *testing.T) {
	text, err := fs.ReadFile(root(), "go.mod")
	require.NoError(t, err)
	got := required(string(text), moving)
	require.NotEmpty(t, got, "go.mod must require %s %s", moving, movingMin)
	assert.GreaterOrEqual(t, got, movingMin, "versions that begin with a time are in the order of their text")
	assert.Empty(t, required(string(text), "replace"), "importers do not see a replacement")
}

// TestRequired reads the forms a requirement has.
func TestRequired(t *testing.T) {
	for name, c := range map[string]struct{ mod, want string }{
		"in a block": {"require (\n\tx.org/a v1.0.0\n\tx.org/b v1.2.0 // indirect\n)\n", "v1.2.0"},
		"alone":      {"require x.org/b v1.3.0\n", "v1.3.0"},
		"commented":  {"// x.org/b v1.4.0\n", ""},
		"longer":     {"require x.org/b/c v1.5.0\n", ""},
		"excluded":   {"exclude x.org/b v1.6.0\n", ""},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, required(c.mod, "x.org/b")) })
	}
}

// TestGoLine: whoever imports the library needs at least the Go of its go line, so it stays as low as the dependencies
// allow, and no toolchain is asked for.
func TestGoLine(t *testing.T) {
	text, err := fs.ReadFile(root(), "go.mod")
	require.NoError(t, err)
	got := required(string(text), "go")
	require.True(t, version.IsValid("go"+got), "go line %q", got)
	assert.LessOrEqual(t, version.Compare("go"+got, "go"+goMax), 0, "go %s, but the dependencies ask for %s", got, goMax)
	assert.Empty(t, required(string(text), "toolchain"))
}

// required is the word after name on the line of a go.mod that begins with it, or with require and it.
func required(mod, name string) string {
	for line := range strings.Lines(mod) {
		words := strings.Fields(line)
		if len(words) > 0 && words[0] == "require" {
			words = slices.Delete(words, 0, 1)
		}
		if len(words) > 1 && words[0] == name {
			return words[1]
		}
	}
	return ""
}
