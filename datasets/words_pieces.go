package datasets

import "fmt"

// Pieces returns the words that Encode numbers, one for each id: also those that have none of their own and are "other"
// to it. Errors are those of Encode.
func (w *Words) Pieces(text string) ([]string, error) {
	if at := invalidAt([]byte(text)); at >= 0 {
		return nil, fmt.Errorf("datasets: encode: %w", invalidUTF8(text, at))
	}
	var pieces []string
	for token := range w.tokens(text) {
		if _, ok := w.rank(token); ok {
			pieces = append(pieces, token)
		}
	}
	return pieces, nil
}
