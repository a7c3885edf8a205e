package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/unroll-go/unroll/benchmarks"
	"github.com/unroll-go/unroll/graph"
)

// sweep is one size of a task in several values, all others as the task has them.
type sweep struct {
	task   string
	size   string // the flag's name
	letter string
	values []int
}

var sweeps = []sweep{
	{"T1", "hidden", "H", []int{32, 64, 128, 256, 512, 1024}},
	{"T1", "batch", "B", []int{1, 4, 16, 32, 64, 256}},
	{"T1", "seq", "T", []int{16, 64, 256, 1000}},
	{"T1", "layers", "layers", []int{1, 2, 4, 8}},
	{"T1", "vocab", "V", []int{65, 256, 1000, 4000, 16000}},
	{"T7", "vocab", "V", []int{2000, 20000, 200000}},
}

func known(size string) bool {
	return slices.ContainsFunc(sweeps, func(s sweep) bool { return s.size == size })
}

// job is one value of a sweep, ready to run.
type job struct {
	value  int
	config benchmarks.Config
	work   benchmarks.Work
	plan   graph.Plan
	built  time.Duration
	ms     []float64 // of a step, by round
}

// print measures the values in turn and prints the table.
func (s sweep) print(w io.Writer, o options) error {
	jobs, err := s.jobs(o.most)
	if err != nil {
		return err
	}
	for range o.rounds {
		for _, j := range jobs {
			r, err := j.config.Measure(j.work, o.timing)
			if err != nil {
				return fmt.Errorf("%s, %s %d: %w", s.task, s.size, j.value, err)
			}
			j.ms = append(j.ms, r.MsPerStep)
		}
	}
	if len(jobs) == 0 {
		return nil
	}
	fmt.Fprintf(w, "%s, %v, threads %d: %s grows\n\n", s.task, jobs[0].config, o.threads, s.letter)
	fmt.Fprintf(w, "| %s | ms a step | tokens/s | GFLOP | GFLOP/s | MB moved | MB of memory | s to build |\n", s.letter)
	fmt.Fprintln(w, "|---|---|---|---|---|---|---|---|")
	for _, j := range jobs {
		fmt.Fprintln(w, j.row())
	}
	_, err = fmt.Fprintln(w)
	return err
}

// jobs are the values that are not too large.
func (s sweep) jobs(most int) ([]*job, error) {
	base, err := benchmarks.Preset(s.task)
	if err != nil {
		return nil, err
	}
	var jobs []*job
	for _, n := range s.values {
		if n > most {
			continue
		}
		j := &job{value: n, config: base.With(s.size, n)}
		start := time.Now()
		if j.work, j.plan, err = j.config.Planned(0); err != nil {
			return nil, fmt.Errorf("%s, %s %d: %w", s.task, s.size, n, err)
		}
		j.built = time.Since(start)
		jobs = append(jobs, j)
	}
	return jobs, nil
}

// row is a line of the table.
func (j *job) row() string {
	ms, p := benchmarks.Median(j.ms), j.plan
	figures := []float64{
		ms, 1e3 * float64(j.config.Tokens()) / ms, p.Flops / 1e9, p.Flops / ms / 1e6,
		float64(p.Traffic.Read+p.Traffic.Written) / 1e6, float64(p.Arena+p.Own) / 1e6,
	}
	row := fmt.Sprintf("| %d | ", j.value)
	for _, x := range figures {
		row += number(x) + " | "
	}
	return row + fmt.Sprintf("%.2f |", j.built.Seconds())
}

// number is x in three digits, from a thousand on with commas.
func number(x float64) string {
	x = benchmarks.Round(x, 3)
	s := strconv.FormatFloat(x, 'f', -1, 64)
	if x < 1000 {
		return s
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
