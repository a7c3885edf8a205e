package datasets_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

// Values are numbered by frequency, "other" is last and takes in what was cut or
// never seen.
func ExampleNewCategories() {
	c, err := datasets.NewCategories(datasets.CategoriesOptions{MinCount: 2}, "UA", "B6", "UA", "AA", "B6", "UA")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Names(), c.Len())
	fmt.Println(c.ID("UA"), c.ID("B6"), c.ID("AA"), c.ID("never seen"))
	// Output:
	// [UA B6] 3
	// 0 1 2 2
}

func TestCategories(t *testing.T) {
	values := strings.Fields("b a b c a b d d")
	for name, c := range map[string]struct {
		opt   datasets.CategoriesOptions
		names []string
		other int
	}{
		"all":                       {datasets.CategoriesOptions{}, []string{"b", "a", "d", "c"}, 0},
		"a limit counts other too":  {datasets.CategoriesOptions{Max: 3}, []string{"b", "a"}, 3},
		"a limit above all":         {datasets.CategoriesOptions{Max: 9}, []string{"b", "a", "d", "c"}, 0},
		"only other":                {datasets.CategoriesOptions{Max: 1}, []string{}, 8},
		"rare ones go":              {datasets.CategoriesOptions{MinCount: 3}, []string{"b"}, 5},
		"all are rare":              {datasets.CategoriesOptions{MinCount: 4}, []string{}, 8},
		"a limit and rare ones too": {datasets.CategoriesOptions{Max: 3, MinCount: 3}, []string{"b"}, 5},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := datasets.NewCategories(c.opt, values...)
			require.NoError(t, err)
			assert.Equal(t, c.names, got.Names())
			assert.Equal(t, c.other, got.Other())
			assert.Equal(t, len(c.names)+1, got.Len())
			assert.Equal(t, len(c.names), got.ID("never seen"))
			assert.True(t, len(c.names) == 0 || got.Has("b"))
			assert.False(t, got.Has("never seen"))
		})
	}
}

func TestCategoriesErrors(t *testing.T) {
	_, err := datasets.NewCategories(datasets.CategoriesOptions{Max: -1})
	assert.EqualError(t, err, "datasets: categories: at most -1 that occur 0 times, wanted 0 or more")
	_, err = datasets.NewCategories(datasets.CategoriesOptions{}, "", strings.Repeat("x", 10<<20))
	assert.ErrorContains(t, err, "datasets: categories: value 1: got \"xxxx")
	assert.Less(t, len(err.Error()), 200)
	_, err = datasets.NewCategories(datasets.CategoriesOptions{}, "\xff")
	assert.EqualError(t, err, `datasets: categories: value 0: got "\xff", valid UTF-8 wanted`)
}

// FuzzCategoriesJSON: any bytes give an error, or categories that are written as
// they were read.
func FuzzCategoriesJSON(f *testing.F) {
	for _, seed := range []string{`["UA","B6"]`, `[]`, `null`, `[""]`, `["a","a"]`, `[1]`, `{"a":1}`, `["\ud800"]`, "[\"\xff\"]"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var c datasets.Categories
		if err := c.UnmarshalJSON(data); err != nil {
			assert.Equal(t, 1, c.Len())
			return
		}
		text, err := json.Marshal(c)
		require.NoError(t, err)
		var again datasets.Categories
		require.NoError(t, json.Unmarshal(text, &again))
		assert.Equal(t, len(c.Names()), len(again.Names()))
		for id, name := range c.Names() {
			assert.Equal(t, id, again.ID(name))
		}
	})
}
