// Package plot draws what recurrent networks do: values in, SVG out.
//
//	err := plot.Lines{
//		Title:  "loss",
//		X:      plot.Axis{Label: "step"},
//		Series: []plot.Series{{Name: "training", Y: train}, {Name: "held back", Y: valid}},
//	}.SVG(w)
//
// Lines are curves, HeatMap and Triangle are matrices, Text is tokens coloured
// by a value, Bars and Scatter are what they are called. Each is a struct whose
// zero fields are defaults, and has one method, SVG.
//
// All pictures hold to these rules:
//   - The same values give the same bytes.
//   - The picture follows the reader's light or dark scheme, needs no font, no
//     script and no network, and scales. Values are told apart without red and
//     green, by lightness or by dashes and marks.
//   - What is too much to be seen is left out, and a line below the picture says
//     so. Lang is the language of such lines and of numbers' units: "en", which
//     is the default, or "ko". All other texts are the caller's.
//   - Values that cannot be drawn (NaN, infinities, 0 on a logarithmic axis,
//     lengths that do not match, nothing at all) are an error that names them.
//     The error of the writer comes back as it is.
//   - Any number of pictures may stand inline in one HTML page: all rules of
//     style are below svg.plot, and there are no ids.
package plot
