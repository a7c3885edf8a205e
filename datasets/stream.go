package datasets

import "fmt"

// Stream cuts a text into windows for truncated back-propagation through time (Williams and Peng, 1990). The text is
// laid out as B lanes of equal length, each a contiguous piece, and window k holds tokens k·T … k·T+T-1 of every
// lane: a state carried from one window to the next meets the very text that follows.
//
//	lane 0   t0  t1  t2 | t3  t4  t5 | ...      B = 2, T = 3: the first window is
//	lane 1   u0  u1  u2 | u3  u4  u5 | ...      x = t0 u0 t1 u1 t2 u2,  y = t1 u1 t2 u2 t3 u3
//
// A lane has n/B tokens, of which the last is only ever a target. Left over in every epoch are n mod B tokens at the end
// of the text and (n/B - 1) mod T at the end of each lane.
//
// The stream has no end: after the last window of an epoch comes the first of the next. A Stream belongs to one
// goroutine.
type Stream struct {
	ids           []int
	batch, seq    int
	lane, windows int // tokens per lane, windows per epoch
	pos           int
	x, y          []int
}

// NewStream returns the stream of ids (kept, not copied; they must not change) for batch lanes B and windows of seq steps
// T. It is an error if either is below 1, or if there are fewer than B·(T+1) tokens, which make one window.
func NewStream(ids []int, batch, seq int) (*Stream, error) {
	if batch < 1 || seq < 1 {
		return nil, fmt.Errorf("datasets: stream: batch %d of sequence %d, wanted at least 1 each", batch, seq)
	}
	lane := len(ids) / batch
	if lane <= seq {
		need := float64(batch) * (float64(seq) + 1) // cannot overflow
		return nil, fmt.Errorf("datasets: %d tokens are too few for batch %d of sequence %d: at least %.0f needed",
			len(ids), batch, seq, need)
	}
	return &Stream{
		ids: ids, batch: batch, seq: seq,
		lane: lane, windows: (lane - 1) / seq,
		x: make([]int, seq*batch), y: make([]int, seq*batch),
	}, nil
}

// Next returns the window at Pos and moves on: the inputs x [T, B] and the targets y [T, B], time-major, so that lane b
// at step t is x[t*B+b], and y[t*B+b] is the token after it. first is true for the first window of an epoch, at which
// the text begins anew and the state should be zero. The slices are valid until the next call; nothing is allocated.
func (s *Stream) Next() (x, y []int, first bool) {
	k := s.pos % s.windows
	s.pos++
	for b := range s.batch {
		start := b*s.lane + k*s.seq
		from := s.ids[start : start+s.seq+1]
		for t := range s.seq {
			s.x[t*s.batch+b] = from[t]
			s.y[t*s.batch+b] = from[t+1]
		}
	}
	return s.x, s.y, k == 0
}

// Windows is the number of windows in an epoch, at least 1.
func (s *Stream) Windows() int { return s.windows }

// Pos is the number of windows that came before the next one, all epochs counted: the next window is number
// Pos() % Windows() of epoch Pos() / Windows(). With [Stream.Seek] it resumes a run exactly where it stopped.
func (s *Stream) Pos() int { return s.pos }

// Seek makes window pos the next one, counted as by [Stream.Pos]. A negative pos is an error and changes nothing.
func (s *Stream) Seek(pos int) error {
	if pos < 0 {
		return fmt.Errorf("datasets: stream: seek to window %d, wanted 0 or more", pos)
	}
	s.pos = pos
	return nil
}
