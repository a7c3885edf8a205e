package kernel

// CrossEntropy sets loss_i = ln Σ_j e^x_ij - x_i[ids_i], in nats, for logits x [rows, cols] and the right columns
// ids [rows]; loss is [rows, 1]. It is computed as ln Σ_j e^(x_ij - m_i) + (m_i - x_i[ids_i]) with m_i the largest
// element of the row, which does not overflow.
func CrossEntropy[F Float](loss, logits Mat[F], ids []int) {
	loss.is("CrossEntropy", logits.Rows, 1)
	count("CrossEntropy", len(ids), logits.Rows)
	for i, id := range ids {
		row := logits.Row(i)
		m := largest(row)
		loss.Row(i)[0] = log(sumExp(row, m)) + (m - row[id])
	}
}

// CrossEntropyGrad sets out_ij = (e^(x_ij - (loss_i + x_i[ids_i])) - [j = ids_i])·dloss_i, the gradient of
// CrossEntropy in the logits x [rows, cols], from its result loss [rows, 1] and the gradient dloss [rows, 1]. out
// [rows, cols] may be the same view as logits.
func CrossEntropyGrad[F Float](out, logits, loss Mat[F], ids []int, dloss Mat[F]) {
	logits.is("CrossEntropyGrad", out.Rows, out.Cols)
	loss.is("CrossEntropyGrad", out.Rows, 1)
	dloss.is("CrossEntropyGrad", out.Rows, 1)
	count("CrossEntropyGrad", len(ids), out.Rows)
	for i, id := range ids {
		o, row, d := out.Row(i), logits.Row(i), dloss.Row(i)[0]
		expShift(o, row, loss.Row(i)[0]+row[id])
		o[id] -= 1
		vectorScalar(mul, o, o, d)
	}
}
