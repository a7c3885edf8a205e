package datasets

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxVocabJSON bounds the JSON of a vocabulary of runes, in bytes. All 1,112,064 code points of Unicode fit, even if each
// is escaped as a pair of surrogates of 12 bytes.
const maxVocabJSON = 16 << 20

// vocabKind tells vocabularies of runes from those of other tokenisers.
const vocabKind = "rune"

// vocabJSON is the stored form: {"kind":"rune","runes":" etaoin","unknown":true}. The runes stand in the order of their
// ids; the unknown entry, which follows them, is not among them.
type vocabJSON struct {
	Kind    string          `json:"kind"`
	Runes   json.RawMessage `json:"runes"`
	Unknown bool            `json:"unknown"`
}

func (s vocabJSON) kind() string { return s.Kind }

// MarshalJSON writes the vocabulary as {"kind":"rune","runes":" etaoin","unknown":true}, the runes in the order of their
// ids. An empty vocabulary, the zero value, is an error.
func (v Vocab) MarshalJSON() ([]byte, error) { // on the value, so that a Vocab field of another struct is written too
	return v.marshal(vocabKind)
}

// UnmarshalJSON reads what MarshalJSON writes. The data need not be trusted: another kind, unknown fields, no runes,
// repeated or invalid runes (unpaired surrogates, invalid UTF-8) and more than 16 MiB are errors, which leave v as it
// was.
func (v *Vocab) UnmarshalJSON(data []byte) error { return v.unmarshal(data, vocabKind) }

// marshal writes the vocabulary as one of that kind.
func (v Vocab) marshal(kind string) ([]byte, error) {
	if len(v.runes) == 0 {
		return nil, errors.New("datasets: vocabulary JSON: the vocabulary has no runes")
	}
	runes, err := json.Marshal(string(v.runes))
	if err != nil {
		return nil, fmt.Errorf("datasets: vocabulary JSON: %w", err)
	}
	return json.Marshal(vocabJSON{Kind: kind, Runes: runes, Unknown: v.unknown})
}

// unmarshal reads a vocabulary of that kind; v stays as it was if there is an error.
func (v *Vocab) unmarshal(data []byte, kind string) error {
	runes, unknown, err := parseVocab(data, kind)
	if err != nil {
		return fmt.Errorf("datasets: vocabulary JSON: %w", err)
	}
	read, err := vocabOf([]rune(runes), unknown)
	if err != nil {
		return err
	}
	*v = *read
	return nil
}

// parseVocab returns the runes, in the order of their ids, and whether an unknown entry follows them.
func parseVocab(data []byte, kind string) (runes string, unknown bool, err error) {
	if len(data) > maxVocabJSON {
		return "", false, fmt.Errorf("%d bytes, at most %d wanted", len(data), maxVocabJSON)
	}
	var stored vocabJSON
	if err := strictJSON(data, kind, &stored); err != nil {
		return "", false, err
	}
	if len(stored.Runes) == 0 {
		return "", false, errors.New(`field "runes" is missing`)
	}
	if err := json.Unmarshal(stored.Runes, &runes); err != nil {
		return "", false, fmt.Errorf(`field "runes": %w`, err)
	}
	if runes == "" {
		return "", false, errors.New("no runes")
	}
	if strings.ContainsRune(runes, utf8.RuneError) && !spellsReplacement(stored.Runes) {
		return "", false, errors.New(`field "runes": unpaired surrogate`)
	}
	return runes, stored.Unknown, nil
}

// spellsReplacement reports whether a JSON string has U+FFFD itself, and not only an unpaired surrogate such as \ud800,
// for which encoding/json puts U+FFFD. (A string with both repeats that rune and is refused for it.)
func spellsReplacement(literal []byte) bool {
	return bytes.ContainsRune(literal, utf8.RuneError) || bytes.Contains(bytes.ToLower(literal), []byte(`\ufffd`))
}
