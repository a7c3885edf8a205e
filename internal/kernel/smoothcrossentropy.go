package kernel

// SmoothCrossEntropy is CrossEntropy with a part of each target spread over all columns: with q_i = (1-smooth)·x_i[ids_i] +
// smooth·mean_j x_ij it sets loss_i = ln Σ_j e^x_ij - q_i.
func SmoothCrossEntropy[F Float](loss, logits Mat[F], ids []int, smooth float64) {
	loss.is("SmoothCrossEntropy", logits.Rows, 1)
	count("SmoothCrossEntropy", len(ids), logits.Rows)
	for i, id := range ids {
		row := logits.Row(i)
		m := largest(row)
		loss.Row(i)[0] = log(sumExp(row, m)) + (m - smoothed(row, id, smooth))
	}
}

// SmoothCrossEntropyGrad sets out_ij = (e^(x_ij - (loss_i + q_i)) - (1-smooth)·[j = ids_i] - smooth/cols)·dloss_i, the
// gradient of SmoothCrossEntropy in the logits, from its result. Operands as in CrossEntropyGrad.
func SmoothCrossEntropyGrad[F Float](out, logits, loss Mat[F], ids []int, dloss Mat[F], smooth float64) {
	logits.is("SmoothCrossEntropyGrad", out.Rows, out.Cols)
	loss.is("SmoothCrossEntropyGrad", out.Rows, 1)
	dloss.is("SmoothCrossEntropyGrad", out.Rows, 1)
	count("SmoothCrossEntropyGrad", len(ids), out.Rows)
	for i, id := range ids {
		o, row, d := out.Row(i), logits.Row(i), dloss.Row(i)[0]
		expShift(o, row, loss.Row(i)[0]+smoothed(row, id, smooth))
		vectorScalar(sub, o, o, F(smooth/float64(out.Cols)))
		o[id] -= F(1 - smooth)
		vectorScalar(mul, o, o, d)
	}
}

// smoothed is (1-smooth)·x[id] + smooth·mean x.
func smoothed[F Float](x []F, id int, smooth float64) F {
	return F((1-smooth)*float64(x[id]) + smooth*float64(sum(x))/float64(len(x)))
}
