// Package pages makes large slices that the processor finds its way in quickly.
//
// A processor keeps where some thousand pages of memory are, of 4 kB each as a
// rule. What a training step touches is more than that, so that it looks pages up
// again and again, and what it fetches ahead ends with the page. On Linux a program
// may ask for pages of 2 MB.
package pages
