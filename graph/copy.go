package graph

import (
	"fmt"
	"slices"
)

// CopyFrom sets an input from an output, or an input, of another program of
// the same number type: an encoder's memory becomes a decoder's. When the batch
// of the input has k times as many rows, each row is repeated k times in every
// step, as a beam of k wants it: [S, B, D] becomes [S, B·k, D].
func (p *Program) CopyFrom(name string, src *Program, output string) error {
	to, err := p.find(name, false, true)
	if err != nil {
		return err
	}
	from, err := p.fits(name, to, src, output)
	if err != nil {
		return err
	}
	p.copyValue(to, src, from)
	return nil
}

// fits is the output of another program, if it can be copied to a value of this one.
func (p *Program) fits(name string, to *value, src *Program, output string) (*value, error) {
	if src == nil {
		return nil, fmt.Errorf("graph: copy of %q to %q: there is no program, got nil", output, name)
	}
	from, err := src.find(output, false, false)
	if err != nil {
		return nil, err
	}
	if (p.m64 == nil) != (src.m64 == nil) {
		return nil, fmt.Errorf("graph: copy of %q to %q: the number types differ", output, name)
	}
	if to.cols() != from.cols() || to.rows()%from.rows() != 0 || !slices.Equal(steps(to.shape), steps(from.shape)) {
		return nil, fmt.Errorf("graph: copy of %q to %q: shape %v does not go into %v", output, name, from.shape, to.shape)
	}
	return from, nil
}

// steps are the axes above the rows of a batch, without those of 1.
func steps(shape []int) []int {
	var s []int
	for i := 0; i < len(shape)-2; i++ {
		if shape[i] != 1 {
			s = append(s, shape[i])
		}
	}
	return s
}

// copyValue copies a value of another program that fits.
func (p *Program) copyValue(to *value, src *Program, from *value) {
	if p.m64 != nil {
		tile(p.m64.slot(to), src.m64.slot(from), to.cols())
	} else {
		tile(p.m32.slot(to), src.m32.slot(from), to.cols())
	}
}

// CopyState sets the tensors carried under name from outputs, or inputs, of another program, one
// for each: an encoder's final state is where a decoder begins. Rows are repeated as by CopyFrom.
func (p *Program) CopyState(name string, src *Program, outputs ...string) error {
	cs, err := p.state(name)
	if err != nil {
		return err
	}
	if len(outputs) != len(cs) {
		return fmt.Errorf("graph: state %q has %d tensors, got %d outputs", name, len(cs), len(outputs))
	}
	from := make([]*value, len(cs))
	for i, c := range cs {
		if from[i], err = p.fits(name, c.leaf, src, outputs[i]); err != nil {
			return err
		}
	}
	for i, c := range cs {
		p.copyValue(c.leaf, src, from[i])
	}
	return nil
}

// tile repeats each row of x as often as y has room for.
func tile[F any](y, x []F, cols int) {
	k := len(y) / len(x)
	for i := 0; i < len(y)/cols; i++ {
		copy(y[i*cols:(i+1)*cols], x[i/k*cols:])
	}
}
