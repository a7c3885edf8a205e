package graph

import (
	"fmt"
	"math"
	"strings"
)

// small is up to how many numbers a tensor is printed in full.
const small = 9

// String is the report as text, steps counted from 0: small states as they were after each step;
// for each E_t what every use adds, with routes if there are any, and small dE_t/ds_k in full;
// then the triangle |dE_t/ds_k| of each state tensor where several E_t were asked for.
func (r *PathReport) String() string {
	var b strings.Builder
	for i, s := range r.States {
		writeSteps(&b, "", s, r.Values[i])
	}
	for i := range r.Losses {
		r.writeLoss(&b, &r.Losses[i])
	}
	if len(r.Losses) > 1 {
		for i, s := range r.States {
			r.writeTriangle(&b, s, r.Triangle(i))
		}
	}
	return b.String()
}

func (r *PathReport) writeLoss(b *strings.Builder, l *LossPaths) {
	for i, s := range r.States {
		writeSteps(b, fmt.Sprintf("d%s_%d/d ", r.Loss, l.T), s, l.StateGrads[i])
	}
	if r.Param == "" {
		return
	}
	fmt.Fprintf(b, "d%s_%d/d(%s): norm %.6g, %s_%d = %.6g\n", r.Loss, l.T, r.Param, frobenius(l.Total), r.Loss, l.T, l.Value)
	for _, u := range l.Uses {
		fmt.Fprintf(b, "  from step %-4d norm %-12.6g share %7.2f %%", u.Step, u.Norm, 100*u.Share)
		if len(u.Matrix) <= small {
			fmt.Fprintf(b, "   %.6f", u.Matrix)
		}
		b.WriteByte('\n')
		for _, x := range u.Routes {
			fmt.Fprintf(b, "      %-20s norm %-12.6g share %7.2f %%\n", x.Name, x.Norm, 100*x.Share)
		}
	}
	fmt.Fprintf(b, "  the sum differs from the whole by %.1e of it\n", l.Gap)
}

// writeSteps writes the vectors of a state tensor, if they are small.
func writeSteps(b *strings.Builder, what string, s StateRef, xs [][]float64) {
	for k, x := range xs {
		if x != nil && len(x) <= small {
			fmt.Fprintf(b, "%s%s_%d = %.6f\n", what, s, k, x)
		}
	}
}

// writeTriangle writes a row for each E_t.
func (r *PathReport) writeTriangle(b *strings.Builder, s StateRef, rows [][]float64) {
	fmt.Fprintf(b, "|d%s_t/d(%s)_k|, a row for each t, a column for each k\n", r.Loss, s)
	for i, row := range rows {
		fmt.Fprintf(b, "%4d", r.Losses[i].T)
		for _, x := range row {
			if math.IsNaN(x) {
				b.WriteString("         .")
			} else {
				fmt.Fprintf(b, " %9.3g", x)
			}
		}
		b.WriteByte('\n')
	}
}
