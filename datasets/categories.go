package datasets

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"
)

// CategoriesOptions are the choices of [NewCategories]. The zero value keeps every category that occurs.
type CategoriesOptions struct {
	Max      int // most entries, "other" included; the rarest categories go. 0: no limit
	MinCount int // categories that occur fewer times go
}

// Categories numbers the values of a categorical variable, as [Words] does words: the most frequent value is 0, equally
// frequent ones follow their text, and "other", which stands for all values that have no entry, those never seen included,
// is last. A Categories does not change and is safe for concurrent use. It is written and read as JSON.
//
// A value is compared as it is; the empty text is a value like any other.
type Categories struct {
	names []string // by rank
	ranks map[string]int
	other int // occurrences of values without an entry
}

// MaxCategory bounds the bytes of a category: what is longer is a text.
const MaxCategory = 1 << 12

// maxCategories bounds the entries.
const maxCategories = 1 << 24

// NewCategories counts values. It is an error if an option is negative, or a value is longer than [MaxCategory] or not
// valid UTF-8; the value is named by its index.
func NewCategories(opt CategoriesOptions, values ...string) (*Categories, error) {
	if opt.Max < 0 || opt.MinCount < 0 {
		return nil, fmt.Errorf("datasets: categories: at most %d that occur %d times, wanted 0 or more", opt.Max, opt.MinCount)
	}
	counts := map[string]int{}
	for i, v := range values {
		if err := checkCategory(v); err != nil {
			return nil, fmt.Errorf("datasets: categories: value %d: %w", i, err)
		}
		counts[v]++
	}
	names := slices.Collect(maps.Keys(counts))
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b)) })
	keep := len(names)
	if opt.Max > 0 {
		keep = min(keep, opt.Max-1)
	}
	keep = min(keep, maxCategories)
	for keep > 0 && counts[names[keep-1]] < opt.MinCount {
		keep--
	}
	c := categoriesOf(names[:keep:keep])
	for _, cut := range names[keep:] {
		c.other += counts[cut]
	}
	return c, nil
}

func categoriesOf(names []string) *Categories {
	c := &Categories{names: names, ranks: make(map[string]int, len(names))}
	for i, name := range names {
		c.ranks[name] = i
	}
	return c
}

func checkCategory(v string) error {
	if len(v) > MaxCategory {
		return fmt.Errorf("got %s, at most %d bytes wanted", shortened(v), MaxCategory)
	}
	if !utf8.ValidString(v) {
		return fmt.Errorf("got %q, valid UTF-8 wanted", v)
	}
	return nil
}

// Len is the number of entries, "other" included: at least 1.
func (c *Categories) Len() int { return len(c.names) + 1 }

// ID is the entry of a value: below Len()-1 if it has one, else Len()-1, which is "other".
func (c *Categories) ID(value string) int {
	if id, ok := c.ranks[value]; ok {
		return id
	}
	return len(c.names)
}

// Has tells whether a value has an entry of its own.
func (c *Categories) Has(value string) bool {
	_, ok := c.ranks[value]
	return ok
}

// Names are the values that have an entry, by id: all entries but "other".
func (c *Categories) Names() []string { return slices.Clone(c.names) }

// Other is how many of the values that were counted have no entry. It is not written.
func (c *Categories) Other() int { return c.other }

// MarshalJSON writes the names by id, without "other": ["UA","B6"].
func (c Categories) MarshalJSON() ([]byte, error) { // on the value, so that a field of another struct is written too
	if c.names == nil {
		return []byte("[]"), nil
	}
	return json.Marshal(c.names)
}

// UnmarshalJSON reads what MarshalJSON writes. The data need not be trusted: repeated or long names and what is no list of
// texts are errors, which leave c as it was.
func (c *Categories) UnmarshalJSON(data []byte) error {
	if !utf8.Valid(data) {
		return errors.New("datasets: categories JSON: invalid UTF-8")
	}
	var names []string
	if err := json.Unmarshal(data, &names); err != nil {
		return fmt.Errorf("datasets: categories JSON: %w", err)
	}
	if len(names) > maxCategories {
		return fmt.Errorf("datasets: categories JSON: %d names, at most %d wanted", len(names), maxCategories)
	}
	for i, name := range names {
		if err := checkCategory(name); err != nil {
			return fmt.Errorf("datasets: categories JSON: name %d: %w", i, err)
		}
	}
	read := categoriesOf(names)
	if len(read.ranks) != len(names) {
		return errors.New("datasets: categories JSON: a name is there twice")
	}
	*c = *read
	return nil
}
