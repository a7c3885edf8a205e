package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// line is what the comparison needs of a line of JSON.
type line struct {
	Peer    string  `json:"peer"`
	Task    string  `json:"task"`
	Config  string  `json:"config"`
	Threads int     `json:"threads"`
	Speed   float64 `json:"tokens_per_s"`
	Warning string  `json:"warning"`

	others float64 // processors that others used meanwhile; -1: not known
}

// measure runs a command, prints its result and returns it.
func measure(command []string, stdout, stderr io.Writer) (line, error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stderr = stderr
	busy, start := machineTime(), time.Now()
	out, err := cmd.Output()
	if err != nil {
		return line{}, fmt.Errorf("%s: %w", strings.Join(command, " "), err)
	}
	text, l, err := result(out)
	if err != nil {
		return line{}, fmt.Errorf("%s: %w", strings.Join(command, " "), err)
	}
	l.others = -1
	if after := machineTime(); busy >= 0 && after >= 0 {
		own := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		l.others = max(0, (after-busy-own).Seconds()/time.Since(start).Seconds())
	}
	_, err = fmt.Fprintf(stdout, "%s\n", text)
	return l, err
}

// result is the last line of an output that is a result.
func result(out []byte) (text []byte, l line, err error) {
	for candidate := range bytes.Lines(out) {
		var c line
		if json.Unmarshal(candidate, &c) == nil && c.Speed > 0 {
			text, l = bytes.TrimSpace(candidate), c
		}
	}
	if text == nil {
		return nil, l, fmt.Errorf("no line of JSON with tokens_per_s was printed")
	}
	return text, l, nil
}

// machineTime is the time that all processors together have worked since the
// machine was started, negative where /proc does not tell. Its ticks are
// hundredths of a second on all Linux systems that Go runs on.
func machineTime() time.Duration {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return -1
	}
	first, _, _ := strings.Cut(string(stat), "\n")
	return workTime(first)
}

// workTime adds up user, nice, system, irq, softirq and steal of a line of
// /proc/stat, such as "cpu  1 2 3 4 5 6 7 8 0 0", and leaves idle and iowait out.
func workTime(first string) time.Duration {
	f := strings.Fields(first)
	if len(f) < 9 || f[0] != "cpu" {
		return -1
	}
	ticks := 0
	for _, i := range []int{1, 2, 3, 6, 7, 8} {
		n, err := strconv.Atoi(f[i])
		if err != nil {
			return -1
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}
