package graph

import "math"

// StateRef names a tensor that a cell hands from step to step.
type StateRef struct {
	Path  string // scope of the cell, such as rnn/layer0
	Name  string // what the cell calls it (Builder.Expose), else state0, state1, ..
	Index int    // its place in the state
}

// String is path and name, "rnn/layer0 h".
func (s StateRef) String() string {
	if s.Path == "" {
		return s.Name
	}
	return s.Path + " " + s.Name
}

// PathReport is a gradient through time, taken apart.
type PathReport struct {
	Loss   string // the name given
	Param  string // the path given, "" for none
	Shape  []int  // of the parameter
	States []StateRef
	Losses []LossPaths // by t, as asked for

	// Values has what each state tensor is after step k, [B, H] row by row.
	Values [][][]float64
}

// LossPaths is the gradient of one E_t.
type LossPaths struct {
	T     int     // counted from 0
	Value float64 // E_t

	Uses  []Use     // one for each use of W that E_t depends on, in the order of the formula
	Sum   []float64 // of the uses' matrices
	Total []float64 // dE_t/dW by the same engine, not taken apart
	Gap   float64   // |Sum - Total| / |Total|, Frobenius norms: what rounding leaves

	// States has |dE_t/ds_k|, the Frobenius norm over the batch, for each tensor of
	// PathReport.States and each step k, NaN where E_t does not depend on it. It is the whole
	// derivative: an output that reads h_k counts too.
	States [][]float64

	// StateGrads has dE_t/ds_k itself, [B, H] row by row, nil where there is none.
	StateGrads [][][]float64
}

// Use is what one use of a parameter adds to the gradient.
type Use struct {
	Step   int    // the time step of the use, -1 where it is outside of all steps
	Path   string // the scope of the use
	Op     string // the operation, such as MatMul
	Matrix []float64
	Norm   float64 // Frobenius norm of Matrix, |g_k|

	// Share is <g_k, G>/<G, G> of the whole gradient G: the shares sum to 1, and one below 0 works
	// against the rest. 0 where G is 0.
	Share float64

	Routes []Route // with PathsOf.Routes; their matrices sum to Matrix
}

// Route is a part of a use's gradient by what it crossed, see Paths.
type Route struct {
	Name   string // direct, only h, only c, .., mixed
	Matrix []float64
	Norm   float64
	Share  float64 // of G, as that of a Use
}

// Report runs the program once and reads what it found.
func (p *Paths) Report() (*PathReport, error) {
	if err := p.Run(); err != nil {
		return nil, err
	}
	r := &PathReport{Loss: p.of.Loss, Param: p.of.Param}
	if p.trace.leaf != nil {
		r.Shape = append(r.Shape, p.trace.leaf.shape...)
	}
	for _, s := range p.trace.states {
		r.States = append(r.States, s.StateRef)
	}
	for i, s := range p.trace.states {
		r.Values = append(r.Values, p.bySteps(s, p.states[i]))
	}
	for i := range p.losses {
		r.Losses = append(r.Losses, p.read(&p.losses[i]))
	}
	return r, nil
}

// read is the report on one E_t.
func (p *Paths) read(n *lossNodes) LossPaths {
	l := LossPaths{T: n.t, Value: p.numbers(n.loss)[0], Total: p.numbers(n.total)}
	for i, s := range p.trace.states {
		grads := p.bySteps(s, n.states[i])
		l.StateGrads = append(l.StateGrads, grads)
		l.States = append(l.States, norms(grads))
	}
	if n.total == nil {
		return l
	}
	l.Sum = make([]float64, len(l.Total))
	for _, u := range n.uses {
		m := p.numbers(u.matrix)
		plusTimes(l.Sum, m, 1)
		l.Uses = append(l.Uses, Use{
			Step: u.use.step, Path: u.use.path, Op: u.use.op,
			Matrix: m, Norm: frobenius(m), Share: share(m, l.Total), Routes: p.readRoutes(u, m, l.Total),
		})
	}
	l.Gap = gap(l.Sum, l.Total)
	return l
}

// bySteps reads what belongs to a state tensor, by time step.
func (p *Paths) bySteps(s *tracedState, vs []*value) [][]float64 {
	steps := 0
	for _, t := range s.steps {
		steps = max(steps, t+1)
	}
	out := make([][]float64, steps)
	for i, t := range s.steps {
		if t >= 0 {
			out[t] = p.numbers(vs[i])
		}
	}
	return out
}

// norms are those of the elements, NaN for nil.
func norms(xs [][]float64) []float64 {
	out := make([]float64, len(xs))
	for i, x := range xs {
		out[i] = math.NaN()
		if x != nil {
			out[i] = frobenius(x)
		}
	}
	return out
}

// readRoutes splits the gradient m of a use; parts that have no path are left out.
func (p *Paths) readRoutes(u useNodes, m, total []float64) []Route {
	if !p.of.Routes {
		return nil
	}
	var routes []Route
	rest := append([]float64(nil), m...)
	part := func(name string, x []float64) {
		plusTimes(rest, x, -1)
		routes = append(routes, Route{Name: name, Matrix: x, Norm: frobenius(x), Share: share(x, total)})
	}
	direct := p.numbers(u.direct)
	if direct != nil {
		part("direct", direct)
	}
	for i, v := range u.only {
		x := p.numbers(v)
		if x == nil {
			continue
		}
		if direct != nil {
			plusTimes(x, direct, -1)
		}
		if frobenius(x) > 0 || direct == nil {
			part("only "+p.stateName(i), x)
		}
	}
	if u.mixed {
		routes = append(routes, Route{Name: "mixed", Matrix: rest, Norm: frobenius(rest), Share: share(rest, total)})
	}
	return routes
}

// stateName is the name of a state tensor, with its layer where there are several.
func (p *Paths) stateName(i int) string {
	for _, s := range p.trace.states {
		if s.Path != p.trace.states[0].Path {
			return p.trace.states[i].String()
		}
	}
	return p.trace.states[i].Name
}

// At is the part of the report on E_t, nil if it was not asked for.
func (r *PathReport) At(t int) *LossPaths {
	for i := range r.Losses {
		if r.Losses[i].T == t {
			return &r.Losses[i]
		}
	}
	return nil
}

// Triangle is |dE_t/ds_k| of one state tensor: row i belongs to Losses[i], column k to step k; NaN
// where E_t does not depend on s_k. nil if there is no such tensor.
func (r *PathReport) Triangle(state int) [][]float64 {
	if state < 0 || state >= len(r.States) {
		return nil
	}
	var rows [][]float64
	for _, l := range r.Losses {
		rows = append(rows, l.States[state])
	}
	return rows
}
