package main

import (
	"fmt"
	"io"

	"github.com/unroll-go/unroll/benchmarks"
)

// products are those that are published, and those of a single row.
func products() []benchmarks.Product {
	return append(benchmarks.Products(), benchmarks.Product{M: 1, N: 512, K: 128}, benchmarks.Product{M: 1, N: 2048, K: 512})
}

// measure prints a line for each product and each task. A task's operations are
// those of its products, its bytes what the operations of its program move.
func measure(w io.Writer, t benchmarks.Timing) error {
	for _, p := range products() {
		if err := bare(w, p, t); err != nil {
			return err
		}
	}
	for _, c := range benchmarks.Presets() {
		if err := task(w, c.Task, c, t); err != nil {
			return err
		}
		if c.Task[0] == 'I' && c.Batch == 1 {
			if err := task(w, c.Task+" H512", c.With("hidden", 512), t); err != nil {
				return err
			}
		}
	}
	return nil
}

// bare prints the line of a product.
func bare(w io.Writer, p benchmarks.Product, t benchmarks.Timing) error {
	work, err := p.Work()
	if err != nil {
		return err
	}
	r, err := p.Measure(work, t)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "product\t%v\t%.4g\t%.4g\n", p, p.Flops()/p.Bytes(), r.GFlops)
	return err
}

// task prints the line of a task.
func task(w io.Writer, name string, c benchmarks.Config, t benchmarks.Timing) error {
	work, plan, err := c.Planned(0)
	if err != nil {
		return err
	}
	r, err := c.Measure(work, t)
	if err != nil {
		return err
	}
	bytes := float64(plan.Traffic.Read + plan.Traffic.Written)
	_, err = fmt.Fprintf(w, "task\t%s\t%.4g\t%.4g\n", name, plan.Flops/bytes, plan.Flops/r.MsPerStep/1e6)
	return err
}
