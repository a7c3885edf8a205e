package datasets_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/unroll-go/unroll/datasets"
)

// Words are alike that stand beside the same words.
func ExampleNewCoOccurrence() {
	texts := []string{"a cat eats fish", "a dog eats meat", "the cat sleeps", "the dog sleeps"}
	words, err := datasets.NewWords(datasets.WordsOptions{}, texts...)
	if err != nil {
		log.Fatal(err)
	}
	var sentences [][]int
	for _, text := range texts {
		ids, err := words.Encode(text)
		if err != nil {
			log.Fatal(err)
		}
		sentences = append(sentences, ids)
	}
	counts, err := datasets.NewCoOccurrence(sentences, words.Len(), 1)
	if err != nil {
		log.Fatal(err)
	}
	cat, _ := words.ID("cat")
	alike, err := counts.PPMI().Similarities(cat)
	if err != nil {
		log.Fatal(err)
	}
	for _, word := range []string{"dog", "fish", "sleeps"} {
		id, _ := words.ID(word)
		fmt.Printf("cat and %s: %.2f\n", word, alike[id])
	}
	// Output:
	// cat and dog: 1.00
	// cat and fish: 0.14
	// cat and sleeps: 0.00
}

// Pairs of a word and a neighbour, with two noise words beside each: here all
// pairs of one sentence at most one word apart.
func ExampleNewSkipGrams() {
	words := strings.Fields("the cat sat down")
	pairs, err := datasets.NewSkipGrams([][]int{{0, 1, 2, 3}}, len(words), datasets.SkipGramOptions{
		Batch: 6, Window: 1, Negatives: 2, Sample: 1, Seed: 1,
	})
	if err != nil {
		log.Fatal(err)
	}
	b := pairs.Next()
	for i := range b.Center {
		fmt.Println(words[b.Center[i]], words[b.Context[i]])
	}
	fmt.Println("noise words:", len(b.Noise))
	// Output:
	// the cat
	// cat the
	// cat sat
	// sat cat
	// sat down
	// down sat
	// noise words: 12
}

// Points of the plane, for a network that needs a hidden layer: class 0 in the
// middle, 1 around it, 2 outside.
func ExampleRings() {
	var counts [3]int
	points := datasets.Rings(3000, 2)
	for _, p := range points {
		counts[p.Label]++
	}
	for _, p := range points[:3] {
		fmt.Printf("%.1f is of class %d\n", p.X, p.Label)
	}
	fmt.Println(counts)
	// Output:
	// [0.7 0.0] is of class 1
	// [-0.6 -0.6] is of class 1
	// [-0.5 -0.6] is of class 1
	// [977 1043 980]
}

// Made-up film reviews in two languages, with their labels.
func ExampleReviews() {
	for _, r := range datasets.Reviews(4, 1) {
		fmt.Printf("%s: %s\n", r.Label, r.Text)
	}
	// Output:
	// neutral: 솔직히 영상미가 그저 그랬다. 자리가 꽉 찼다.
	// positive: My sister chose it. the ending was not bad.
	// neutral: I loved the music, but I hated the camera work. I went with friends.
	// positive: 첫 작품치고는 전개가 감동적이었다. 이상이다.
}
