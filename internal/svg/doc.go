// Package svg has what every SVG writer of the module needs: how wide a text
// is without its font, how to shorten it, and how to escape it.
package svg
