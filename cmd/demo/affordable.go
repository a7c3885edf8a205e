package main

import (
	"fmt"

	"github.com/unroll-go/unroll/models"
)

// network is the sizes of what is to be trained.
type network struct {
	models.Recurrent
	table       int  // rows of the embedding, or columns of the input where there is none
	answers     int  // columns of the output
	everyStep   bool // there is an answer for each step, not one for a row
	steps, rows int  // of a batch
}

// affordable refuses sizes beyond all machines' memory, and names the flags that
// may be smaller. What it counts is about what training takes: parameters with
// gradient and Adam's two means, and the values of a batch with their gradients,
// of 4 bytes each.
func (n network) affordable(flags string) error {
	return affordable(4*n.weights()+float64(n.rows)*n.values(), flags)
}

// affordable refuses so many numbers of 4 bytes.
func affordable(numbers float64, flags string) error {
	const most = 16 // GiB
	if need := 4 * numbers / (1 << 30); need > most {
		return fmt.Errorf("training would need about %.0f GiB, at most %d wanted; choose a smaller %s", need, most, flags)
	}
	return nil
}

// gates are the blocks of a cell's weights.
func (n network) gates() float64 { return map[string]float64{"rnn": 1, "gru": 3, "lstm": 4}[n.Cell] }

// input is the columns of the input.
func (n network) input() float64 {
	if n.Embed > 0 {
		return float64(n.Embed)
	}
	return float64(n.table)
}

// weights are the parameters, but for biases.
func (n network) weights() float64 {
	H, L, out := float64(n.Hidden), float64(n.Layers), float64(n.Out())
	cells := n.gates() * out * (n.input() + H + (L-1)*(out+H))
	return cells + float64(n.table)*float64(n.Embed) + float64(n.answers)*out
}

// values are what a row of the batch takes.
func (n network) values() float64 {
	T, answers := float64(n.steps), 3*float64(n.answers)
	if n.everyStep {
		answers *= T
	}
	return T*(n.input()+float64(n.Layers)*float64(n.Out())*(2*n.gates()+4)) + answers
}
