package train

import (
	"errors"
	"math"
)

// BLEU gathers how near translations come to those of people (Papineni, Roukos, Ward and Zhu 2002), over a whole
// corpus: counts are added up before anything is divided.
//
//	p_n  = Σ min(count of an n-gram in the candidate, its largest count in one reference) / Σ count      n = 1 to 4
//	BP   = 1 if c > r, else exp(1 - r/c)     c words of all candidates, r of the references nearest in length
//	BLEU = BP · (p_1·p_2·p_3·p_4)^(1/4)
//
// Of two references that are equally near in length the shorter counts, as in SacreBLEU and NLTK; the paper does not say.
// Scores can only be compared if the words were cut alike: say how. The zero value is ready and does not smooth.
type BLEU struct {
	Smooth Smoothing

	right, total          [bleuOrder]int
	candidate, references int
	sentences             int
}

// Smoothing says how BLEU counts n-grams of an order of which few or none are right.
type Smoothing int

const (
	// NoSmoothing is the paper: BLEU is 0 if of one order no n-gram is right.
	NoSmoothing Smoothing = iota
	// AddOne adds 1 to both counts of orders 2 to 4 (Lin and Och 2004), for single sentences and small sets.
	AddOne
)

// bleuOrder is the longest n-gram.
const bleuOrder = 4

// BLEUScore is what [BLEU] found.
type BLEUScore struct {
	BLEU       float64    // 0 to 1; often given times 100
	Precisions [4]float64 // p_1 to p_4, smoothed if that was asked for; what would be 0/0 is 0
	Brevity    float64    // BP
	Candidate  int        // c
	Reference  int        // r
}

// Add enters the words of a translation and of one or more references for it. It is an error if there is none.
func (b *BLEU) Add(candidate []string, references ...[]string) error {
	if len(references) == 0 {
		return errors.New("train: BLEU: a translation without a reference")
	}
	for n := 1; n <= bleuOrder; n++ {
		most := map[gram]int{}
		for _, reference := range references {
			for g, count := range grams(reference, n) {
				most[g] = max(most[g], count)
			}
		}
		for g, count := range grams(candidate, n) {
			b.right[n-1] += min(count, most[g])
			b.total[n-1] += count
		}
	}
	b.candidate += len(candidate)
	b.references += nearest(len(candidate), references)
	b.sentences++
	return nil
}

// Sentences is how many translations were entered.
func (b *BLEU) Sentences() int { return b.sentences }

// Score is the score of all translations so far. Without any, and if all are empty, it is 0.
func (b *BLEU) Score() BLEUScore {
	s := BLEUScore{Candidate: b.candidate, Reference: b.references}
	if b.candidate == 0 {
		return s
	}
	s.Brevity = math.Exp(min(0, 1-float64(b.references)/float64(b.candidate)))
	product := 1.0
	for i := range bleuOrder {
		right, total := b.right[i], b.total[i]
		if b.Smooth == AddOne && i > 0 {
			right, total = right+1, total+1
		}
		if total > 0 {
			s.Precisions[i] = float64(right) / float64(total)
		}
		product *= s.Precisions[i]
	}
	s.BLEU = s.Brevity * math.Sqrt(math.Sqrt(product))
	return s
}

// gram is up to four words; those beyond its order are empty.
type gram [bleuOrder]string

// grams counts the n-grams of words.
func grams(words []string, n int) map[gram]int {
	count := map[gram]int{}
	for i := range len(words) - n + 1 {
		var g gram
		copy(g[:], words[i:i+n])
		count[g]++
	}
	return count
}

// nearest is the length of the reference nearest to n, of two the shorter.
func nearest(n int, references [][]string) int {
	best := len(references[0])
	for _, r := range references[1:] {
		d, least := max(n-len(r), len(r)-n), max(n-best, best-n)
		if d < least || d == least && len(r) < best {
			best = len(r)
		}
	}
	return best
}
