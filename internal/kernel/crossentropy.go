package kernel

// ExpSum sets, for each row x_i of logits [rows, cols], sums_i = (m_i, s_i) with m_i the largest element of the row and
// s_i = Σ_j e^(x_ij - m_i), which does not overflow; sums is [rows, 2].
func ExpSum[F Float](sums, logits Mat[F]) {
	sums.is("ExpSum", logits.Rows, 2)
	for i := range logits.Rows {
		row, s := logits.Row(i), sums.Row(i)
		s[0] = largest(row)
		s[1] = sumExp(row, s[0])
	}
}

// Target is what cross entropy is measured against: the right columns, and the part of each that is spread over all
// columns (label smoothing), in [0, 1).
type Target struct {
	IDs    []int
	Smooth float64
}

// of is what the target of row i weighs its elements x to: x[id], or (1-smooth)·x[id] + smooth·mean x.
func of[F Float](t Target, i int, x []F) F {
	right := x[t.IDs[i]]
	if t.Smooth == 0 {
		return right
	}
	return F((1-t.Smooth)*float64(right) + t.Smooth*float64(sum(x))/float64(len(x)))
}

// CrossEntropy sets loss_i = ln Σ_j e^x_ij - q_i = ln s_i + (m_i - q_i), in nats, for logits x [rows, cols], q_i being
// x_i[ids_i] or its smoothed form, and what ExpSum gives; loss is [rows, 1].
func CrossEntropy[F Float](loss, logits Mat[F], t Target, sums Mat[F]) {
	loss.is("CrossEntropy", logits.Rows, 1)
	sums.is("CrossEntropy", logits.Rows, 2)
	count("CrossEntropy", len(t.IDs), logits.Rows)
	for i := range t.IDs {
		s := sums.Row(i)
		loss.Row(i)[0] = log(s[1]) + (s[0] - of(t, i, logits.Row(i)))
	}
}

// CrossEntropyGrad sets out_ij = e^(x_ij - m_i)·(dloss_i/s_i) - t_ij·dloss_i, t_ij = (1-smooth)·[j = ids_i] + smooth/cols,
// the gradient of CrossEntropy in the logits x [rows, cols], from what ExpSum gives and the gradient dloss [rows, 1]. out
// [rows, cols] may be the same view as logits.
func CrossEntropyGrad[F Float](out, logits Mat[F], t Target, sums, dloss Mat[F]) {
	logits.is("CrossEntropyGrad", out.Rows, out.Cols)
	sums.is("CrossEntropyGrad", out.Rows, 2)
	dloss.is("CrossEntropyGrad", out.Rows, 1)
	count("CrossEntropyGrad", len(t.IDs), out.Rows)
	for i := range t.IDs {
		o, s := out.Row(i), sums.Row(i)
		expShift(o, logits.Row(i), s[0])
		d := dloss.Row(i)[0]
		slope(t, i, o, d/s[1], d)
	}
}

// CrossEntropyBoth is CrossEntropy and CrossEntropyGrad at once, with their bits: each row is read once, and its
// exponentials are those of both. out may be the same view as logits, loss the same as dloss.
func CrossEntropyBoth[F Float](loss, out, logits Mat[F], t Target, dloss Mat[F]) {
	logits.is("CrossEntropyBoth", out.Rows, out.Cols)
	loss.is("CrossEntropyBoth", out.Rows, 1)
	dloss.is("CrossEntropyBoth", out.Rows, 1)
	count("CrossEntropyBoth", len(t.IDs), out.Rows)
	for i := 0; i < out.Rows; i += atOnce {
		crossEntropies(loss, out, logits, t, dloss, i, min(i+atOnce, out.Rows))
	}
}

// atOnce is how many rows go through each part of CrossEntropyBoth at a time: one row waits for its own results.
const atOnce = 16

// crossEntropies is CrossEntropyBoth of the rows from lo to hi.
func crossEntropies[F Float](loss, out, logits Mat[F], t Target, dloss Mat[F], lo, hi int) {
	var off, sums [atOnce]F // ln s_i + off_i is the loss
	for i := lo; i < hi; i++ {
		row := logits.Row(i)
		m, right := largest(row), of(t, i, row)
		off[i-lo], sums[i-lo] = m-right, expSum(out.Row(i), row, m)
	}
	for i := lo; i < hi; i++ {
		s, d := sums[i-lo], dloss.Row(i)[0]
		loss.Row(i)[0] = log(s) + off[i-lo]
		sums[i-lo], off[i-lo] = d/s, d
	}
	for i := lo; i < hi; i++ {
		slope(t, i, out.Row(i), sums[i-lo], off[i-lo])
	}
}

// slope turns the exponentials o of row i into the gradient, scale being d by their sum.
func slope[F Float](t Target, i int, o []F, scale, d F) {
	vectorScalar(mul, o, o, scale)
	if t.Smooth == 0 {
		o[t.IDs[i]] -= d
		return
	}
	vectorScalar(sub, o, o, d*F(t.Smooth/float64(len(o))))
	o[t.IDs[i]] -= d * F(1-t.Smooth)
}
