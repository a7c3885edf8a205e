package lecture

import (
	"fmt"
	"io"

	"github.com/unroll-go/unroll/datasets"
)

// Words is chapter 11: the word table of a text, one-hot rows of a small one,
// and what they cost in a large one.
func Words(w io.Writer) error {
	if err := coverage(w, datasets.English()); err != nil {
		return err
	}
	if err := oneHot(w, datasets.English(), "The cat and the lamp"); err != nil {
		return err
	}
	fmt.Fprintln(w, "words  one-hot row  weights to an LSTM of 128  embedding of 64  weights to the LSTM")
	for _, V := range []int{8, 5_000, 50_000} {
		const D, H = 64, 128
		fmt.Fprintf(w, "%5d %6d bytes %26d %16d %20d\n", V, 4*V, V*4*H, V*D, D*4*H)
	}
	return nil
}

// coverage prints what part of a text the most frequent words are.
func coverage(w io.Writer, text string) error {
	words, err := datasets.NewWords(datasets.WordsOptions{Lower: true, NoPunct: true}, text)
	if err != nil {
		return err
	}
	total, sum := 0, 0
	for _, n := range words.Counts() {
		total += n
	}
	fmt.Fprintf(w, "%d words, %d different; part of the text that the most frequent are:\n", total, words.Len()-1)
	for id, n := range words.Counts() {
		switch sum += n; id + 1 {
		case 7, 100, 300, 600:
			fmt.Fprintf(w, "%4d  %.2f\n", id+1, float64(sum)/float64(total))
		}
	}
	return nil
}

// oneHot prints the words of a sentence by a table of eight entries: the seven
// most frequent words of a text, and "other".
func oneHot(w io.Writer, text, sentence string) error {
	words, err := datasets.NewWords(datasets.WordsOptions{Lower: true, NoPunct: true, Max: 8}, text)
	if err != nil {
		return err
	}
	ids, err := words.Encode(sentence)
	if err != nil {
		return err
	}
	other, _ := words.Unknown()
	for _, id := range ids {
		word, _ := words.Word(id)
		if id == other {
			word = "other"
		}
		row := make([]int, words.Len())
		row[id] = 1
		fmt.Fprintf(w, "%-5s  id %d  %d\n", word, id, row)
	}
	return nil
}
