package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/unroll-go/unroll/internal/atomicfile"
	"github.com/unroll-go/unroll/internal/lecture/pictures"
)

// pictures computes all pictures and writes them into the directory.
func (j *lectureJob) pictures(ctx context.Context, s streams) error {
	if err := os.MkdirAll(j.out, 0o755); err != nil {
		return err
	}
	ctx, done := interruptible(ctx, s.err)
	defer done()
	for _, set := range pictures.Sets() {
		drawings, err := set.Compute(ctx, j.seed)
		if err != nil {
			return fmt.Errorf("%s: %w", set.Name, err)
		}
		for i := range drawings {
			if err := j.write(&drawings[i], s); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// write puts one picture into its file.
func (j *lectureJob) write(d *pictures.Drawing, s streams) error {
	path := filepath.Join(j.out, d.Name+"."+j.lang+".svg")
	draw := func(w io.Writer) error { return d.SVG(pictures.Lang(j.lang), w) }
	if err := atomicfile.Write(path, draw); err != nil {
		return err
	}
	fmt.Fprintln(s.err, path)
	return nil
}
