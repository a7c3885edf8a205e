package lecture

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the pictures of docs/lecture anew")

const folder = "../../docs/lecture/pictures"

// hangul says whether a text has Korean letters.
func hangul(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0xac00 && r <= 0xd7a3 })
}

// wellFormed fails unless svg is XML with a title.
func wellFormed(t *testing.T, name string, svg []byte) {
	t.Helper()
	dec := xml.NewDecoder(bytes.NewReader(svg))
	for {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			break
		} else {
			require.NoError(t, err, name)
		}
	}
	assert.Contains(t, string(svg), "<title", name)
	assert.NotContains(t, string(svg), "NaN", name)
}

// The pictures of the chapters are what the code draws, in both languages, and
// no others lie in the folder.
func TestPicturesAreCurrent(t *testing.T) {
	var files []string
	for _, group := range AllPictures() {
		if !group.Committed {
			continue
		}
		pictures, err := group.Compute(context.Background(), Choice{})
		require.NoError(t, err)
		for _, p := range pictures {
			for _, l := range []Lang{English, Korean} {
				file := filepath.Join(folder, p.Name+"."+string(l)+".svg")
				files = append(files, file)
				var b bytes.Buffer
				require.NoError(t, p.SVG(l, &b), p.Name)
				wellFormed(t, file, b.Bytes())
				assert.False(t, p.Measured, "%s: measured times are never the same", p.Name)
				if *update {
					require.NoError(t, os.WriteFile(file, b.Bytes(), 0o644))
				}
				stored, err := os.ReadFile(file)
				require.NoError(t, err)
				assert.True(t, bytes.Equal(stored, b.Bytes()), "%s is stale; go test ./internal/lecture -run Pictures -update", file)
			}
			assert.True(t, hangul(p.Title.Ko) && hangul(p.Caption.Ko), "%s: %s", p.Name, p.Title.Ko)
			assert.False(t, hangul(p.Title.En) || p.Caption.En == "", p.Name)
		}
	}
	stored, err := filepath.Glob(filepath.Join(folder, "*"))
	require.NoError(t, err)
	slices.Sort(files)
	assert.Equal(t, files, stored)
}

// A cancelled context ends the computation.
func TestPicturesCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, group := range AllPictures() {
		if group.Name == "model" || group.Name == "look-up" {
			_, err := group.Compute(ctx, Choice{Seed: 1, Lang: English})
			assert.ErrorIs(t, err, context.Canceled)
		}
	}
}

// The slider goes from a gradient that vanishes over one that stays to one that
// explodes, in the numbers of chapter 8.
func TestWeights(t *testing.T) {
	ws, err := Weights()
	require.NoError(t, err)
	require.Len(t, ws, 21)
	assert.InDelta(t, 0.5, ws[0].Radius, 1e-12)
	assert.InDelta(t, 1.5, ws[20].Radius, 1e-12)
	assert.InEpsilon(t, 8.9e-16, ws[0].gradient[0][far], 0.01)
	assert.InDelta(t, 1, ws[10].gradient[0][far], 1e-9)
	assert.InEpsilon(t, 6.4e8, ws[20].gradient[0][far], 0.01)
	for i, want := range map[int]string{0: "vanishes", 10: "stays", 20: "explodes"} {
		assert.Contains(t, ws[i].Says.En, want)
		assert.True(t, hangul(ws[i].Says.Ko))
		for _, l := range []Lang{English, Korean} {
			var b bytes.Buffer
			require.NoError(t, ws[i].Chart(l).SVG(&b))
			wellFormed(t, "weight", b.Bytes())
		}
	}
}
