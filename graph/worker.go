package graph

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// spin looks whether something has come, until it has or the time is over.
func spin(most time.Duration, come func() bool) bool {
	for from := time.Now(); time.Since(from) < most; {
		for range 64 {
			if come() {
				return true
			}
		}
	}
	return come()
}

// job is what a worker does; it returns how long the worker is to stay awake for
// another.
type job func() (stay time.Duration)

// worker is a goroutine that works for one run after another as long as they
// follow each other closely: a processor without work falls asleep, and takes some
// 100 µs to come back, which is as long as many a segment.
type worker struct {
	job  atomic.Pointer[job] // what it is to do next
	live func()              // kept, so that a start allocates nothing
}

// staff is the workers of all programs on the same parameters: those that wait for
// work, and those that have ended and can be started again. It may be used by
// several goroutines at once, as such programs may.
type staff struct {
	mu             sync.Mutex
	waiting, ended []*worker
	ready          atomic.Int32 // len(waiting)
}

// hire has a worker do a job.
func (s *staff) hire(j *job) {
	// Those of a run that is just over have passed its last gate, but may not have come here yet.
	spin(2*time.Microsecond, func() bool { return s.ready.Load() > 0 })
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.waiting); n > 0 {
		w := s.waiting[n-1]
		w.job.Store(j)
		s.drop(w)
		return
	}
	var w *worker
	if n := len(s.ended); n > 0 {
		w, s.ended = s.ended[n-1], s.ended[:n-1]
	} else {
		w = &worker{}
		w.live = func() { s.keep(w) }
	}
	w.job.Store(j)
	go w.live()
}

// drop takes w out of those that wait, if it is there.
func (s *staff) drop(w *worker) bool {
	i := slices.Index(s.waiting, w)
	if i >= 0 {
		s.waiting = slices.Delete(s.waiting, i, i+1)
		s.ready.Add(-1)
	}
	return i >= 0
}

// keep has w do jobs until none comes any more.
func (s *staff) keep(w *worker) {
	for {
		stay := (*w.job.Swap(nil))()
		s.mu.Lock()
		s.waiting = append(s.waiting, w)
		s.ready.Add(1)
		s.mu.Unlock()
		if !spin(stay, func() bool { return w.job.Load() != nil }) && s.dismiss(w) {
			return
		}
	}
}

// dismiss is the end of w, unless it was called meanwhile.
func (s *staff) dismiss(w *worker) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.drop(w) {
		return false
	}
	s.ended = append(s.ended, w)
	return true
}
