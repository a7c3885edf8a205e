package datasets

import "fmt"

// SplitWords gives the words of text in order, as a [Words] of these options cuts it, each in its own letters whether it
// is frequent or not: what scores that compare words want. Max, MinCount and Special do not matter. Text that is not valid
// UTF-8 and senseless options are errors.
func SplitWords(text string, opt WordsOptions) ([]string, error) {
	form := opt.form()
	if err := form.check(); err != nil {
		return nil, fmt.Errorf("datasets: words: %w", err)
	}
	if at := invalidAt([]byte(text)); at >= 0 {
		return nil, fmt.Errorf("datasets: words: %w", invalidUTF8(text, at))
	}
	var words []string
	for word := range form.tokens(text) {
		words = append(words, word)
	}
	return words, nil
}
