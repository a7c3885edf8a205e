package models

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/unroll-go/unroll/internal/kernel"
)

// ErrNoChoice is wrapped by the error of Pick when no entry can be drawn: there are
// no logits, or all are -Inf.
var ErrNoChoice = errors.New("models: nothing left to draw")

// Sampling says how the next id is chosen from logits. The zero value draws from
// softmax(logits) as it is. The steps come in the order of the fields, each on the
// distribution that the one before has left, renormalised.
type Sampling struct {
	// Greedy takes the largest logit, of equal ones the first. The fields below are
	// then without effect, but must still be valid.
	Greedy bool

	// Temperature divides the logits: below 1 sharper, above 1 flatter. 0: 1. The
	// limit towards 0 is Greedy.
	Temperature float64

	// TopK keeps the k most probable entries (Fan et al., 2018,
	// https://arxiv.org/abs/1805.04833). 0: all.
	TopK int

	// TopP keeps the most probable entries up to and including the one with which
	// their sum reaches p, at least one; the nucleus of Holtzman et al. (2019,
	// https://arxiv.org/abs/1904.09751). In (0, 1]. 0: 1, all.
	TopP float64

	// MinP keeps the entries of at least MinP times the largest probability (Nguyen
	// et al., 2024, https://arxiv.org/abs/2407.01082). In [0, 1]. 0: all.
	MinP float64

	// Seed determines every draw.
	Seed uint64
}

// validate names the field that is wrong. The comparisons are such that NaN fails.
func (o Sampling) validate() error {
	switch {
	case !(o.Temperature >= 0) || math.IsInf(o.Temperature, 1):
		return fmt.Errorf("models: sampling: temperature %v is not a finite number of at least 0", o.Temperature)
	case o.TopK < 0:
		return fmt.Errorf("models: sampling: top-k %d is negative", o.TopK)
	case !(o.TopP >= 0 && o.TopP <= 1):
		return fmt.Errorf("models: sampling: top-p %v is not in (0, 1], nor 0 for no cut", o.TopP)
	case !(o.MinP >= 0 && o.MinP <= 1):
		return fmt.Errorf("models: sampling: min-p %v is not in [0, 1]", o.MinP)
	}
	return nil
}

// Sampler draws ids one after the other. It belongs to one goroutine.
//
// One seed and one sequence of logits give one sequence of ids, on any machine: the
// exponentials are those of the engine, which have the same bits everywhere, sums are
// taken in float64 in a fixed order, and equal probabilities are ordered by id, so
// nothing depends on how they are sorted.
type Sampler struct {
	opts   Sampling
	random *rand.PCG
	choice choice
}

// NewSampler returns a sampler at the start of its sequence, or an error that names
// the option out of range.
func NewSampler(opts Sampling) (*Sampler, error) {
	if err := opts.validate(); err != nil {
		return nil, err
	}
	if opts.Temperature == 0 {
		opts.Temperature = 1
	}
	return &Sampler{opts: opts, random: rand.NewPCG(opts.Seed, 0)}, nil
}

// Pick chooses an index of logits [V], which it does not change. A logit of -Inf
// bans its index, and so does a probability that rounds to 0. NaN and +Inf are
// errors, and so is ErrNoChoice. Each call without error, unless Greedy, consumes
// one random number; with the largest V so far it allocates nothing.
func (s *Sampler) Pick(logits []float32) (int, error) {
	best, err := largest(logits)
	if err != nil || s.opts.Greedy {
		return best, err
	}
	c, o := &s.choice, s.opts
	c.softmax(logits, logits[best], o.Temperature)
	if o.TopK > 0 {
		c.topK(o.TopK)
	}
	if o.TopP > 0 && o.TopP < 1 {
		c.topP(o.TopP)
	}
	c.minP(o.MinP)
	return c.draw(s.uniform()), nil
}

// uniform returns a multiple of 2^-53 in [0, 1).
func (s *Sampler) uniform() float64 { return float64(s.random.Uint64()>>11) * 0x1p-53 }

// largest returns the first index of the largest logit.
func largest(logits []float32) (int, error) {
	best := -1
	for i, x := range logits {
		switch {
		case x != x || x > math.MaxFloat32: // NaN, +Inf
			return 0, fmt.Errorf("models: sampling: logit %d of %d is %v", i, len(logits), x)
		case x < -math.MaxFloat32: // -Inf
		case best < 0 || x > logits[best]:
			best = i
		}
	}
	if best < 0 {
		return 0, fmt.Errorf("%w: none of %d logits is above -Inf", ErrNoChoice, len(logits))
	}
	return best, nil
}

// choice is a distribution that is being cut down. Cut entries weigh 0, and since
// the others keep their place and weight, a filter that cuts nothing changes no draw.
type choice struct {
	w   []float64 // [V] weights: probabilities but for a common factor, the largest 1
	exp []float32 // scratch of softmax
	ids []int     // scratch of keep
}

// softmax sets w = exp((logits - top) / temperature), which cannot overflow.
func (c *choice) softmax(logits []float32, top float32, temperature float64) {
	V := len(logits)
	c.w = slices.Grow(c.w[:0], V)[:V]
	c.exp = slices.Grow(c.exp[:0], V)[:V]
	for i, x := range logits {
		c.exp[i] = float32((float64(x) - float64(top)) / temperature)
	}
	row := kernel.Mat[float32]{Data: c.exp, Rows: 1, Cols: V, Stride: V}
	kernel.Exp(row, row)
	for i, w := range c.exp {
		c.w[i] = float64(w)
	}
}

// topK keeps the k entries of largest weight.
func (c *choice) topK(k int) {
	c.keep(func(n int, _ float64) bool { return n < k })
}

// topP keeps the entries of largest weight until their sum is p of the whole.
func (c *choice) topP(p float64) {
	want := p * c.total()
	c.keep(func(_ int, sum float64) bool { return sum < want })
}

// minP keeps the entries of at least m times the largest weight, which is 1.
func (c *choice) minP(m float64) {
	for i, w := range c.w {
		if w < m {
			c.w[i] = 0
		}
	}
}

// draw returns the first index whose cumulative weight exceeds u of the whole, for u
// in [0, 1). Where rounding lets none exceed it, it is the last index with a weight.
// An index of weight 0 adds nothing to the sum and so is never the first.
func (c *choice) draw(u float64) int {
	target := u * c.total()
	sum, last := 0.0, 0
	for i, w := range c.w {
		if w == 0 {
			continue
		}
		sum += w
		if sum > target {
			return i
		}
		last = i
	}
	return last
}

// total is the sum of the weights, at least 1.
func (c *choice) total() (sum float64) {
	for _, w := range c.w {
		sum += w
	}
	return sum
}

// keep takes entries by falling weight, equal ones by rising index, for as long as
// more says so, given the number and the sum of those taken; the rest gets weight 0.
// It pops a heap, O(V + n log V) for n taken: n is small, V is a vocabulary.
func (c *choice) keep(more func(n int, sum float64) bool) {
	c.ids = slices.Grow(c.ids[:0], len(c.w))
	for i, w := range c.w {
		if w > 0 {
			c.ids = append(c.ids, i)
		}
	}
	heap := c.ids
	for i := len(heap)/2 - 1; i >= 0; i-- {
		c.sink(heap, i)
	}
	sum := 0.0
	for n := 0; len(heap) > 0 && more(n, sum); n++ {
		sum += c.w[heap[0]]
		last := len(heap) - 1
		heap[0] = heap[last]
		heap = heap[:last]
		c.sink(heap, 0)
	}
	for _, i := range heap {
		c.w[i] = 0
	}
}

// sink restores the heap below position i: each entry comes before its two children.
func (c *choice) sink(heap []int, i int) {
	for {
		first := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(heap); child++ {
			if c.before(heap[child], heap[first]) {
				first = child
			}
		}
		if first == i {
			return
		}
		heap[i], heap[first] = heap[first], heap[i]
		i = first
	}
}

// before is the order of keep: total, so which algorithm sorts does not matter.
func (c *choice) before(i, j int) bool {
	return c.w[i] > c.w[j] || c.w[i] == c.w[j] && i < j
}
