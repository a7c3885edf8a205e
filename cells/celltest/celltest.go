package celltest

import (
	"testing"

	"github.com/unroll-go/unroll/cells"
)

// law is one thing that holds for every cell.
type law struct {
	name  string
	says  string
	check func(t *testing.T, s *subject)
}

var laws = []law{
	{"shapes", "A step gives an output [B, Out] and a state of the same shapes as Zero, whose tensors have B rows; " +
		"unrolled, the outputs are [T, B, Out].", shapes},
	{"zero state", "Zero gives real zeros, as many tensors as the step returns; to start from them is to start from " +
		"tensors that hold 0.", zeroState},
	{"one step", "A step equals an unrolled sequence of one step.", oneStep},
	{"stepping", "Unrolling T steps equals T runs of one step through carried state.", stepping},
	{"rows", "The rows of a batch are independent: changing one leaves the bits of the others alone, and a row by " +
		"itself gives what it gives in company.", rows},
	{"seeds", "The same seed gives the same bits, another seed other values.", seeds},
	{"paths", "The paths and shapes of the parameters are below the scope of the builder and do not depend on " +
		"batch, time, seed or scope; one scope cannot be bound twice.", paths},
	{"values", "Parameters that are written out and read back into another model give the same bits.", values},
	{"wrong width", "An input of the wrong width is an error that names the path and both sizes.", wrongWidth},
	{"gradients", "The gradients of all parameters, of the input and of the initial state are the derivatives of " +
		"the loss, whichever way the sequence is walked.", gradients},
	{"uses", "What each use of a parameter adds to the gradient sums to it, and the routes of a use to that use.", uses},
	{"lengths", "A row of length n gives the outputs and the state of the sequence cut to n, and zeros after.", lengths},
	{"reverse", "Walking in reverse is walking the reversed sequence forward, with the outputs in the order of the " +
		"inputs; a shorter row begins at its last step.", reverse},
	{"rewriting", "What the engine takes off the formula does not change outputs, states or gradients.", rewriting},
}

// Run checks the laws of every cell, each in a subtest.
func Run(t *testing.T, cell cells.Cell) {
	t.Helper()
	s := newSubject(t, cell)
	for _, l := range laws {
		t.Run(l.name, func(t *testing.T) {
			defer func() {
				if t.Failed() {
					t.Logf("the law of %q: %s", l.name, l.says)
				}
			}()
			l.check(t, s)
		})
	}
}
