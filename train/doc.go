// Package train trains models: one loop for all tasks, with optimisers,
// learning-rate schedules, clipping, validation and checkpoints.
//
//	loop := train.Loop{
//		Task: task, Optimiser: train.NewAdam(2e-3), Clip: 5, Steps: 1000,
//		ValidEvery: 100, Validate: validate, Best: save,
//	}
//	report, err := loop.Run(ctx)
//
// A [Task] is anything that can compute the gradients of its next batch. A
// cancelled context ends the loop after the step at hand. [Loop.Checkpoint] and
// [Loop.Resume] make training go on, in another process, bit for bit as if it
// had never stopped: parameters, optimiser, step, place in the data, carried
// state and best score.
package train
