package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// step is what a page has its reader do: run commands, write a file, see what
// was printed.
var step = regexp.MustCompile("(?s)<!-- (run|file|prints)(?:: (\\S+))? -->\n```\\w*\n(.*?)```")

// TestFromNothing does what the pages say, word for word: in an empty directory
// beside the clone each command and each file, in order. Afterwards the last
// page's output must be what it says.
func TestFromNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("builds modules of their own")
	}
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("the pages' commands are for a shell, and there is no bash")
	}
	for page, products := range map[string][]string{
		"docs/first-cell.md": {"first/loss.svg"},
		"docs/add-a-cell.md": {"peephole/go.mod"},
	} {
		t.Run(page, func(t *testing.T) { follow(t, page, products) })
	}
}

func follow(t *testing.T, page string, products []string) {
	text, err := os.ReadFile(filepath.Join(root, page))
	require.NoError(t, err)
	script, prints := scriptOf(string(text))
	require.NotEmpty(t, script)

	dir := t.TempDir()
	clone, err := filepath.Abs(root)
	require.NoError(t, err)
	require.NoError(t, os.Symlink(clone, filepath.Join(dir, "unroll")))
	require.NoError(t, os.Mkdir(filepath.Join(dir, filepath.Dir(products[0])), 0o755))
	sums, err := os.ReadFile(filepath.Join(root, "go.sum")) // so that no checksum is asked for over the network
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, filepath.Dir(products[0]), "go.sum"), sums, 0o644))

	cmd := exec.Command("bash", "-e", "-c", script)
	cmd.Dir = dir
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "%s%s", out, &stderr)
	for _, want := range prints {
		assert.Contains(t, string(out), want)
	}
	for _, p := range products {
		assert.FileExists(t, filepath.Join(dir, p))
	}
}

// scriptOf is what a page says as one script, and what it says is printed.
func scriptOf(text string) (script string, prints []string) {
	var b strings.Builder
	for _, m := range step.FindAllStringSubmatch(text, -1) {
		switch m[1] {
		case "run":
			b.WriteString(m[3])
		case "file":
			b.WriteString("cat >" + filepath.Base(m[2]) + " <<'END OF FILE'\n" + m[3] + "END OF FILE\n")
		case "prints":
			prints = append(prints, m[3])
		}
	}
	return b.String(), prints
}
