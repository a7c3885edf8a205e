package main

import (
	"math"
	"math/rand/v2"

	"github.com/unroll-go/unroll/datasets"
)

// sampleSales are what forecast learns from without data: three years of daily
// sales that grow, with weekly and yearly seasons, and with days that are good or
// bad and pass on a part of it to the next.
func sampleSales() moments {
	const days = 3 * 365
	rng := rand.New(rand.NewPCG(1, 1))
	week := [7]float64{-8, -12, -6, 0, 10, 24, -8}
	s := &datasets.Series{Names: []string{"sales"}}
	luck := 0.0
	for day := range days {
		t := float64(day)
		luck = 0.7*luck + 4*rng.NormFloat64()
		x := 100 + t/40 + 10*math.Sin(2*math.Pi*t/365) + week[day%7] + luck
		s.Values = append(s.Values, math.Round(x))
	}
	return moments{Series: s}
}
