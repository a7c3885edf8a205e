package hand

import (
	"math"
	"math/rand/v2"

	"github.com/unroll-go/unroll/internal/kernel"
)

type mat = kernel.Mat[float32]

// LSTM is the model with its gradients, its optimiser and all it remembers of a
// window: x = E[id], one layer of LSTM, logits = h·Wo + bo.
type LSTM struct {
	V, D, H, B, T int
	Rate          float64 // of Adam

	E, Wx, Wh, b, Wo, bo       mat // parameters
	dE, dWx, dWh, db, dWo, dbo mat // their gradients
	adam                       [][2][]float32
	steps                      int

	table, dTable mat // E·Wx + b [V, 4H]
	WhT           mat // Wh' [4H, H]
	gates, dGates mat // [T·B, 4H]: i f u o, activated in place
	c, tc         mat // [(T+1)·B, H]: cells; tanh of them
	h             mat // [(T+1)·B, H]
	dc            mat // [B, H]
	logits        mat // [T·B, V], then their gradients
	dH            mat // [T·B, H]
	losses, ones  mat // [T·B, 1]
}

// New returns a model with random parameters.
func New(V, D, H, B, T int) *LSTM {
	m := &LSTM{V: V, D: D, H: H, B: B, T: T, Rate: 2e-3}
	rng := rand.New(rand.NewPCG(1, 2))
	weights := func(rows, cols int, scale float64) mat {
		w := kernel.NewMat[float32](rows, cols)
		for i := range w.Data {
			w.Data[i] = float32(scale * rng.NormFloat64())
		}
		return w
	}
	zeros := kernel.NewMat[float32]
	m.E, m.Wx, m.Wh = weights(V, D, 0.1), weights(D, 4*H, 0.1), weights(H, 4*H, 0.1)
	m.b, m.Wo, m.bo = zeros(1, 4*H), weights(H, V, 0.1), zeros(1, V)
	m.dE, m.dWx, m.dWh = zeros(V, D), zeros(D, 4*H), zeros(H, 4*H)
	m.db, m.dWo, m.dbo = zeros(1, 4*H), zeros(H, V), zeros(1, V)
	for _, p := range m.params() {
		m.adam = append(m.adam, [2][]float32{make([]float32, len(p.Data)), make([]float32, len(p.Data))})
	}
	m.table, m.dTable, m.WhT = zeros(V, 4*H), zeros(V, 4*H), zeros(4*H, H)
	m.gates, m.dGates = zeros(T*B, 4*H), zeros(T*B, 4*H)
	m.c, m.tc, m.h = zeros((T+1)*B, H), zeros(T*B, H), zeros((T+1)*B, H)
	m.dc = zeros(B, H)
	m.logits, m.dH, m.losses, m.ones = zeros(T*B, V), zeros(T*B, H), zeros(T*B, 1), zeros(T*B, 1)
	kernel.Fill(m.ones, 1/float32(T*B))
	return m
}

func (m *LSTM) params() []mat { return []mat{m.E, m.Wx, m.Wh, m.b, m.Wo, m.bo} }
func (m *LSTM) grads() []mat  { return []mat{m.dE, m.dWx, m.dWh, m.db, m.dWo, m.dbo} }

// step is rows t of a matrix that has B rows for each step.
func (m *LSTM) step(x mat, t int) mat { return x.Slice(t*m.B, (t+1)*m.B, 0, x.Cols) }

// gate is block k of the gates of a step.
func (m *LSTM) gate(x mat, t, k int) mat { return x.Slice(t*m.B, (t+1)*m.B, k*m.H, (k+1)*m.H) }

// Step takes one update on a window, time-major, and returns the loss.
func (m *LSTM) Step(ids, target []int) (float64, error) {
	loss := m.forward(ids, target)
	m.backward(ids, target)
	m.update()
	T := m.T
	kernel.Copy(m.step(m.h, 0), m.step(m.h, T)) // the state goes on with the next window
	kernel.Copy(m.step(m.c, 0), m.step(m.c, T))
	return loss, nil
}

func (m *LSTM) forward(ids, target []int) float64 {
	kernel.Copy(m.table, m.b)
	kernel.MatMul(m.table, m.E, m.Wx, false, false, true)
	kernel.Gather(m.gates, m.table, ids)
	for t := range m.T {
		a, H := m.step(m.gates, t), m.H
		kernel.MatMul(a, m.step(m.h, t), m.Wh, false, false, true)
		both, u, o := a.Slice(0, m.B, 0, 2*H), m.gate(m.gates, t, 2), m.gate(m.gates, t, 3)
		kernel.Sigmoid(both, both)
		kernel.Tanh(u, u)
		kernel.Sigmoid(o, o)
		c := m.step(m.c, t+1)
		kernel.SumOfProducts(c, m.gate(m.gates, t, 1), m.step(m.c, t), m.gate(m.gates, t, 0), u)
		kernel.Tanh(m.step(m.tc, t), c)
		kernel.Mul(m.step(m.h, t+1), o, m.step(m.tc, t))
	}
	hs := m.h.Slice(m.B, (m.T+1)*m.B, 0, m.H)
	kernel.Copy(m.logits, m.bo)
	kernel.MatMul(m.logits, hs, m.Wo, false, false, true)
	kernel.CrossEntropyBoth(m.losses, m.logits, m.logits, kernel.Target{IDs: target}, m.ones)
	return float64(kernel.SumAll(m.losses)) / float64(m.T*m.B)
}

func (m *LSTM) backward(ids, target []int) {
	B, T, H := m.B, m.T, m.H
	hs := m.h.Slice(B, (T+1)*B, 0, H)
	kernel.SumRows(m.dbo, m.logits, false)
	kernel.MatMul(m.dWo, hs, m.logits, true, false, false)
	kernel.MatMul(m.dH, m.logits, m.Wo, false, true, false)
	kernel.Transpose(m.WhT, m.Wh)
	kernel.Fill(m.dc, 0)
	for t := T - 1; t >= 0; t-- {
		dh := m.step(m.dH, t)
		if t < T-1 {
			kernel.MatMul(dh, m.step(m.dGates, t+1), m.WhT, false, false, true)
		}
		m.gradients(t, dh)
	}
	kernel.MatMul(m.dWh, m.h.Slice(0, T*B, 0, H), m.dGates, true, false, false)
	kernel.Fill(m.dTable, 0)
	kernel.ScatterAdd(m.dTable, ids, m.dGates)
	kernel.SumRows(m.db, m.dTable, false)
	kernel.MatMul(m.dWx, m.E, m.dTable, true, false, false)
	kernel.MatMul(m.dE, m.dTable, m.Wx, false, true, false)
}

// gradients are those of the gates of step t, and of the cell before it.
func (m *LSTM) gradients(t int, dh mat) {
	i, f, u, o := m.gate(m.gates, t, 0), m.gate(m.gates, t, 1), m.gate(m.gates, t, 2), m.gate(m.gates, t, 3)
	di, df, du, do := m.gate(m.dGates, t, 0), m.gate(m.dGates, t, 1), m.gate(m.dGates, t, 2), m.gate(m.dGates, t, 3)
	tc := m.step(m.tc, t)
	kernel.SigmoidGradOf(do, o, dh, tc)
	kernel.TanhGradAdd(m.dc, m.dc, tc, dh, o)
	kernel.SigmoidGradOf(di, i, m.dc, u)
	kernel.TanhGradOf(du, u, m.dc, i)
	kernel.SigmoidGradOf(df, f, m.dc, m.step(m.c, t))
	kernel.Mul(m.dc, m.dc, f)
}

// update clips by the global norm and steps with Adam.
func (m *LSTM) update() {
	sum := 0.0
	for _, g := range m.grads() {
		sum += kernel.SumSquares(g.Data)
	}
	m.steps++
	s := kernel.AdamStep{Rate: m.Rate, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, Scale: min(1, 5/(math.Sqrt(sum)+1e-6)), Step: m.steps}
	for k, p := range m.params() {
		kernel.Adam(p.Data, m.grads()[k].Data, m.adam[k][0], m.adam[k][1], s)
	}
}
