package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"github.com/unroll-go/unroll/train"
)

// progress shows training: on a terminal one line that is written anew, else a
// line every few seconds.
type progress struct {
	w        io.Writer
	terminal bool
	every    time.Duration
	last     time.Time
	since    int // steps when last was shown
	mean     float64
	steps    int
	speed    float64
	open     bool // a line without its end is on the terminal
}

func newProgress(w io.Writer) *progress {
	p := &progress{w: w, every: 5 * time.Second, last: time.Now()}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.terminal, p.every = true, 200*time.Millisecond
	}
	return p
}

// event shows one step or validation.
func (p *progress) event(e train.Event) error {
	if e.Valid {
		return p.validation(e)
	}
	p.mean += e.Loss
	p.steps++
	now := time.Now()
	if d := now.Sub(p.last); d >= p.every {
		p.speed = float64((e.Step-p.since)*e.Tokens) / d.Seconds()
		if p.since == 0 {
			p.speed = float64(p.steps*e.Tokens) / d.Seconds()
		}
		p.last, p.since = now, e.Step
		return p.show(e)
	}
	return nil
}

// show writes how far training is.
func (p *progress) show(e train.Event) error {
	left := time.Duration(float64((e.Steps-e.Step)*e.Tokens)/max(p.speed, 1)) * time.Second
	line := fmt.Sprintf("step %d/%d  loss %.3f  %.0f chars/s  %v left", e.Step, e.Steps, e.Loss, p.speed, left.Round(time.Second))
	if p.terminal {
		p.open = true
		_, err := fmt.Fprintf(p.w, "\r\x1b[K%s", line)
		return err
	}
	_, err := fmt.Fprintln(p.w, line)
	return err
}

// validation writes a line that stays.
func (p *progress) validation(e train.Event) error {
	p.end()
	mark := ""
	if e.Best {
		mark = "  best so far"
	}
	train := p.mean / float64(max(p.steps, 1))
	p.mean, p.steps = 0, 0
	_, err := fmt.Fprintf(p.w, "step %d/%d  training loss %.3f  held-back loss %.3f  %v%s\n",
		e.Step, e.Steps, train, e.Score, e.Elapsed.Round(time.Second), mark)
	return err
}

// end ends an open line.
func (p *progress) end() {
	if p.open {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.open = false
	}
}
