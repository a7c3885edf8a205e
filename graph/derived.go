package graph

import (
	"fmt"
	"strings"
	"sync"
)

// derived is a tensor that depends on parameters alone, such as the product of
// an embedding table with the input weights. Programs that only evaluate share
// it and compute it once per version of the parameters.
type derived struct {
	mu      sync.Mutex
	fresh   bool
	version uint64
	f32     []float32
	f64     []float64
}

// derivedFor returns the entry for an expression, the same for equal ones.
func (ps *Params) derivedFor(v *value) *derived {
	var b strings.Builder
	describe(&b, v)
	key := b.String()
	d := ps.derived[key]
	if d == nil {
		d = &derived{}
		if ps.dtype == Float64 {
			d.f64 = make([]float64, size(v.shape))
		} else {
			d.f32 = make([]float32, size(v.shape))
		}
		ps.derived[key] = d
	}
	return d
}

// describe writes an expression over parameters.
func describe(b *strings.Builder, v *value) {
	if p, ok := v.kind.(*parameter); ok {
		b.WriteString(p.p.path)
		return
	}
	fmt.Fprintf(b, "%s%+v(", v.kind.name(), v.kind)
	for _, c := range v.in {
		describe(b, c)
		b.WriteByte(' ')
	}
	b.WriteByte(')')
}

// refresh computes the tensor unless it is that of the version.
func (d *derived) refresh(version uint64, compute func() error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fresh && d.version == version {
		return nil
	}
	err := compute()
	d.fresh, d.version = err == nil, version
	return err
}
