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
	w     io.Writer
	width func() int // of the terminal, 0 if that is not known; nil: w is none
	every time.Duration
	now   func() time.Time

	unit   string        // what the speed is measured in
	remark func() string // what a validation says beside the loss; nil: nothing

	shown  time.Time // when the speed was shown last; validations are taken out
	tokens int       // since then
	ended  time.Time // the last step
	loss   float64   // sum over the steps since the last validation
	steps  int       // how many they are
	taken  int       // steps of this run
	open   bool      // a line without its end is on the terminal
}

// newProgress shows the training of a job on w.
func newProgress(w io.Writer, j *job) *progress {
	p := &progress{w: w, every: 5 * time.Second, now: time.Now}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p = newTerminal(w, func() int {
			width, _, err := term.GetSize(int(f.Fd()))
			if err != nil {
				return 0
			}
			return width
		})
	}
	p.unit, p.remark = j.unit, j.remark
	return p
}

// newTerminal shows training on a terminal of some width.
func newTerminal(w io.Writer, width func() int) *progress {
	return &progress{w: w, width: width, every: 200 * time.Millisecond, now: time.Now}
}

// event shows one step or validation.
func (p *progress) event(e train.Event) error {
	now := p.now()
	if e.Valid {
		p.shown = p.shown.Add(now.Sub(p.ended)) // the speed is that of training
		p.ended = now
		return p.validation(e)
	}
	if p.taken == 0 {
		p.shown = now.Add(-e.Elapsed)
	}
	p.ended = now
	p.taken++
	p.loss += e.Loss
	p.steps++
	p.tokens += e.Tokens
	if d := now.Sub(p.shown); d >= p.every {
		speed := float64(p.tokens) / d.Seconds()
		p.shown, p.tokens = now, 0
		return p.show(e, speed)
	}
	return nil
}

// show writes how far training is.
func (p *progress) show(e train.Event, speed float64) error {
	seconds := min(float64(e.Steps-e.Step)*float64(e.Tokens)/speed, 1e9)
	line := fmt.Sprintf("step %d/%d  loss %.3f  %.0f %s/s  %v left",
		e.Step, e.Steps, e.Loss, speed, p.unit, time.Duration(seconds)*time.Second)
	if p.width == nil {
		_, err := fmt.Fprintln(p.w, line)
		return err
	}
	if width := p.width(); width > 0 { // what wraps could not be written anew
		line = line[:min(len(line), width-1)]
	}
	p.open = true
	_, err := fmt.Fprintf(p.w, "\r\x1b[K%s", line)
	return err
}

// validation writes a line that stays.
func (p *progress) validation(e train.Event) error {
	p.end()
	mark := ""
	if p.remark != nil {
		mark = "  " + p.remark()
	}
	if e.Best {
		mark += "  best so far"
	}
	mean := p.loss / float64(max(p.steps, 1))
	p.loss, p.steps = 0, 0
	_, err := fmt.Fprintf(p.w, "step %d/%d  training loss %.3f  held-back loss %.3f  %v%s\n",
		e.Step, e.Steps, mean, e.Score, e.Elapsed.Round(time.Second), mark)
	return err
}

// end clears an open line.
func (p *progress) end() {
	if p.open {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.open = false
	}
}
