package datasets_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/unroll-go/unroll/datasets"
)

// From a text to what a network reads.
func Example() {
	text := strings.Repeat("hello world\n", 10)
	vocab, err := datasets.NewVocab(datasets.VocabOptions{}, text)
	if err != nil {
		fmt.Println(err)
		return
	}
	ids, _ := vocab.Encode(text)
	train, valid, _ := datasets.Split(ids, 0.9)
	stream, _ := datasets.NewStream(train, 2, 5)
	x, y, first := stream.Next()
	fmt.Println("V", vocab.Len(), "train", len(train), "valid", len(valid), "windows", stream.Windows())
	fmt.Println(x, y, first)
	// Output:
	// V 9 train 108 valid 12 windows 10
	// [6 8 5 1 0 7 0 0 1 4] [5 1 0 7 0 0 1 4 3 2] true
}

func ExampleNewVocab() {
	vocab, err := datasets.NewVocab(datasets.VocabOptions{}, "나는 나무")
	if err != nil {
		fmt.Println(err)
		return
	}
	ids, _ := vocab.Encode("나무는")
	text, _ := vocab.Decode(ids)
	fmt.Println(vocab.Len(), ids, text)

	_, err = vocab.Encode("나무들")
	fmt.Println(err)
	// Output:
	// 4 [0 3 2] 나무는
	// datasets: encode: rune '들' (U+B4E4) at byte 6 (line 1, column 3) is not in the vocabulary of 4 runes
}

// The rarest runes, and those never seen, share the last id.
func ExampleNewVocab_unknown() {
	vocab, err := datasets.NewVocab(datasets.VocabOptions{MaxSize: 3, Unknown: true}, "banana")
	if err != nil {
		fmt.Println(err)
		return
	}
	ids, _ := vocab.Encode("bandana")
	text, _ := vocab.Decode(ids)
	fmt.Println(ids, text)
	// Output: [2 0 1 2 0 1 0] �an�ana
}

func ExampleVocab_MarshalJSON() {
	vocab, _ := datasets.NewVocab(datasets.VocabOptions{Unknown: true}, "나는 나무")
	data, _ := json.Marshal(vocab)
	fmt.Println(string(data))

	var read datasets.Vocab
	fmt.Println(json.Unmarshal(data, &read), read.Len())
	// Output:
	// {"kind":"rune","runes":"나 는무","unknown":true}
	// <nil> 5
}

func ExampleReadText() {
	text, err := datasets.ReadText(strings.NewReader("\uFEFFone\r\ntwo\r\n"), datasets.TextOptions{Limit: 1 << 20})
	fmt.Printf("%q %v\n", text, err)
	_, err = datasets.ReadText(strings.NewReader("caf\xe9"), datasets.TextOptions{})
	fmt.Println(err)
	// Output:
	// "one\ntwo\n" <nil>
	// datasets: text: byte 3: invalid UTF-8 (0xe9)
}

func ExampleLoadText() {
	dir, _ := os.MkdirTemp("", "corpus")
	defer os.RemoveAll(dir)
	_ = os.WriteFile(filepath.Join(dir, "b.txt"), []byte("second"), 0o600)
	_ = os.WriteFile(filepath.Join(dir, "a.txt"), []byte("first"), 0o600)
	text, err := datasets.LoadText(dir, "*.txt")
	fmt.Printf("%q %v\n", text, err)
	// Output: "first\n\nsecond" <nil>
}

func ExampleSplitText() {
	fit, valid, err := datasets.SplitText("가나다라마바사아자차", 0.8)
	fmt.Println(fit, valid, err)
	// Output: 가나다라마바사아 자차 <nil>
}

// Two lanes of three steps: item t*2+b is lane b at step t.
func ExampleNewStream() {
	ids := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}
	stream, err := datasets.NewStream(ids, 2, 3)
	if err != nil {
		fmt.Println(err)
		return
	}
	for range stream.Windows() {
		x, y, first := stream.Next()
		fmt.Println(x, y, first)
	}
	// Output:
	// [0 7 1 8 2 9] [1 8 2 9 3 10] true
	// [3 10 4 11 5 12] [4 11 5 12 6 13] false
}

// Six tokens hold five predictions; each has weight 1 once.
func ExampleEvalWindows() {
	windows, err := datasets.EvalWindows([]int{10, 11, 12, 13, 14, 15}, 2, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	for w := range windows {
		fmt.Println(w.X, w.Y, w.Weight, w.Count, w.First)
	}
	// Output:
	// [10 13 11 14] [11 14 12 15] [1 1 1 1] 4 true
	// [12 0 0 0] [13 0 0 0] [1 0 0 0] 1 false
}

func ExampleNewNGram() {
	text := strings.Repeat("the cat sat on the mat. ", 8)
	vocab, _ := datasets.NewVocab(datasets.VocabOptions{}, text)
	ids, _ := vocab.Encode(text)
	train, valid, _ := datasets.Split(ids, 0.75)
	for order := 1; order <= 3; order++ {
		model, err := datasets.NewNGram(order, train, vocab.Len(), 0.1)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("order %d: %.3f nats per character\n", order, model.CrossEntropy(valid))
	}
	// Output:
	// order 1: 2.142 nats per character
	// order 2: 0.667 nats per character
	// order 3: 0.312 nats per character
}
