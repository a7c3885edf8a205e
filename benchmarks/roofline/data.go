package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// chart is what there is to draw.
type chart struct {
	peaks    []limit // GFLOP/s
	readings []limit // GB/s
	points   []point
}

// limit is something that the machine can do at most.
type limit struct {
	name string
	most float64
}

// point is a piece of work.
type point struct {
	name    string
	product bool    // a bare product, not a task
	x       float64 // floating-point operations for each byte moved
	y       float64 // GFLOP/s
}

// read reads figures, one a line, its fields separated by tabs: "peak" or
// "reading", a name and its GFLOP/s or GB/s; "product" or "task", a name, the
// operations for each byte and the GFLOP/s. What begins with # says something
// about them.
func read(r io.Reader) (chart, error) {
	var c chart
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		if line := lines.Text(); line != "" && line[0] != '#' {
			if err := c.add(strings.Split(line, "\t")); err != nil {
				return c, fmt.Errorf("line %d: %w", n, err)
			}
		}
	}
	switch {
	case lines.Err() != nil:
		return c, lines.Err()
	case len(c.peaks) == 0 || len(c.readings) == 0:
		return c, errors.New("a peak and a reading are needed")
	}
	return c, nil
}

// add takes the fields of a line.
func (c *chart) add(f []string) error {
	want := map[string]int{"peak": 3, "reading": 3, "product": 4, "task": 4}[f[0]]
	if len(f) != want {
		return fmt.Errorf("peak or reading with 3 fields, or product or task with 4, is wanted, got %q with %d", f[0], len(f))
	}
	var x [2]float64
	for i, s := range f[2:] {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || !(v > 1e-6 && v < 1e9) {
			return fmt.Errorf("a figure in (0.000001, 1000000000) is wanted, got %q", s)
		}
		x[i] = v
	}
	switch f[0] {
	case "peak":
		c.peaks = append(c.peaks, limit{f[1], x[0]})
	case "reading":
		c.readings = append(c.readings, limit{f[1], x[0]})
	default:
		c.points = append(c.points, point{f[1], f[0] == "product", x[0], x[1]})
	}
	return nil
}
