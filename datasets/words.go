package datasets

import (
	"fmt"
	"slices"
)

// WordsOptions are the choices of [NewWords]. The zero value keeps every word and punctuation mark that occurs.
type WordsOptions struct {
	Max         int      // most entries, the special ones and "other" included; the rarest words go. 0: no limit
	MinCount    int      // words that occur fewer times go
	Fields      bool     // words are what white space separates: for text that comes cut into words
	Apostrophes bool     // an apostrophe is a word of its own within a word too: "l'eau" is l ' eau, "don't" is don ' t
	Lower       bool     // lower case: "The" is the word "the"
	NoPunct     bool     // only what has a letter or a digit is a word
	Exact       bool     // white space has entries too where it is not the usual, so that Decode gives the very text
	Special     []string // names of entries that no text has, such as "<pad>", "<start>", "<end>": the first ids
}

// Words is a vocabulary of words, the lecture's table of words by frequency: the most frequent word has the first id after
// the special entries, equally frequent ones follow their text, and the entry "other", which stands for all words that
// have none, is last. A Words does not change and is safe for concurrent use. It is written and read as JSON.
//
// A word is what lies between the boundaries of Unicode's annex 29 (https://unicode.org/reports/tr29/#Word_Boundaries):
// "don't", "3.14" and "영화를" are one word each; every punctuation mark, every emoji and, as no dictionary is used, every
// Han ideograph and Thai letter is one of its own. With Fields a word is what stands between white space. With Apostrophes
// "don't" is three, so that a translator sees the pronoun and the article in "j'ai" and "l'eau".
//
// White space is no word. Decode puts the usual spacing between words: a space, but none where a mark leans on its
// neighbour, as commas, brackets, hyphens and quotes do, or within a script that has no spaces; with Fields always a space.
// So Decode(Encode(text)) is readable text, and it is the very text if
//   - every word of it has an entry, and is in lower case if Lower is set,
//   - NoPunct is not set, and
//   - Exact is set and every white space of it that is not the usual spacing (line ends, two spaces, none between words, one
//     before a comma, the narrow one before a French question mark) has an entry; or there is no such white space.
type Words struct {
	wordForm
	special []string
	words   []string       // by rank
	counts  []int          // of words
	cut     int            // occurrences of words that have no entry
	ranks   map[string]int // the inverse of words
}

var _ Tokenizer = (*Words)(nil)

// maxWord is the longest word that may have an entry, in bytes. What is longer is "other", or, if it is white space, left
// out.
const maxWord = 1 << 10

// NewWords counts the words of all texts and ranks them. Errors: no words, which wraps [ErrEmpty]; text that is not valid
// UTF-8; senseless options, and those that leave no room for a word. [WordCounter] does the same piece by piece.
func NewWords(opt WordsOptions, texts ...string) (*Words, error) {
	c, err := NewWordCounter(opt)
	if err != nil {
		return nil, err
	}
	for i, text := range texts {
		if err := c.add(text); err != nil {
			return nil, fmt.Errorf("datasets: words: text %d: %w", i, err)
		}
	}
	return c.Words()
}

// Len is the number of entries: the special ones, the words and "other".
func (w *Words) Len() int { return len(w.special) + len(w.words) + 1 }

// Unknown returns the id of "other", always Len()-1; ok is true.
func (w *Words) Unknown() (id int, ok bool) { return w.Len() - 1, true }

// Special returns the id of a special entry by its name; ok is false, and the id -1, if there is none.
func (w *Words) Special(name string) (id int, ok bool) {
	id = slices.Index(w.special, name)
	return id, id >= 0
}

// ID returns the id of a word. If it has none, ok is false and the id is that of "other".
func (w *Words) ID(word string) (id int, ok bool) {
	rank, ok := w.ranks[w.fold(word)]
	if !ok {
		return w.Len() - 1, false
	}
	return len(w.special) + rank, true
}

// Word returns the word of id. For the others ok is false: the special ones give their name, all else U+FFFD.
func (w *Words) Word(id int) (word string, ok bool) {
	switch rank := id - len(w.special); {
	case id >= 0 && rank < 0:
		return w.special[id], false
	case rank >= 0 && rank < len(w.words):
		return w.words[rank], true
	}
	return "\uFFFD", false
}

// Counts returns how often each entry occurred in the texts that the vocabulary was made of, [Len()]: 0 for the special
// entries, and for "other" all words that were cut.
func (w *Words) Counts() []int {
	counts := make([]int, len(w.special), w.Len())
	return append(append(counts, w.counts...), w.cut)
}

// wordsOf makes the vocabulary in which words[rank] has that rank, and refuses what cannot be one.
func wordsOf(w Words) (*Words, error) {
	if err := w.check(); err != nil {
		return nil, err
	}
	if len(w.special) == 0 {
		w.special = nil // so that equal vocabularies are equal
	}
	w.ranks = make(map[string]int, len(w.words))
	for rank, word := range w.words {
		if first, ok := w.ranks[word]; ok {
			return nil, fmt.Errorf("word %q is entry %d and entry %d", word, first, rank)
		}
		if len(word) > maxWord {
			return nil, fmt.Errorf("entry %d: a word of %d bytes, at most %d wanted", rank, len(word), maxWord)
		}
		if n := w.counts[rank]; n < 0 || n > maxCount {
			return nil, fmt.Errorf("word %q: count %d, wanted 0 to %d", word, n, maxCount)
		}
		w.ranks[word] = rank
	}
	return &w, nil
}

// maxCount is the largest count of a word: a float64 has it exactly, and sums do not overflow.
const maxCount = 1 << 40

// check refuses what wordsOf needs to rely on.
func (w *Words) check() error {
	switch {
	case len(w.words) == 0:
		return fmt.Errorf("no words: %w", ErrEmpty)
	case len(w.counts) != len(w.words):
		return fmt.Errorf("%d counts for %d words", len(w.counts), len(w.words))
	case w.cut < 0 || w.cut > maxCount:
		return fmt.Errorf("count %d of other, wanted 0 to %d", w.cut, maxCount)
	}
	if err := w.wordForm.check(); err != nil {
		return err
	}
	return checkSpecial(w.special)
}

// checkSpecial refuses names of special entries that are empty, too long or repeated.
func checkSpecial(names []string) error {
	seen := make(map[string]bool, len(names))
	for _, name := range names {
		if name == "" || len(name) > maxWord || seen[name] {
			return fmt.Errorf("special entry %s, wanted different names of 1 to %d bytes", shortened(name), maxWord)
		}
		seen[name] = true
	}
	return nil
}
