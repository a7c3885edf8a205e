package kernel

// Sums run in one fixed order, whatever the strides. A row is cut into blocks of sumBlock elements, a block is
// added in eight interleaved lanes and the lanes pairwise, then the blocks pairwise; the sums of rows are added in
// runs of at most eight, and the runs pairwise; a single column is added like a row. So the error grows with
// the logarithm of the count, and a vector version has lanes to use.
const sumBlock = 256

// sum returns Σ x_j.
func sum[F Float](x []F) F {
	if len(x) <= sumBlock {
		return sumLanes(x)
	}
	h := halve(len(x))
	return sum(x[:h]) + sum(x[h:])
}

// halve returns where a row of n > sumBlock elements is cut: at a multiple of sumBlock, near the middle.
func halve(n int) int {
	blocks := (n + sumBlock - 1) / sumBlock
	return blocks / 2 * sumBlock
}

// sumLanes is sum of at most sumBlock elements.
func sumLanes[F Float](x []F) F {
	var s [8]F
	if x32, ok := any(x).([]float32); ok && active != plain {
		x = any(addLanes(any(&s).(*[8]float32), x32)).([]F)
	}
	for len(x) >= 8 {
		s[0] += x[0]
		s[1] += x[1]
		s[2] += x[2]
		s[3] += x[3]
		s[4] += x[4]
		s[5] += x[5]
		s[6] += x[6]
		s[7] += x[7]
		x = x[8:]
	}
	for j, v := range x {
		s[j] += v
	}
	return fold(&s)
}

// fold adds the eight lanes pairwise.
func fold[F Float](s *[8]F) F {
	return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
}

// dot returns Σ x_j·y_j in the order of sum, each product rounded before it is added.
func dot[F Float](x, y []F) F {
	if len(x) <= sumBlock {
		return dotLanes(x, y)
	}
	h := halve(len(x))
	return dot(x[:h], y[:h]) + dot(x[h:], y[h:])
}

// dotLanes is dot of at most sumBlock elements.
func dotLanes[F Float](x, y []F) F {
	var s [8]F
	if x32, ok := any(x).([]float32); ok && active != plain {
		x32, y32 := addProductLanes(any(&s).(*[8]float32), x32, any(y).([]float32))
		x, y = any(x32).([]F), any(y32).([]F)
	}
	for len(x) >= 8 && len(y) >= 8 {
		s[0] += F(x[0] * y[0])
		s[1] += F(x[1] * y[1])
		s[2] += F(x[2] * y[2])
		s[3] += F(x[3] * y[3])
		s[4] += F(x[4] * y[4])
		s[5] += F(x[5] * y[5])
		s[6] += F(x[6] * y[6])
		s[7] += F(x[7] * y[7])
		x, y = x[8:], y[8:]
	}
	for j, v := range x {
		s[j] += F(v * y[j])
	}
	return fold(&s)
}

// expSum sets o_j = e^(x_j - shift) and returns Σ o_j in the order of sum.
func expSum[F Float](o, x []F, shift F) F {
	if len(x) > sumBlock {
		h := halve(len(x))
		return expSum(o[:h], x[:h], shift) + expSum(o[h:], x[h:], shift)
	}
	if o, ok := any(o).([]float32); ok && active != plain {
		var s [8]float32
		vectorExpSum(active, o, any(x).([]float32), float32(shift), &s)
		return F(fold(&s))
	}
	expShift(o, x, shift)
	return sumLanes(o)
}

// sumExp returns Σ e^(x_j - shift) in the order of sum.
func sumExp[F Float](x []F, shift F) F {
	if len(x) > sumBlock {
		h := halve(len(x))
		return sumExp(x[:h], shift) + sumExp(x[h:], shift)
	}
	var e [sumBlock]F
	return expSum(e[:len(x)], x, shift)
}
