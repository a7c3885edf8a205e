package graph

import (
	"crypto/sha256"
	"fmt"
	"sync"

	"github.com/unroll-go/unroll/internal/kernel"
	"github.com/unroll-go/unroll/internal/pages"
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
	narrow  *kernel.Narrow // instead of either
	panels  *panels        // or this
}

// derivedKey identifies an expression over parameters by what it consists of.
type derivedKey [sha256.Size]byte

// derivedFor returns the entry for an expression, the same for equal ones. keys
// remembers those of its parts.
func (ps *Params) derivedFor(v *value, keys map[*value]derivedKey) *derived {
	key := keyOf(v, keys)
	d := ps.derived[key]
	if d == nil {
		d = &derived{}
		if ps.dtype == Float64 {
			d.f64 = pages.Make[float64](size(v.shape))
		} else {
			d.f32 = pages.Make[float32](size(v.shape))
		}
		ps.derived[key] = d
	}
	return d
}

func keyOf(v *value, keys map[*value]derivedKey) derivedKey {
	if key, ok := keys[v]; ok {
		return key
	}
	h := sha256.New()
	if p, ok := v.kind.(*parameter); ok {
		fmt.Fprintf(h, "parameter %q", p.p.path)
	} else {
		fmt.Fprintf(h, "%s %+v", v.kind.name(), v.kind)
	}
	for _, c := range v.in {
		key := keyOf(c, keys)
		h.Write(key[:])
	}
	key := derivedKey(h.Sum(nil))
	keys[v] = key
	return key
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
