package main

import "github.com/unroll-go/unroll/datasets"

// samplePairs are what translate learns from without data.
func samplePairs() ([]datasets.Pair, error) { return datasets.EnglishDates{}.Pairs(10000, 1) }
