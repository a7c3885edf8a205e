// Package pictures computes and draws the pictures of the lecture: what a
// recurrent network looks like unrolled, how gradients vanish and explode, what
// gates do under a text.
//
// A Set is pictures that share one computation; all of it is seeded and small.
//
//	for _, set := range pictures.Sets() {
//		drawings, err := set.Compute(ctx, 1)
//		...
//		err = drawings[0].SVG(pictures.Korean, w)
//	}
//
// The same seed gives the same bytes on one kernel path, but for pictures that
// say that they show measured times.
package pictures
