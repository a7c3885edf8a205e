package safetensors

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// FromFloat32s makes an F32 tensor of a copy of v. Write reports a shape that does not fit.
func FromFloat32s(name string, shape []int, v []float32) Tensor {
	return encode(name, F32, shape, v, func(b []byte, x float32) []byte {
		return binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	})
}

// FromFloat64s makes an F64 tensor of a copy of v. Write reports a shape that does not fit.
func FromFloat64s(name string, shape []int, v []float64) Tensor {
	return encode(name, F64, shape, v, func(b []byte, x float64) []byte {
		return binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	})
}

// FromInt64s makes an I64 tensor of a copy of v. Write reports a shape that does not fit.
func FromInt64s(name string, shape []int, v []int64) Tensor {
	return encode(name, I64, shape, v, func(b []byte, x int64) []byte {
		return binary.LittleEndian.AppendUint64(b, uint64(x))
	})
}

// FromInt32s makes an I32 tensor of a copy of v. Write reports a shape that does not fit.
func FromInt32s(name string, shape []int, v []int32) Tensor {
	return encode(name, I32, shape, v, func(b []byte, x int32) []byte {
		return binary.LittleEndian.AppendUint32(b, uint32(x))
	})
}

// FromBytes makes a U8 tensor of a copy of v. Write reports a shape that does not fit.
func FromBytes(name string, shape []int, v []byte) Tensor {
	return Tensor{Name: name, DType: U8, Shape: slices.Clone(shape), Data: slices.Clone(v)}
}

// Float32s returns the elements of an F32, F16 or BF16 tensor; the last two widen
// without loss. Any other type is an error.
func (t *Tensor) Float32s() ([]float32, error) {
	switch t.DType {
	case F16:
		return decode(t, F16, 2, func(b []byte) float32 { return half(binary.LittleEndian.Uint16(b)) })
	case BF16:
		return decode(t, BF16, 2, func(b []byte) float32 {
			return math.Float32frombits(uint32(binary.LittleEndian.Uint16(b)) << 16)
		})
	}
	return decode(t, F32, 4, func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) })
}

// Float64s returns the elements of an F64 tensor. Any other type is an error.
func (t *Tensor) Float64s() ([]float64, error) {
	return decode(t, F64, 8, func(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) })
}

// Int64s returns the elements of an I64 tensor. Any other type is an error.
func (t *Tensor) Int64s() ([]int64, error) {
	return decode(t, I64, 8, func(b []byte) int64 { return int64(binary.LittleEndian.Uint64(b)) })
}

// Int32s returns the elements of an I32 tensor. Any other type is an error.
func (t *Tensor) Int32s() ([]int32, error) {
	return decode(t, I32, 4, func(b []byte) int32 { return int32(binary.LittleEndian.Uint32(b)) })
}

// Bytes returns a copy of the elements of a U8 tensor. Any other type is an error.
func (t *Tensor) Bytes() ([]byte, error) {
	return decode(t, U8, 1, func(b []byte) byte { return b[0] })
}

func encode[E any](name, dtype string, shape []int, v []E, put func([]byte, E) []byte) Tensor {
	data := make([]byte, 0, len(v)*dtypes[rank(dtype)].size)
	for _, x := range v {
		data = put(data, x)
	}
	return Tensor{Name: name, DType: dtype, Shape: slices.Clone(shape), Data: data}
}

func decode[E any](t *Tensor, dtype string, size int, get func([]byte) E) ([]E, error) {
	if t.DType != dtype {
		return nil, fmt.Errorf("%w: %v: wanted dtype %s", ErrFormat, t, dtype)
	}
	if err := t.check(); err != nil {
		return nil, err
	}
	v := make([]E, len(t.Data)/size)
	for i := range v {
		v[i] = get(t.Data[i*size:])
	}
	return v, nil
}

// half widens an IEEE 754 binary16: 1 bit sign, 5 exponent (bias 15), 10 fraction.
func half(h uint16) float32 {
	sign := uint32(h>>15) << 31
	exponent, fraction := uint32(h>>10&0x1f), uint32(h&0x3ff)
	switch exponent {
	case 0: // zero and subnormal: fraction · 2^-24
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)*0x1p-24))
	case 0x1f: // infinity and NaN
		return math.Float32frombits(sign | 0xff<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent-15+127)<<23 | fraction<<13)
}
