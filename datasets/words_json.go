package datasets

import (
	"encoding/json"
	"errors"
	"fmt"
)

// wordsKind tells the JSON of Words from that of other tokenisers.
const wordsKind = "words"

// wordsJSON is the stored form. The words stand in the order of their ids, and counts beside them; Other counts the words
// that have no entry.
type wordsJSON struct {
	Kind        string   `json:"kind"`
	Special     []string `json:"special,omitempty"`
	Words       []string `json:"words"`
	Counts      []int    `json:"counts"`
	Other       int      `json:"other"`
	Fields      bool     `json:"fields,omitempty"`
	Apostrophes bool     `json:"apostrophes,omitempty"`
	Lower       bool     `json:"lower,omitempty"`
	NoPunct     bool     `json:"nopunct,omitempty"`
	Exact       bool     `json:"exact,omitempty"`
}

func (s wordsJSON) kind() string { return s.Kind }

// MarshalJSON writes the vocabulary as {"kind":"words","words":["the","of"],"counts":[9,5],"other":2}, with "special",
// "fields", "apostrophes", "lower", "nopunct" and "exact" where they are set. The zero value, and more than 64 MiB, are errors.
func (w Words) MarshalJSON() ([]byte, error) {
	if len(w.words) == 0 {
		return nil, errors.New("datasets: words JSON: the vocabulary has no words")
	}
	data, err := json.Marshal(wordsJSON{
		Kind: wordsKind, Special: w.special, Words: w.words, Counts: w.counts, Other: w.cut,
		Fields: w.fields, Apostrophes: w.apostrophes, Lower: w.lower, NoPunct: w.noPunct, Exact: w.exact,
	})
	if err == nil && len(data) > maxTokenizerJSON {
		err = fmt.Errorf("%d bytes, at most %d can be read again: limit the vocabulary's size", len(data), maxTokenizerJSON)
	}
	if err != nil {
		return nil, fmt.Errorf("datasets: words JSON: %w", err)
	}
	return data, nil
}

// UnmarshalJSON reads what MarshalJSON writes. The data need not be trusted: another kind, unknown fields, no words,
// repeated or overlong ones, counts that are negative or not as many, and more than 64 MiB are errors, which leave w as
// it was.
func (w *Words) UnmarshalJSON(data []byte) error {
	var s wordsJSON
	err := strictJSON(data, wordsKind, &s)
	if err != nil {
		return fmt.Errorf("datasets: words JSON: %w", err)
	}
	read, err := wordsOf(Words{
		wordForm: wordForm{
			fields: s.Fields, apostrophes: s.Apostrophes, lower: s.Lower, noPunct: s.NoPunct, exact: s.Exact,
		},
		special: s.Special, words: s.Words, counts: s.Counts, cut: s.Other,
	})
	if err != nil {
		return fmt.Errorf("datasets: words JSON: %w", err)
	}
	*w = *read
	return nil
}
