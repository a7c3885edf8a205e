package main

// pointwises are the functions from elements to elements.
func pointwises() []pointwise {
	return []pointwise{
		{"Exp", 1, true, 3, false, "out = e^(x-k)", func(w *work) {
			w.each(func(u int) { w.VSUBPS(w.k, w.x[u], w.x[u]) })
			w.atMost("expMax")
			w.exp()
		}},
		{"ExpSum", 1, true, 3, true, "out = e^(x-k), added to s,", func(w *work) {
			w.each(func(u int) { w.VSUBPS(w.k, w.x[u], w.x[u]) })
			w.atMost("expMax")
			w.exp()
		}},
		{"Copy", 1, false, 0, false, "out = x", func(*work) {}},
		{"Sigmoid", 1, false, 4, false, "out = σ(x)", (*work).sigmoid},
		{"Tanh", 1, false, 4, false, "out = tanh x", (*work).tanh},
		{"SigmoidGrad", 2, false, 1, false, "out = y⊙x⊙(1-x)", func(w *work) {
			w.each(func(u int) { w.VMULPS(w.x[u], w.y[u], w.y[u]) })
			w.each(func(u int) { w.VMOVUPS(w.constant("one"), w.t[0][u]) })
			w.each(func(u int) { w.VSUBPS(w.x[u], w.t[0][u], w.x[u]) })
			w.each(func(u int) { w.VMULPS(w.x[u], w.y[u], w.x[u]) })
		}},
		{"TanhGrad", 2, false, 1, false, "out = y⊙(1-x²)", func(w *work) {
			w.each(func(u int) { w.VMULPS(w.x[u], w.x[u], w.x[u]) })
			w.each(func(u int) { w.VMOVUPS(w.constant("one"), w.t[0][u]) })
			w.each(func(u int) { w.VSUBPS(w.x[u], w.t[0][u], w.x[u]) })
			w.each(func(u int) { w.VMULPS(w.x[u], w.y[u], w.x[u]) })
		}},
		{"SigmoidGradOf", 3, true, 0, false, "out = (y⊙z)⊙x⊙(k-x)", func(w *work) {
			w.each(func(u int) { w.VMULPS(w.z[u], w.y[u], w.y[u]) })
			w.each(func(u int) { w.VMULPS(w.x[u], w.y[u], w.y[u]) })
			w.each(func(u int) { w.VSUBPS(w.x[u], w.k, w.x[u]) })
			w.each(func(u int) { w.VMULPS(w.x[u], w.y[u], w.x[u]) })
		}},
		{"TanhGradOf", 3, true, 0, false, "out = (y⊙z)⊙(k-x²)", (*work).tanhGradOf},
		{"TanhGradAdd", 4, true, 0, false, "out = v + (y⊙z)⊙(k-x²)", func(w *work) {
			w.tanhGradOf()
			w.each(func(u int) { w.VADDPS(w.x[u], w.v[u], w.x[u]) })
		}},
		{"SumOfProducts", 4, false, 0, false, "out = x⊙y + z⊙v", func(w *work) {
			w.each(func(u int) { w.VMULPS(w.y[u], w.x[u], w.x[u]) })
			w.each(func(u int) { w.VMULPS(w.v[u], w.z[u], w.z[u]) })
			w.each(func(u int) { w.VADDPS(w.z[u], w.x[u], w.x[u]) })
		}},
		{"MulAdd", 3, false, 0, false, "out = x + y⊙z", func(w *work) {
			w.each(func(u int) { w.VMULPS(w.z[u], w.y[u], w.y[u]) })
			w.each(func(u int) { w.VADDPS(w.y[u], w.x[u], w.x[u]) })
		}},
		{"MulSub", 2, true, 0, false, "out = x⊙(y-k)", func(w *work) {
			w.each(func(u int) { w.VSUBPS(w.k, w.y[u], w.y[u]) })
			w.each(func(u int) { w.VMULPS(w.x[u], w.y[u], w.x[u]) })
		}},
		{"SubMul", 2, true, 0, false, "out = y - x·k", func(w *work) {
			w.each(func(u int) { w.VMULPS(w.k, w.x[u], w.x[u]) })
			w.each(func(u int) { w.VSUBPS(w.x[u], w.y[u], w.x[u]) })
		}},
		{"ReLU", 1, false, 0, false, "out = max(x, 0)", (*work).relu},
		{"ReLUGrad", 2, false, 0, false, "out = y where x > 0, else 0", (*work).reluGrad},
		{"Add", 2, false, 0, false, "out = x + y", func(w *work) { w.each(func(u int) { w.VADDPS(w.y[u], w.x[u], w.x[u]) }) }},
		{"Sub", 2, false, 0, false, "out = x - y", func(w *work) { w.each(func(u int) { w.VSUBPS(w.y[u], w.x[u], w.x[u]) }) }},
		{"Mul", 2, false, 0, false, "out = x⊙y", func(w *work) { w.each(func(u int) { w.VMULPS(w.y[u], w.x[u], w.x[u]) }) }},
		{"Div", 2, false, 0, false, "out = x/y", func(w *work) { w.each(func(u int) { w.VDIVPS(w.y[u], w.x[u], w.x[u]) }) }},
		{"AddScalar", 1, true, 0, false, "out = x + k", func(w *work) { w.each(func(u int) { w.VADDPS(w.k, w.x[u], w.x[u]) }) }},
		{"SubScalar", 1, true, 0, false, "out = x - k", func(w *work) { w.each(func(u int) { w.VSUBPS(w.k, w.x[u], w.x[u]) }) }},
		{"MulScalar", 1, true, 0, false, "out = x·k", func(w *work) { w.each(func(u int) { w.VMULPS(w.k, w.x[u], w.x[u]) }) }},
		{"DivScalar", 1, true, 0, false, "out = x/k", func(w *work) { w.each(func(u int) { w.VDIVPS(w.k, w.x[u], w.x[u]) }) }},
		{"ScalarSub", 1, true, 0, false, "out = k - x", func(w *work) { w.each(func(u int) { w.VSUBPS(w.x[u], w.k, w.x[u]) }) }},
		{"ScalarDiv", 1, true, 0, false, "out = k/x", func(w *work) { w.each(func(u int) { w.VDIVPS(w.x[u], w.k, w.x[u]) }) }},
	}
}

// tanhGradOf sets x = (y⊙z)⊙(k-x²); y is lost.
func (w *work) tanhGradOf() {
	w.each(func(u int) { w.VMULPS(w.z[u], w.y[u], w.y[u]) })
	w.each(func(u int) { w.VMULPS(w.x[u], w.x[u], w.x[u]) })
	w.each(func(u int) { w.VSUBPS(w.x[u], w.k, w.x[u]) })
	w.each(func(u int) { w.VMULPS(w.x[u], w.y[u], w.x[u]) })
}
