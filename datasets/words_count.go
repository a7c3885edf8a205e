package datasets

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// WordCounter makes a [Words] from texts that come one by one, such as the rows of a table; it holds one count for each
// different word.
type WordCounter struct {
	opt    WordsOptions
	form   wordForm
	counts map[string]*int
	long   int // words too long for an entry
}

// NewWordCounter returns a counter of no words. Senseless options are an error.
func NewWordCounter(opt WordsOptions) (*WordCounter, error) {
	form := opt.form()
	err := form.check()
	if err == nil {
		err = checkSpecial(opt.Special)
	}
	if err == nil && (opt.Max < 0 || opt.MinCount < 0) {
		err = fmt.Errorf("at most %d entries, of at least %d occurrences: wanted 0 or more", opt.Max, opt.MinCount)
	}
	if err == nil && opt.room() < 1 {
		err = fmt.Errorf("at most %d entries, %d of them special: no room for a word beside \"other\"",
			opt.Max, len(opt.Special))
	}
	if err != nil {
		return nil, fmt.Errorf("datasets: words: %w", err)
	}
	opt.Special = slices.Clone(opt.Special)
	return &WordCounter{opt: opt, form: form, counts: make(map[string]*int)}, nil
}

// form says what the options make of a text.
func (opt WordsOptions) form() wordForm {
	return wordForm{
		fields: opt.Fields, apostrophes: opt.Apostrophes, lower: opt.Lower, noPunct: opt.NoPunct, exact: opt.Exact,
	}
}

// room returns how many words the options leave space for.
func (opt WordsOptions) room() int {
	if opt.Max == 0 {
		return math.MaxInt
	}
	return opt.Max - len(opt.Special) - 1
}

// Add counts the words of text. Text that is not valid UTF-8 is an error, and none of it is counted.
func (c *WordCounter) Add(text string) error {
	if err := c.add(text); err != nil {
		return fmt.Errorf("datasets: words: %w", err)
	}
	return nil
}

func (c *WordCounter) add(text string) error {
	if at := invalidAt([]byte(text)); at >= 0 {
		return invalidUTF8(text, at)
	}
	for token := range c.form.tokens(text) {
		n := c.counts[token]
		switch {
		case n != nil:
			*n++
		case len(token) <= maxWord:
			one := 1
			c.counts[strings.Clone(token)] = &one // a part of text would keep all of it
		case !isSpace(token):
			c.long++
		}
	}
	return nil
}

// Words returns the vocabulary of what was counted so far. It is an error, which wraps [ErrEmpty], if no word is left: none
// was added, or none occurs opt.MinCount times, or all are longer than 1 KiB.
func (c *WordCounter) Words() (*Words, error) {
	ranked := slices.SortedFunc(maps.Keys(c.counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(*c.counts[b], *c.counts[a]), cmp.Compare(a, b))
	})
	w := Words{wordForm: c.form, special: c.opt.Special, cut: c.long}
	for rank, word := range ranked {
		switch n := *c.counts[word]; {
		case rank < c.opt.room() && n >= c.opt.MinCount:
			w.words, w.counts = append(w.words, word), append(w.counts, n)
		case !isSpace(word):
			w.cut += n
		}
	}
	if len(w.words) == 0 {
		return nil, fmt.Errorf("datasets: words: none of at least %d occurrences and at most %d bytes: %w",
			max(1, c.opt.MinCount), maxWord, ErrEmpty)
	}
	made, err := wordsOf(w)
	if err != nil {
		return nil, fmt.Errorf("datasets: words: %w", err)
	}
	return made, nil
}
