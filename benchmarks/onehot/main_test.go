package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTable(t *testing.T) {
	var out, errs strings.Builder
	assert.Equal(t, 0, run([]string{"--width", "8", "--ids", "10", "--rounds", "1", "--most", "500"}, &out, &errs), errs.String())
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	assert.Len(t, lines, 6)
	assert.Contains(t, lines[0], "10 ids, vectors of 8")
	assert.True(t, strings.HasPrefix(lines[4], "| 100 |") && strings.HasPrefix(lines[5], "| 500 |"), lines)
	// One-hot: a product of [10, V] by [V, 8] forward and one of [V, 10] by [10, 8] back.
	assert.Equal(t, "0.16", strings.Fields(strings.ReplaceAll(lines[5], "|", " "))[4][:4])
}

func TestFlagsThatCannotBe(t *testing.T) {
	for _, args := range [][]string{{"--width", "0"}, {"--ids", "70000"}, {"--rounds", "x"}, {"more"}} {
		var out, errs strings.Builder
		assert.Equal(t, 2, run(args, &out, &errs), args)
		assert.Contains(t, errs.String(), "onehot: ")
	}
	var out, errs strings.Builder
	assert.Equal(t, 0, run([]string{"--help"}, &out, &errs))
	assert.Contains(t, out.String(), "-width")
}
