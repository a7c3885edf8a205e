package models_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/models"
)

func savedTabular(t testing.TB, m *models.Tabular) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, m.Save(&b))
	return b.Bytes()
}

// A model read back is the same to the bit, answers the same and is written as
// it was.
func TestTabularSaveLoad(t *testing.T) {
	for _, regress := range []bool{false, true} {
		m := newTabular(t, regress)
		m.Target.Name = "arr_delay"
		path := filepath.Join(t.TempDir(), "m.safetensors")
		require.NoError(t, m.SaveFile(path))
		got, err := models.LoadTabularFile(path)
		require.NoError(t, err)
		assert.Equal(t, m.Config, got.Config)
		assert.Equal(t, m.Target, got.Target)
		assert.Equal(t, m.Features.Columns, got.Features.Columns)
		assert.Equal(t, bits(m.Params), bits(got.Params))
		assert.Equal(t, savedTabular(t, m), savedTabular(t, got))
		want, err := m.Predict(flightRecords(5)...)
		require.NoError(t, err)
		answers, err := got.Predict(flightRecords(5)...)
		require.NoError(t, err)
		assert.Equal(t, want, answers)
	}
}

// TestTabularFileIsPyTorchs: names and shapes are those of a module with tables,
// text, body and out.
func TestTabularFileIsPyTorchs(t *testing.T) {
	got := map[string][]int{}
	for _, x := range read(t, savedTabular(t, newTabular(t, true))).Tensors {
		if !strings.HasPrefix(x.Name, "text.rnn.") {
			got[x.Name] = x.Shape
		}
	}
	assert.Equal(t, map[string][]int{
		"tables.0.weight": {7, 3}, "text.embed.weight": {10, 2}, // 8 letters, other, the end
		"body.0.weight": {5, 13}, "body.0.bias": {5}, "body.1.weight": {4, 5}, "body.1.bias": {4}, "out.weight": {1, 4}, "out.bias": {1},
	}, got)
}

func TestLoadTabularRefusesMetadata(t *testing.T) {
	good := savedTabular(t, newTabular(t, true))
	columns := read(t, good).Metadata["unroll.columns"]
	changed := func(old, to string) string {
		require.Contains(t, columns, old)
		return strings.Replace(columns, old, to, 1)
	}
	for name, c := range map[string]struct{ key, value, want string }{
		"a classifier":    {"unroll.kind", "classifier/1", `unroll.kind is "classifier/1", "tabular/1" wanted`},
		"no config":       {"unroll.config", "", "unroll.config: unexpected end"},
		"no text":         {"unroll.config", `{"body":[5,4]}`, "a text column and its configuration are wanted together"},
		"body of 2^40":    {"unroll.config", `{"body":[1099511627776]}`, "body must have widths in [1, 65536]"},
		"longest 0":       {"unroll.config", `{"body":[5,4],"text":{"cell":"gru","embed":2,"hidden":2,"layers":1}}`, "longest must be in"},
		"no embedding":    {"unroll.config", `{"body":[5,4],"text":{"cell":"gru","embed":0,"hidden":2,"layers":1,"longest":6}}`, "embed must be at least 1, got 0"},
		"no columns":      {"unroll.columns", `{}`, "1 to 4096 columns wanted, got 0"},
		"null":            {"unroll.columns", `null`, "1 to 4096 columns wanted, got 0"},
		"width 2^20":      {"unroll.columns", changed(`"width":3`, `"width":1048576`), "the width must be in [1, 65536]"},
		"width 4":         {"unroll.columns", changed(`"width":3`, `"width":4`), "tables.0.weight: shape [7 4] wanted, got [7 3]"},
		"kind":            {"unroll.columns", changed(`"kind":"cat"`, `"kind":"dog"`), `kind "dog" is unknown`},
		"kind of another": {"unroll.columns", changed(`"kind":"onehot"`, `"kind":"num"`), "2 lists of categories for 1 columns"},
		"category twice":  {"unroll.columns", changed(`"N1"`, `"N0"`), "a name is there twice"},
		"category null":   {"unroll.columns", changed(`["A","B","U"]`, `null`), "has no categories"},
		"no one-hot":      {"unroll.columns", changed(`["A","B","U"]`, `[]`), "no category is frequent enough"},
		"scale 0":         {"unroll.columns", changed(`"scale":[`, `"scale":[0,`), "scaler: "},
		"marks":           {"unroll.columns", changed(`"missing":[false,true]`, `"missing":[true]`), "2 columns of numbers"},
		"no scaler":       {"unroll.columns", changed(`"scaler":`, `"scalar":`), "2 columns of numbers, but a scaler: false"},
		"tokens":          {"unroll.columns", changed(`"tokens":`, `"tokens":null,"other":`), "tokeniser"},
		"no target":       {"unroll.target", `{}`, "at least 2 labels wanted, got 0"},
		"both targets":    {"unroll.target", `{"labels":["a","b"],"scaler":{"kind":"standard","shift":[1],"scale":[1]}}`, "a target is labels or one number"},
		"two numbers":     {"unroll.target", `{"scaler":{"kind":"standard","shift":[1,1],"scale":[1,1]}}`, "a target is labels or one number"},
		"labels":          {"unroll.target", `{"labels":["a","b"]}`, "out.weight: shape [2 4] wanted, got [1 4]"},
		"unsorted":        {"unroll.target", `{"labels":["b","a"]}`, "sorted and distinct labels wanted"},
	} {
		t.Run(name, func(t *testing.T) {
			f := read(t, good)
			if f.Metadata[c.key] = c.value; c.value == "" {
				delete(f.Metadata, c.key)
			}
			m, err := models.LoadTabular(bytes.NewReader(write(t, f)))
			require.ErrorIs(t, err, models.ErrFormat)
			assert.ErrorContains(t, err, c.want)
			assert.Nil(t, m)
		})
	}
}

// FuzzLoadTabular: any bytes give an error that says so, or a model that answers
// and is written as it was read.
func FuzzLoadTabular(f *testing.F) {
	f.Add(savedTabular(f, newTabular(f, true)))
	f.Add(savedTabular(f, newTabular(f, false)))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := models.LoadTabular(bytes.NewReader(data))
		if err != nil {
			require.ErrorIs(t, err, models.ErrFormat)
			require.Nil(t, m)
			return
		}
		again, err := models.LoadTabular(bytes.NewReader(savedTabular(t, m)))
		require.NoError(t, err)
		require.Equal(t, bits(m.Params), bits(again.Params))
	})
}
