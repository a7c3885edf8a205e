package datasets

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// SkipGramOptions say how pairs are drawn from sentences; see [SkipGrams].
type SkipGramOptions struct {
	Batch     int     // B, pairs of a batch
	Window    int     // how far a word may see, in words to either side
	Negatives int     // K, noise words for each pair
	Sample    float64 // t of the subsampling of frequent words, above 0; 1: all words stay
	Seed      uint64  // of all draws
}

// The bounds of [SkipGramOptions].
const (
	maxReach     = 1 << 10
	maxNegatives = 1 << 10
	maxTrained   = 1000 // words; a longer sentence is cut, as word2vec does
)

// check names the option that is out of range.
func (o SkipGramOptions) check() error {
	switch {
	case o.Window < 1 || o.Window > maxReach:
		return fmt.Errorf("window must be in [1, %d], got %d", maxReach, o.Window)
	case o.Negatives < 1 || o.Negatives > maxNegatives:
		return fmt.Errorf("negatives must be in [1, %d], got %d", maxNegatives, o.Negatives)
	case o.Batch < 1 || o.Batch > maxWindow/(o.Negatives+1):
		return fmt.Errorf("batch must be in [1, %d] for %d negatives, got %d", maxWindow/(o.Negatives+1), o.Negatives, o.Batch)
	case !(o.Sample > 0 && o.Sample <= 1):
		return fmt.Errorf("sample must be above 0 and at most 1, got %v", o.Sample)
	}
	return nil
}

// SkipGrams draws pairs of a word and one of its neighbours from sentences, with noise words beside each, as Mikolov et al.
// (2013, https://arxiv.org/abs/1310.4546) do. In each epoch
//
//   - the sentences come in a random order;
//   - an occurrence of a word with the part f of all occurrences stays with probability √(t/f), if that is below 1, and
//     what is left closes up;
//   - each word that is left reaches 1 to Window words to either side, drawn anew, and makes a pair with each of them;
//   - noise words are drawn with probability proportional to count^0.75. One may be the neighbour itself, as the formula of
//     the paper has it.
//
// An epoch has as many batches as the draws of the first one fill. In another the draws may make a few pairs more, which are
// left out, or fewer, for which its first sentences come again. There is no end: after an epoch comes the next. Batches depend on the
// options and their number alone, so that a run that stopped resumes exactly. A SkipGrams belongs to one goroutine.
type SkipGrams struct {
	sentences [][]int
	opt       SkipGramOptions
	keep      []float64 // by word
	noise     alias
	perEpoch  int

	pos    int // batches taken, of all epochs
	rng    *rand.Rand
	order  []int // of the sentences in this epoch
	at     int   // the next of order
	words  []int // of a sentence, those that stay
	center []int // pairs that no batch has had yet
	other  []int
	batch  SkipGramBatch
}

// SkipGramBatch is B pairs with K noise words each.
type SkipGramBatch struct {
	Center  []int // [B]
	Context []int // [B] the neighbours
	Noise   []int // [K·B] the first noise word of each pair, then the second of each
}

// NewSkipGrams returns the pairs of sentences, which hold ids of words below vocab; they are kept, not copied, and must not
// change. Errors: options out of range, an id outside [0, vocab), and sentences of which an epoch makes no whole batch.
func NewSkipGrams(sentences [][]int, vocab int, opt SkipGramOptions) (*SkipGrams, error) {
	if err := opt.check(); err != nil {
		return nil, fmt.Errorf("datasets: skip-grams: %w", err)
	}
	counts, err := countIDs(sentences, vocab)
	if err != nil {
		return nil, fmt.Errorf("datasets: skip-grams: %w", err)
	}
	s := &SkipGrams{opt: opt, keep: keeping(counts, opt.Sample)}
	for _, sentence := range sentences {
		s.sentences = slices.AppendSeq(s.sentences, slices.Chunk(sentence, maxTrained))
	}
	pairs := s.count()
	if s.perEpoch = pairs / opt.Batch; s.perEpoch == 0 {
		return nil, fmt.Errorf("datasets: skip-grams: %d pairs of neighbours in all, at least one batch of %d wanted; "+
			"choose a smaller batch, or more text", pairs, opt.Batch)
	}
	weights := make([]float64, len(counts))
	for id, n := range counts {
		weights[id] = math.Pow(float64(n), 0.75)
	}
	s.noise = newAlias(weights)
	s.batch = SkipGramBatch{
		Center: make([]int, opt.Batch), Context: make([]int, opt.Batch), Noise: make([]int, opt.Negatives*opt.Batch),
	}
	s.begin(0)
	return s, nil
}

// countIDs counts ids and refuses those outside [0, vocab).
func countIDs(sentences [][]int, vocab int) ([]int, error) {
	if vocab < 1 || vocab > maxWindow {
		return nil, fmt.Errorf("%d words, wanted 1 to %d", vocab, maxWindow)
	}
	counts := make([]int, vocab)
	for i, sentence := range sentences {
		for k, id := range sentence {
			if id < 0 || id >= vocab {
				return nil, fmt.Errorf("sentence %d: id %d at position %d is outside [0, %d)", i, id, k, vocab)
			}
			counts[id]++
		}
	}
	return counts, nil
}

// keeping is the probability √(t/f) with which an occurrence of each word stays.
func keeping(counts []int, t float64) []float64 {
	total := 0
	for _, n := range counts {
		total += n
	}
	keep := make([]float64, len(counts))
	for id, n := range counts {
		keep[id] = 1
		if n > 0 {
			keep[id] = min(1, math.Sqrt(t*float64(total)/float64(n)))
		}
	}
	return keep
}

// count is how many pairs the draws of the first epoch make.
func (s *SkipGrams) count() int {
	s.begin(0)
	n := 0
	for s.at < len(s.order) {
		s.read()
		n += len(s.center)
		s.center, s.other = s.center[:0], s.other[:0]
	}
	return n
}

// begin goes to the first pair of an epoch.
func (s *SkipGrams) begin(epoch int) {
	s.rng = rand.New(rand.NewPCG(s.opt.Seed, uint64(epoch)))
	s.order = slices.Grow(s.order[:0], len(s.sentences))[:len(s.sentences)]
	for i := range s.order {
		s.order[i] = i
	}
	s.rng.Shuffle(len(s.order), func(i, j int) { s.order[i], s.order[j] = s.order[j], s.order[i] })
	s.at = 0
	s.center, s.other = s.center[:0], s.other[:0]
}

// read adds the pairs of the next sentence.
func (s *SkipGrams) read() {
	s.words = s.words[:0]
	for _, id := range s.sentences[s.order[s.at]] {
		if keep := s.keep[id]; keep == 1 || s.rng.Float64() < keep {
			s.words = append(s.words, id)
		}
	}
	s.at++
	for i, center := range s.words {
		reach := between(s.rng, 1, s.opt.Window)
		for j := max(0, i-reach); j <= min(i+reach, len(s.words)-1); j++ {
			if j != i {
				s.center, s.other = append(s.center, center), append(s.other, s.words[j])
			}
		}
	}
}

// fill makes sure that there are pairs for a batch.
func (s *SkipGrams) fill() {
	for len(s.center) < s.opt.Batch {
		if s.at == len(s.order) {
			s.at = 0 // a few pairs are wanting
		}
		s.read()
	}
}

// drop forgets the pairs of a batch.
func (s *SkipGrams) drop() {
	n := copy(s.center, s.center[s.opt.Batch:])
	copy(s.other, s.other[s.opt.Batch:])
	s.center, s.other = s.center[:n], s.other[:n]
	if s.pos++; s.pos%s.perEpoch == 0 {
		s.begin(s.pos / s.perEpoch)
	}
}

// Next returns the batch at Pos and moves on. Its slices are valid until the next call.
func (s *SkipGrams) Next() SkipGramBatch {
	s.fill()
	copy(s.batch.Center, s.center)
	copy(s.batch.Context, s.other)
	rng := rand.New(rand.NewPCG(^s.opt.Seed, uint64(s.pos))) // not that of the pairs, so that Seek need not draw
	for i := range s.batch.Noise {
		s.batch.Noise[i] = s.noise.draw(rng)
	}
	s.drop()
	return s.batch
}

// PerEpoch is the number of batches in an epoch, at least 1.
func (s *SkipGrams) PerEpoch() int { return s.perEpoch }

// Pos is the number of batches that came before the next one, all epochs counted.
func (s *SkipGrams) Pos() int { return s.pos }

// Seek makes batch pos the next one, counted as by Pos; it draws the pairs of the epoch before it again. A negative pos is an error
// and changes nothing.
func (s *SkipGrams) Seek(pos int) error {
	if pos < 0 {
		return fmt.Errorf("datasets: skip-grams: seek to batch %d, wanted 0 or more", pos)
	}
	epoch := pos / s.perEpoch
	s.pos = epoch * s.perEpoch
	s.begin(epoch)
	for s.pos < pos {
		s.fill()
		s.drop()
	}
	return nil
}
