package train

import (
	"fmt"
	"math"
	"slices"
)

// Classification gathers how the probabilities that a classifier gives agree
// with the true classes.
type Classification struct {
	confusion [][]int
	bins      []Bin
	nats      float64 // sum
	rows      int
	hits      int
}

// Bin is the answers whose confidence, the probability of the likeliest class,
// lies in (From, To]. Of well-calibrated answers, Accuracy is Confidence.
type Bin struct {
	From, To   float64
	Count      int
	Confidence float64 // mean, 0 if Count is
	Accuracy   float64 // part that is right, 0 if Count is
}

// maxClasses bounds the confusion matrix, and the bins.
const maxClasses = 1 << 12

// NewClassification is for so many classes; confidences are gathered in bins of
// equal width. It is an error if either is below 1 or above 4096.
func NewClassification(classes, bins int) (*Classification, error) {
	if classes < 1 || bins < 1 || classes > maxClasses || bins > maxClasses {
		return nil, fmt.Errorf("train: classification: %d classes and %d bins, 1 to %d each wanted", classes, bins, maxClasses)
	}
	c := &Classification{confusion: make([][]int, classes), bins: make([]Bin, bins)}
	for i := range c.confusion {
		c.confusion[i] = make([]int, classes)
	}
	for i := range c.bins {
		c.bins[i].From, c.bins[i].To = float64(i)/float64(bins), float64(i+1)/float64(bins)
	}
	return c, nil
}

// Add enters an answer: the probabilities of the classes, and the true one. It
// is an error if they are not as many as there are classes, or one is not in
// [0, 1], or the class is not there.
func (c *Classification) Add(p []float64, class int) error {
	K := len(c.confusion)
	if len(p) != K || class < 0 || class >= K {
		return fmt.Errorf("train: classification: %d probabilities and class %d, wanted %d and a class below", len(p), class, K)
	}
	best := 0
	for k, x := range p {
		if !(x >= 0 && x <= 1+1e-6) {
			return fmt.Errorf("train: classification: probability %v of class %d is outside [0, 1]", x, k)
		}
		if x > p[best] {
			best = k
		}
	}
	c.rows++
	c.confusion[class][best]++
	c.nats -= math.Log(max(p[class], math.SmallestNonzeroFloat64))
	hit := 0.0
	if best == class {
		c.hits++
		hit = 1
	}
	at := min(max(int(math.Ceil(p[best]*float64(len(c.bins))))-1, 0), len(c.bins)-1)
	b := &c.bins[at]
	b.Count++
	b.Confidence += (p[best] - b.Confidence) / float64(b.Count)
	b.Accuracy += (hit - b.Accuracy) / float64(b.Count)
	return nil
}

// Rows is how many answers were entered.
func (c *Classification) Rows() int { return c.rows }

// Accuracy is the part of the answers whose likeliest class is the true one; NaN
// without answers.
func (c *Classification) Accuracy() float64 { return float64(c.hits) / float64(c.rows) }

// Nats is the mean of -log p[class]; NaN without answers.
func (c *Classification) Nats() float64 { return c.nats / float64(c.rows) }

// Confusion counts the answers: row the true class, column the likeliest.
func (c *Classification) Confusion() [][]int {
	out := make([][]int, len(c.confusion))
	for i, row := range c.confusion {
		out[i] = slices.Clone(row)
	}
	return out
}

// Scores of one class among all: of the rows said to be of it the part that is
// (precision), of the rows that are of it the part that was found (recall), and
// their harmonic mean. What would be 0/0 is 0.
type Scores struct{ Precision, Recall, F1 float64 }

// Class are the scores of one class.
func (c *Classification) Class(k int) Scores {
	var said, are int
	for j := range c.confusion {
		said += c.confusion[j][k]
		are += c.confusion[k][j]
	}
	right := c.confusion[k][k]
	return Scores{ratio(right, said), ratio(right, are), ratio(2*right, said+are)}
}

// MacroF1 is the mean of F1 over the classes, rare and frequent ones alike.
// Classes that neither occur nor are said do not count.
func (c *Classification) MacroF1() float64 {
	sum, n := 0.0, 0
	for k := range c.confusion {
		touched := false
		for j := range c.confusion {
			touched = touched || c.confusion[j][k] > 0 || c.confusion[k][j] > 0
		}
		if touched {
			sum += c.Class(k).F1
			n++
		}
	}
	return sum / float64(n)
}

// Reliability are the bins, from the least confidence to the most.
func (c *Classification) Reliability() []Bin { return slices.Clone(c.bins) }

// CalibrationError is the expected calibration error (Naeini et al. 2015): the
// distance of accuracy and confidence, the mean over the answers, bin by bin.
func (c *Classification) CalibrationError() float64 {
	sum := 0.0
	for _, b := range c.bins {
		sum += float64(b.Count) * math.Abs(b.Accuracy-b.Confidence)
	}
	return sum / float64(c.rows)
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
