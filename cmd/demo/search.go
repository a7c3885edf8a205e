package main

// checkSearch refuses a search that cannot be.
func checkSearch(beam, best int, penalty float64) error {
	switch {
	case beam < 1 || beam > 1000:
		return usagef("--beam must be in [1, 1000], got %d", beam)
	case best < 1 || best > beam:
		return usagef("--nbest must be in [1, %d], the beam, got %d", beam, best)
	case !(penalty >= 0 && penalty <= 10):
		return usagef("--penalty must be in [0, 10], got %v", penalty)
	}
	return nil
}
