package datasets_test

import (
	"fmt"

	"github.com/unroll-go/unroll/datasets"
)

// The table of words by frequency, with "other" last.
func ExampleNewWords() {
	words, err := datasets.NewWords(datasets.WordsOptions{Max: 4, Lower: true}, "The cat and the dog and the bird.")
	if err != nil {
		fmt.Println(err)
		return
	}
	for id, count := range words.Counts() {
		word, _ := words.Word(id)
		fmt.Println(id, word, count)
	}
	ids, _ := words.Encode("The dog.")
	text, _ := words.Decode(ids)
	fmt.Println(ids, text)
	// Output:
	// 0 the 3
	// 1 and 2
	// 2 . 1
	// 3 � 3
	// [0 3 2] the �.
}

// With Exact, white space that is not the usual is a token too.
func ExampleNewWords_exact() {
	const text = "Well-known lines:\n  one, two\n"
	for _, exact := range []bool{false, true} {
		words, err := datasets.NewWords(datasets.WordsOptions{Exact: exact}, text)
		if err != nil {
			fmt.Println(err)
			return
		}
		ids, _ := words.Encode(text)
		got, _ := words.Decode(ids)
		fmt.Printf("%d tokens: %q\n", len(ids), got)
	}
	// Output:
	// 8 tokens: "Well-known lines: one, two"
	// 10 tokens: "Well-known lines:\n  one, two\n"
}

// Words for translation: apostrophes apart, and the narrow space before a French question mark kept.
func ExampleNewWords_apostrophes() {
	const text = "Qu'est-ce que c'est\u202f?"
	words, err := datasets.NewWords(datasets.WordsOptions{Apostrophes: true, Exact: true}, text)
	if err != nil {
		fmt.Println(err)
		return
	}
	ids, _ := words.Encode(text)
	for _, id := range ids {
		word, _ := words.Word(id)
		fmt.Printf("%q ", word)
	}
	got, err := words.Decode(ids)
	fmt.Println(got == text, err)
	// Output: "Qu" "'" "est" "-" "ce" "que" "c" "'" "est" "\u202f" "?" true <nil>
}

// The words of two texts, to be compared.
func ExampleSplitWords() {
	words, err := datasets.SplitWords("It's late, isn't it?", datasets.WordsOptions{Lower: true})
	fmt.Printf("%q %v\n", words, err)
	// Output: ["it's" "late" "," "isn't" "it" "?"] <nil>
}

// Texts one by one, as from the rows of a table.
func ExampleWordCounter() {
	counter, err := datasets.NewWordCounter(datasets.WordsOptions{MinCount: 2, Special: []string{"<pad>"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, text := range []string{"정말 좋은 영화", "정말 재미있는 영화"} {
		if err := counter.Add(text); err != nil {
			fmt.Println(err)
			return
		}
	}
	words, err := counter.Words()
	if err != nil {
		fmt.Println(err)
		return
	}
	pad, _ := words.Special("<pad>")
	film, _ := words.ID("영화")
	other, _ := words.Unknown()
	fmt.Println(pad, film, other, words.Counts())
	// Output: 0 1 3 [0 2 2 2]
}

func ExampleNewJamo() {
	jamo, err := datasets.NewJamo(datasets.VocabOptions{}, "나는 한글")
	if err != nil {
		fmt.Println(err)
		return
	}
	ids, _ := jamo.Encode("한글 학")
	for _, id := range ids {
		r, _ := jamo.Rune(id)
		fmt.Printf("%c ", r)
	}
	text, err := jamo.Decode(ids)
	fmt.Println("=", text, err)
	// Output: ᄒ ᅡ ᆫ ᄀ ᅳ ᆯ   ᄒ ᅡ ᆨ = 한글 학 <nil>
}

// A sampler that takes the likeliest token of those that are allowed spells complete syllables only.
func ExampleJamo_Allows() {
	jamo, err := datasets.NewJamo(datasets.VocabOptions{}, "나 ")
	if err != nil {
		fmt.Println(err)
		return
	}
	var ids []int
	var s datasets.JamoState
	for _, likeliest := range []rune{'ᄒ', 'ᆫ', 'ᅡ', ' ', 'ᄀ'} {
		id, _ := jamo.ID(likeliest)
		fmt.Printf("%c %t, ", likeliest, jamo.Allows(s, id))
		if jamo.Allows(s, id) {
			ids, s = append(ids, id), jamo.Next(s, id)
		}
	}
	text, _ := jamo.Decode(ids[:len(ids)-1])
	fmt.Printf("complete: %t, before: %q\n", s.Complete(), text)
	// Output: ᄒ true, ᆫ false, ᅡ true,   true, ᄀ true, complete: false, before: "하 "
}

func ExampleMarshalTokenizer() {
	words, _ := datasets.NewWords(datasets.WordsOptions{}, "to be or not to be")
	for _, t := range []datasets.Tokenizer{datasets.Bytes{}, words} {
		data, err := datasets.MarshalTokenizer(t)
		fmt.Println(string(data), err)
		read, err := datasets.UnmarshalTokenizer(data)
		fmt.Println(read.Len(), err)
	}
	// Output:
	// {"kind":"bytes"} <nil>
	// 256 <nil>
	// {"kind":"words","words":["be","to","not","or"],"counts":[2,2,1,1],"other":0} <nil>
	// 5 <nil>
}
