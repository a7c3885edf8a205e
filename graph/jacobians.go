package graph

import "fmt"

// Jacobians is how a cell's state depends on its state before: a program over a formula of one row
// (B = 1) that also gives ds_t/ds_{t-1} at every step. Set its inputs as those of any program,
// then ask for the Report.
//
// Let s = (s¹, s², ..) be all that the cell hands from step to step, S numbers, an LSTM's h and c
// side by side. With J_t = ds_t/ds_{t-1} [S, S] the chain rule gives
//
//	ds_t/ds_k = J_t·J_{t-1}···J_{k+1}         (t > k; the identity for t = k)
//
// for paths that stay with this cell. For a tanh RNN J_t' = Wh·diag(1 - h_t²), so its norm goes
// with the product of the largest singular values, and vanishes when they are below 1 (Bengio et
// al. 1994, Pascanu et al. 2013). What another layer or an attention adds is not in J.
//
// Cost: one graph and one run. The same formula is built again for S rows, all with the same data,
// and row i differentiates number i of the state; so a formula whose rows see each other gives
// nothing sensible. That run costs about 3·S times a step forward. The report multiplies T²/2
// matrices, S³·T² floating-point operations, and finds as many spectral norms.
type Jacobians struct {
	*Program
	wide   *Program
	states []StateRef
	widths []int
	parts  [][]*value // by step, then by tensor: columns of J [S, width]
}

// Bounds of what NewJacobians takes on: operations of a report, and numbers of all J_t.
const (
	maxJacobianWork    = 2e12
	maxJacobianNumbers = 1 << 26
)

// NewJacobians builds the formula f, which unrolls a cell in the given scope (rnn/layer0), in
// Plain mode and for evaluation. It is an error if key.B is not 1, if no state is handed on in
// that scope, or if it would take too much.
func NewJacobians(params *Params, key Key, f func(g *Builder), scope string) (*Jacobians, error) {
	key.Train = false
	if key.B != 1 || key.T > maxPathSteps {
		return nil, fmt.Errorf("graph: Jacobians need B = 1 and at most %d steps, got %+v", maxPathSteps, key)
	}
	j := &Jacobians{}
	t := newTrace("")
	var err error
	j.Program, err = buildTraced(params, key, f, t, func(g *Builder) {
		if err := j.find(t, scope); err != nil {
			g.Fail(err)
		}
	})
	if err != nil {
		return nil, err
	}
	wide := newTrace("")
	key.B = j.width()
	j.wide, err = buildTraced(params, key, f, wide, func(g *Builder) { j.differentiate(g, wide.below(scope)) })
	if err != nil {
		return nil, fmt.Errorf("graph: Jacobians, the formula for %d rows: %w", key.B, err)
	}
	return j, nil
}

// below are the tensors that are handed on in a scope.
func (t *trace) below(scope string) []*tracedState {
	var found []*tracedState
	for _, s := range t.states {
		if s.Path == scope {
			found = append(found, s)
		}
	}
	return found
}

func (j *Jacobians) width() int {
	n := 0
	for _, w := range j.widths {
		n += w
	}
	return n
}

// find notes the tensors of the scope and their widths.
func (j *Jacobians) find(t *trace, scope string) error {
	states := t.below(scope)
	steps := 0
	for _, s := range states {
		j.states = append(j.states, s.StateRef)
		j.widths = append(j.widths, s.made[0].cols())
		steps = len(states[0].made)
		if s.made[0].rows() != 1 {
			return shapeError("Jacobians", s.made[:1], "a state of one row is needed")
		}
		if err := s.even(steps); err != nil {
			return err
		}
	}
	if len(j.states) == 0 {
		return fmt.Errorf("jacobians: no state is handed from step to step in the scope %q; there are %q", scope, t.scopes())
	}
	S, T := float64(j.width()), float64(steps)
	work := T * T * (S*S*S + 600*S*S + 1e5) // a product and a spectral norm for every pair
	if work > maxJacobianWork || T*S*S > maxJacobianNumbers {
		return fmt.Errorf("jacobians: a state of %v numbers over %d steps may take %.1e operations and %.1e numbers, at most %.0e and %.1e; "+
			"choose a shorter T", S, steps, work, T*S*S, maxJacobianWork, float64(maxJacobianNumbers))
	}
	return nil
}

// even refuses a tensor that is not handed on as often as the first one, or not in one shape.
func (s *tracedState) even(steps int) error {
	for _, v := range s.made {
		if !sameShape(v.shape, s.made[0].shape) {
			return shapeError("Jacobians", []*value{s.made[0], v}, "%s must keep its shape from step to step", s)
		}
	}
	if len(s.made) != steps {
		return fmt.Errorf("jacobians: %s is handed on %d times, the state's first tensor %d times", s, len(s.made), steps)
	}
	return nil
}

// scopes are those in which state is handed on.
func (t *trace) scopes() []string {
	var paths []string
	for _, s := range t.states {
		if s.Index == 0 {
			paths = append(paths, s.Path)
		}
	}
	return paths
}

// jacobianRows is the input that numbers the rows of the wide program.
const jacobianRows = "rows of the Jacobians"

// differentiate adds, for each step, the derivative of number i of the state in row i with regard
// to the state before.
func (j *Jacobians) differentiate(g *Builder, states []*tracedState) {
	top := *g
	top.path = ""
	eye := top.OneHot(top.IDs(jacobianRows, j.width()), j.width()) // row i stands for number i of the state
	picks := make([]*Node, len(states))
	at := 0
	for i, w := range j.widths {
		picks[i] = top.Cols(eye, at, at+w)
		at += w
	}
	for k := 1; k < len(states[0].made) && g.err == nil; k++ {
		var sum *Node
		var wrt []*Node
		for i, s := range states {
			part := top.SumAll(top.Mul(s.made[k].node, picks[i]))
			if sum == nil {
				sum = part
			} else {
				sum = top.Add(sum, part)
			}
			wrt = append(wrt, s.handed[k-1].node)
		}
		var cols []*value
		for _, n := range top.reached(sum, wrt, nil) {
			cols = append(cols, top.hidden(n))
		}
		j.parts = append(j.parts, cols)
	}
}
