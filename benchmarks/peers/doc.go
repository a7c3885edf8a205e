// Package peers holds the same work written for other engines, to be measured
// beside unroll. Nothing here is imported by the library.
package peers
