package datasets

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Bytes is the tokeniser whose tokens are the 256 bytes: it knows every text, and a Hangul syllable is three tokens. Its
// zero value is ready. It is written and read as the JSON {"kind":"bytes"}.
type Bytes struct{}

var _ Tokenizer = Bytes{}

const bytesKind = "bytes"

// Encode returns the bytes of text. Text that is not valid UTF-8 is an error.
func (Bytes) Encode(text string) ([]int, error) {
	if at := invalidAt([]byte(text)); at >= 0 {
		return nil, fmt.Errorf("datasets: encode: %w", invalidUTF8(text, at))
	}
	ids := make([]int, len(text))
	for i := range ids {
		ids[i] = int(text[i])
	}
	return ids, nil
}

// Decode returns the text of ids, the inverse of Encode. Bytes that are not UTF-8, which a model may well give, become
// U+FFFD (�), one for each run of them. An id outside [0, 256) is an error that names its position.
func (b Bytes) Decode(ids []int) (string, error) {
	text := make([]byte, len(ids))
	for i, id := range ids {
		if id < 0 || id >= b.Len() {
			return "", outsideID(i, id, b.Len())
		}
		text[i] = byte(id)
	}
	return strings.ToValidUTF8(string(text), "\uFFFD"), nil
}

// Len is 256.
func (Bytes) Len() int { return 256 }

// MarshalJSON writes {"kind":"bytes"}.
func (Bytes) MarshalJSON() ([]byte, error) { return json.Marshal(kindJSON{Kind: bytesKind}) }

// UnmarshalJSON reads what MarshalJSON writes, and nothing else.
func (Bytes) UnmarshalJSON(data []byte) error {
	var stored kindJSON
	if err := strictJSON(data, bytesKind, &stored); err != nil {
		return fmt.Errorf("datasets: bytes JSON: %w", err)
	}
	return nil
}

// outsideID is the error of Decode for an id that is not one of V.
func outsideID(position, id, V int) error {
	return fmt.Errorf("datasets: decode: position %d: id %d is outside the vocabulary of %d entries", position, id, V)
}
