package datasets

import (
	"fmt"
	"unicode/utf8"
)

// Split cuts items in two, the first int(train·len(items)) of them for training and the rest for validation, without
// shuffling: text must stay in order. Both parts share the memory of items, and appending to one leaves the other alone.
// It is an error if train is NaN or outside (0, 1), or if a part would be empty.
func Split[E any](items []E, train float64) (fit, valid []E, err error) {
	k, err := cutAt(len(items), train)
	if err != nil {
		return nil, nil, err
	}
	return items[:k:k], items[k:], nil
}

// SplitText is [Split] by runes: encoding the parts gives what splitting the encoded text gives. Errors are those of
// Split, and text that is not valid UTF-8.
func SplitText(text string, train float64) (fit, valid string, err error) {
	if !utf8.ValidString(text) {
		return "", "", fmt.Errorf("datasets: split: %w", invalidUTF8(text, invalidAt([]byte(text))))
	}
	k, err := cutAt(utf8.RuneCountInString(text), train)
	if err != nil {
		return "", "", err
	}
	at := 0
	for at = range text {
		if k == 0 {
			break
		}
		k--
	}
	return text[:at], text[at:], nil
}

// cutAt returns where to cut n items so that both parts have some.
func cutAt(n int, train float64) (int, error) {
	if !(train > 0 && train < 1) { // NaN too
		return 0, fmt.Errorf("datasets: split: training fraction %v, wanted more than 0 and less than 1", train)
	}
	k := int(train * float64(n))
	if k == 0 { // the validation part is never empty: train < 1 and int rounds down
		return 0, fmt.Errorf("datasets: split: training fraction %v of %d items leaves %d and %d, wanted at least 1 each",
			train, n, k, n-k)
	}
	return k, nil
}
