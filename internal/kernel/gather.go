package kernel

import "fmt"

// CheckIDs returns the index of the first of ids outside [0, n), or -1 if there is none.
func CheckIDs(ids []int, n int) (bad int) {
	for i, id := range ids {
		if id < 0 || id >= n {
			return i
		}
	}
	return -1
}

// known panics if an id is outside [0, n): the caller has to see to it, with CheckIDs.
func known(op string, ids []int, n int) {
	if bad := CheckIDs(ids, n); bad >= 0 {
		panic(fmt.Sprintf("internal error: kernel.%s: id %d at %d is outside [0, %d)", op, ids[bad], bad, n))
	}
}

// Gather copies rows: out_i = table[ids_i]; table [V, cols], ids [rows], out [rows, cols]. The caller has checked
// the ids.
func Gather[F Float](out, table Mat[F], ids []int) {
	out.is("Gather", len(ids), table.Cols)
	known("Gather", ids, table.Rows)
	for i, id := range ids {
		copy(out.Row(i), table.Row(id))
	}
}

// ScatterAdd adds rows: out[ids_i] += rows_i, in the order of i; out [V, cols], ids [n], rows [n, cols]. It is the
// gradient of Gather in its table. The caller has checked the ids.
func ScatterAdd[F Float](out Mat[F], ids []int, rows Mat[F]) {
	rows.is("ScatterAdd", len(ids), out.Cols)
	known("ScatterAdd", ids, out.Rows)
	for i, id := range ids {
		o := out.Row(id)
		vectorVector(add, o, o, rows.Row(i))
	}
}

// OneHot sets out_ij = 1 where j = ids_i and 0 elsewhere; ids [rows], out [rows, V]. The caller has checked the ids.
func OneHot[F Float](out Mat[F], ids []int) {
	out.is("OneHot", len(ids), out.Cols)
	known("OneHot", ids, out.Cols)
	for i, id := range ids {
		o := out.Row(i)
		clear(o)
		o[id] = 1
	}
}

// LengthMask sets out_i = 1 where step t (from 0) is within row i, t < lens_i, and 0 past its end; lens [rows],
// out [rows, 1].
func LengthMask[F Float](out Mat[F], lens []int, t int) {
	out.is("LengthMask", len(lens), 1)
	for i, n := range lens {
		var v F
		if t < n {
			v = 1
		}
		out.Row(i)[0] = v
	}
}
