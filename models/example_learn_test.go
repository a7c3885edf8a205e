package models_test

import "github.com/unroll-go/unroll/graph"

// learner is what package train calls a Task, as far as descend needs it.
type learner interface {
	Next(step int) (float64, error)
	Params() *graph.Params
}

// descend is gradient descent, which is enough for examples; package train has
// better.
func descend(task learner, steps int, rate float32) error {
	for step := range steps {
		if _, err := task.Next(step); err != nil {
			return err
		}
		err := task.Params().Update(func(p *graph.Param) error {
			for i, g := range p.Grad32s() {
				p.Float32s()[i] -= rate * g
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
