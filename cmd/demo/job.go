package main

import "github.com/unroll-go/unroll/train"

// job is a model of any kind, ready to train: what following a training needs to
// know of it.
type job struct {
	settings any // what, with the data, decides how training goes; a checkpoint holds it as JSON
	task     train.Task
	epoch    int    // batches of an epoch
	unit     string // what the speed is measured in: chars, texts

	validate func() (float64, error) // the loss on what is held back; nil: nothing is
	apart    int                     // steps between validations, at least
	remark   func() string           // what a validation says beside the loss; nil: nothing

	save      func(path string) error         // writes the model
	introduce func()                          // says what is trained on what
	conclude  func(report train.Report) error // measures the model that was kept
}
