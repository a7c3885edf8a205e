package datasets

import (
	"fmt"
	"iter"
	"math"
)

// NGram predicts a token from the order-1 tokens before it by counting, with add-δ smoothing (Lidstone, 1920; chapter 3
// of Jurafsky and Martin, Speech and Language Processing):
//
//	p(next | context) = (count(context next) + δ) / (count(context) + δ·V)
//
// where count(context) is how often any token followed it. It is the baseline of a language model: a network that does
// not beat the best order has not learnt to use the past. An NGram does not change and is safe for concurrent use.
type NGram struct {
	order    int
	vocab    uint64
	add      float64
	suffixes uint64         // V^(order-1), the number of contexts there could be
	grams    map[uint64]int // counts of n-grams, each written as a number of order digits in base V
	contexts map[uint64]int // counts of contexts: order-1 digits
}

// NewNGram counts the n-grams of train. order is at least 1 (1: no context), the ids are in [0, vocab), add is δ, at
// least 0. Memory is at most two map entries per token of train. Errors: an argument out of its range, vocab^order of
// 2^64 or more, an id outside the vocabulary, or fewer than order tokens.
func NewNGram(order int, train []int, vocab int, add float64) (*NGram, error) {
	m, err := newNGram(order, vocab, add)
	if err != nil {
		return nil, err
	}
	if i := outside(train, m.vocab); i >= 0 {
		return nil, fmt.Errorf("datasets: %d-gram: position %d: id %d is outside the vocabulary of %d entries",
			order, i, train[i], vocab)
	}
	if len(train) < order {
		return nil, fmt.Errorf("datasets: %d-gram: %d tokens, at least %d needed", order, len(train), order)
	}
	for gram := range m.each(train) {
		m.grams[gram]++
		m.contexts[gram/m.vocab]++
	}
	return m, nil
}

// newNGram checks the sizes and returns the model without counts.
func newNGram(order, vocab int, add float64) (*NGram, error) {
	switch {
	case order < 1:
		return nil, fmt.Errorf("datasets: n-gram: order %d, wanted at least 1", order)
	case vocab < 1:
		return nil, fmt.Errorf("datasets: n-gram: vocabulary of %d entries, wanted at least 1", vocab)
	case !(add >= 0) || math.IsInf(add, 1):
		return nil, fmt.Errorf("datasets: n-gram: add %v, wanted a finite number of at least 0", add)
	}
	m := &NGram{order: order, vocab: uint64(vocab), add: add, suffixes: 1}
	m.grams, m.contexts = make(map[uint64]int), make(map[uint64]int)
	for range order - 1 {
		if vocab == 1 {
			break // every power is 1
		}
		m.suffixes *= m.vocab
		if m.suffixes > math.MaxUint64/m.vocab {
			return nil, fmt.Errorf("datasets: n-gram: order %d is too high for a vocabulary of %d entries: %d^%d reaches 2^64",
				order, vocab, vocab, order)
		}
	}
	return m, nil
}

// CrossEntropy returns -mean ln p(next | context), in nats per token, over the tokens of ids that have a full context
// before them: all but the first order-1. It is +Inf if δ is 0 and a token was never seen after its context, and NaN if
// no token has a full context or an id is outside the vocabulary.
func (m *NGram) CrossEntropy(ids []int) float64 {
	n := len(ids) - m.order + 1
	if n < 1 || outside(ids, m.vocab) >= 0 {
		return math.NaN()
	}
	sum := 0.0
	for gram := range m.each(ids) {
		count := float64(m.grams[gram]) + m.add
		if count == 0 {
			return math.Inf(1)
		}
		total := float64(m.contexts[gram/m.vocab]) + m.add*float64(m.vocab)
		sum -= math.Log(count / total)
	}
	return sum / float64(n)
}

// NGramBaseline returns the best cross entropy on valid, in nats per token, of the n-grams of orders 1 to 4 counted on
// train with δ = 0.1, and the order that has it. Orders too high for the vocabulary or for the lengths are passed over;
// the errors are those of [NewNGram] for order 1, and valid that is empty or has ids outside the vocabulary.
func NGramBaseline(train, valid []int, vocab int) (order int, nats float64, err error) {
	nats = math.NaN()
	for n := 1; n <= 4; n++ {
		m, err := NewNGram(n, train, vocab, 0.1)
		if err != nil {
			if n == 1 {
				return 0, nats, err
			}
			break
		}
		if h := m.CrossEntropy(valid); n == 1 || h < nats {
			order, nats = n, h
		}
	}
	if math.IsNaN(nats) {
		return 0, nats, fmt.Errorf("datasets: n-gram: %d tokens of validation, wanted at least 1, with ids in [0, %d)",
			len(valid), vocab)
	}
	return order, nats, nil
}

// each yields the n-grams of ids in order, each as a number in base V; its context is that number divided by V.
func (m *NGram) each(ids []int) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		gram := uint64(0)
		for i, id := range ids {
			gram = gram%m.suffixes*m.vocab + uint64(id)
			if i >= m.order-1 && !yield(gram) {
				return
			}
		}
	}
}

// outside returns the first position whose id is not in [0, vocab), or -1.
func outside(ids []int, vocab uint64) int {
	for i, id := range ids {
		if id < 0 || uint64(id) >= vocab {
			return i
		}
	}
	return -1
}
