package datasets

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// maxTokenizerJSON bounds the JSON of a tokeniser, in bytes.
const maxTokenizerJSON = 64 << 20

// kindJSON is the part that the JSON of all tokenisers shares, and all there is to [Bytes].
type kindJSON struct {
	Kind string `json:"kind"`
}

func (k kindJSON) kind() string { return k.Kind }

// MarshalTokenizer writes one of this package's tokenisers as a JSON object whose field "kind" says which: "rune",
// "bytes", "words" or "jamo". Model files hold it. Another implementation is an error.
func MarshalTokenizer(t Tokenizer) ([]byte, error) {
	switch t.(type) {
	case *Vocab, Bytes, *Bytes, *Words, *Jamo:
		return json.Marshal(t)
	}
	return nil, fmt.Errorf("datasets: tokeniser JSON: a %T cannot be written, wanted *Vocab, Bytes, *Words or *Jamo", t)
}

// UnmarshalTokenizer reads what MarshalTokenizer writes: a *[Vocab], [Bytes], *[Words] or *[Jamo]. The data need not be
// trusted: whatever is not exactly such an object, or larger than 64 MiB, is an error.
func UnmarshalTokenizer(data []byte) (Tokenizer, error) {
	if len(data) > maxTokenizerJSON {
		return nil, fmt.Errorf("datasets: tokeniser JSON: %d bytes, at most %d wanted", len(data), maxTokenizerJSON)
	}
	var stored kindJSON
	if err := json.Unmarshal(data, &stored); err != nil {
		return nil, fmt.Errorf("datasets: tokeniser JSON: %w", err)
	}
	switch stored.Kind {
	case vocabKind:
		return read(data, new(Vocab))
	case bytesKind:
		if err := (Bytes{}).UnmarshalJSON(data); err != nil {
			return nil, err
		}
		return Bytes{}, nil
	case wordsKind:
		return read(data, new(Words))
	case jamoKind:
		return read(data, new(Jamo))
	}
	return nil, fmt.Errorf("datasets: tokeniser JSON: kind %s, wanted %q, %q, %q or %q",
		shortened(stored.Kind), vocabKind, bytesKind, wordsKind, jamoKind)
}

// read fills t from its JSON.
func read[T interface {
	Tokenizer
	json.Unmarshaler
}](data []byte, t T) (Tokenizer, error) {
	if err := t.UnmarshalJSON(data); err != nil {
		return nil, err
	}
	return t, nil
}

// strictJSON reads one JSON object of that kind into stored, which has no other fields, and nothing after it.
func strictJSON(data []byte, kind string, stored interface{ kind() string }) error {
	if len(data) > maxTokenizerJSON {
		return fmt.Errorf("%d bytes, at most %d wanted", len(data), maxTokenizerJSON)
	}
	// encoding/json would replace invalid bytes by U+FFFD without a word.
	if at := invalidAt(data); at >= 0 {
		return fmt.Errorf("byte %d: invalid UTF-8 (0x%02x)", at, data[at])
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(stored); err != nil {
		return err
	}
	if dec.InputOffset() != int64(len(bytes.TrimRight(data, " \t\r\n"))) {
		return fmt.Errorf("byte %d: something follows the object", dec.InputOffset())
	}
	if stored.kind() != kind {
		return fmt.Errorf("kind %s, wanted %q", shortened(stored.kind()), kind)
	}
	return nil
}
