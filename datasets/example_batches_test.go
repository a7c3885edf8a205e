package datasets_test

import (
	"fmt"
	"slices"

	"github.com/unroll-go/unroll/datasets"
)

// Sentences of unequal length, laid out as a network reads them.
func ExampleNewBatches() {
	sentences := [][]int{{7, 7, 7}, {1}, {2, 2}, {3, 3, 3, 3, 3}, {4}}
	length := func(ids []int) int { return len(ids) }
	batches, err := datasets.NewBatches(sentences, length, datasets.BatchOptions{Size: 2, Bucket: 2, Shuffle: true, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for pos := range batches.PerEpoch() {
		b := batches.At(pos)
		fmt.Println("T", b.T, "ids", datasets.Pad(b.Rows, b.T, b.Size, 0), "lens", b.Lens(length), "weights", b.Weights())
	}
	// Output:
	// T 4 ids [2 7 2 7 0 7 0 0] lens [2 3] weights [1 1]
	// T 2 ids [1 4 0 0] lens [1 1] weights [1 1]
	// T 5 ids [3 0 3 0 3 0 3 0 3 0] lens [5 0] weights [1 0]
}

// A corpus that is larger than memory arrives as a sequence; at most Pool·Size of its examples are held at a time.
func ExampleBatched() {
	words := func(yield func(string, error) bool) {
		for w := range slices.Values([]string{"one", "two", "three", "four", "five"}) {
			if !yield(w, nil) {
				return
			}
		}
		yield("", fmt.Errorf("line 6: the disk is gone"))
	}
	length := func(w string) int { return len(w) }
	for b, err := range datasets.Batched(words, length, datasets.BatchOptions{Size: 2, Bucket: 1, Pool: 2}) {
		fmt.Println(b.T, b.Rows, err)
	}
	// Output:
	// 3 [one two] <nil>
	// 5 [four three] <nil>
	// 0 [] line 6: the disk is gone
}

func ExampleEach() {
	b := datasets.Batch[string]{Rows: []string{"yes", "no"}, Size: 3}
	fmt.Println(datasets.Each(b, func(s string) int { return len(s) }))
	// Output: [3 2 0]
}
