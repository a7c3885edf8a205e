package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/train"
)

// clock is a time that a test sets.
type clock struct{ time.Time }

func (c *clock) after(d time.Duration) { c.Time = c.Add(d) }

// watched is a progress whose clock the test sets.
func watched(p *progress) *clock {
	c := &clock{time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)}
	p.now = func() time.Time { return c.Time }
	return c
}

// The speed is that of the steps since the last line: neither what came before
// the training nor a validation counts.
func TestProgressSpeed(t *testing.T) {
	var b bytes.Buffer
	p := newProgress(&b, &job{unit: "chars"})
	c := watched(p)
	c.after(time.Hour) // reading the text
	step := func(n int) {
		c.after(time.Second)
		require.NoError(t, p.event(train.Event{Step: n, Steps: 20, Tokens: 100, Loss: float64(n), Elapsed: time.Second}))
	}
	for n := 101; n <= 110; n++ { // as after a checkpoint
		step(n - 100)
		if n == 107 {
			c.after(time.Minute)
			require.NoError(t, p.event(train.Event{Step: 7, Steps: 20, Valid: true, Score: 1.5, Best: true, Elapsed: 67 * time.Second}))
		}
	}
	assert.Equal(t, `step 5/20  loss 5.000  100 chars/s  15s left
step 7/20  training loss 4.000  held-back loss 1.500  1m7s  best so far
step 10/20  loss 10.000  100 chars/s  10s left
`, b.String())
}

// A resumed training counts its own steps only.
func TestProgressResumed(t *testing.T) {
	var b bytes.Buffer
	p := newProgress(&b, &job{unit: "chars"})
	c := watched(p)
	c.after(10 * time.Second)
	require.NoError(t, p.event(train.Event{Step: 901, Steps: 1000, Tokens: 100, Loss: 2, Elapsed: 5 * time.Second}))
	assert.Equal(t, "step 901/1000  loss 2.000  20 chars/s  8m15s left\n", b.String())
}

// On a terminal one line is written anew, never longer than the terminal is
// wide, and it makes room for lines that stay.
func TestProgressTerminal(t *testing.T) {
	for width, want := range map[int]string{
		0:  "step 1/2  loss 1.000  100 chars/s  1s left",
		80: "step 1/2  loss 1.000  100 chars/s  1s left",
		20: "step 1/2  loss 1.00",
		1:  "",
	} {
		var b bytes.Buffer
		p := newTerminal(&b, func() int { return width })
		p.unit = "chars"
		c := watched(p)
		c.after(time.Second)
		require.NoError(t, p.event(train.Event{Step: 1, Steps: 2, Tokens: 100, Loss: 1, Elapsed: time.Second}))
		assert.Equal(t, "\r\x1b[K"+want, b.String())
		p.end()
		assert.True(t, strings.HasSuffix(b.String(), want+"\r\x1b[K"))
		p.end()
		assert.Equal(t, 2, strings.Count(b.String(), "\x1b"), "once is enough")
	}
}
