package datasets

// TokenBaseline is the accuracy on test of the best tagger without memory that fit teaches: it answers each token with
// the label that the token has most often there, and one that is not in fit with the commonest label of all. Of equal
// counts the smaller label wins. It is 0 if there is nothing to be tagged.
func TokenBaseline(fit, test []Tagged) float64 {
	count, all := map[int]map[int]int{}, map[int]int{}
	for _, e := range fit {
		for t, id := range e.IDs {
			if count[id] == nil {
				count[id] = map[int]int{}
			}
			count[id][e.Labels[t]]++
			all[e.Labels[t]]++
		}
	}
	answer, common := map[int]int{}, commonest(all)
	for id, labels := range count {
		answer[id] = commonest(labels)
	}
	right, total := 0, 0
	for _, e := range test {
		for t, id := range e.IDs {
			label, known := answer[id]
			if !known {
				label = common
			}
			if label == e.Labels[t] {
				right++
			}
			total++
		}
	}
	if total == 0 {
		return 0
	}
	return float64(right) / float64(total)
}

// commonest is the label counted most often.
func commonest(count map[int]int) int {
	best := 0
	for label, n := range count {
		if n > count[best] || n == count[best] && label < best {
			best = label
		}
	}
	return best
}
