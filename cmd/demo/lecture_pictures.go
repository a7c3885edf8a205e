package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/unroll-go/unroll/internal/atomicfile"
	"github.com/unroll-go/unroll/internal/lecture"
)

// pictures computes pictures and writes them, and the page that shows them,
// into the directory.
func (j *lectureJob) pictures(ctx context.Context, groups []lecture.Pictures, s streams) error {
	if err := os.MkdirAll(j.out, 0o755); err != nil {
		return err
	}
	ctx, done := interruptible(ctx, s.err)
	defer done()
	var all []pagePicture
	for _, group := range groups {
		pictures, err := group.Compute(ctx, lecture.Choice{Seed: j.seed, Lang: lecture.Lang(j.lang)})
		if errors.Is(err, context.Canceled) {
			return fmt.Errorf("interrupted; %d pictures are in %s, the page is not", len(all), j.out)
		}
		if err != nil {
			return err
		}
		for i := range pictures {
			v, err := j.write(&pictures[i], s)
			if err != nil {
				return err
			}
			all = append(all, v)
		}
	}
	if err := j.page(all); err != nil {
		return err
	}
	fmt.Fprintln(s.out, filepath.Join(j.out, "index.html"))
	return nil
}

// write puts one picture into its file.
func (j *lectureJob) write(p *lecture.Picture, s streams) (pagePicture, error) {
	v, svg, err := shown(p, lecture.Lang(j.lang))
	if err != nil {
		return v, err
	}
	path := filepath.Join(j.out, p.Name+"."+j.lang+".svg")
	err = atomicfile.Write(path, func(w io.Writer) error {
		_, err := w.Write(svg)
		return err
	})
	fmt.Fprintln(s.err, path)
	return v, err
}
