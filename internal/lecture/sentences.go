package lecture

import "math/rand/v2"

// sentencePairs are English sentences with their Korean translations: 200 to
// learn and 60 others.
func sentencePairs() (learnt, others [][2]string) {
	subjects := [][2]string{{"I", "나는"}, {"you", "너는"}, {"my friend", "내 친구는"}, {"the child", "아이는"}}
	verbs := [][2]string{{"bought", "샀다"}, {"sold", "팔았다"}, {"saw", "보았다"}, {"drew", "그렸다"}}
	adjectives := [][2]string{{"old", "낡은"}, {"new", "새"}, {"big", "큰"}, {"small", "작은"}, {"pretty", "예쁜"}}
	objects := [][2]string{{"book", "책을"}, {"clock", "시계를"}, {"chair", "의자를"}, {"ship", "배를"}, {"lamp", "등을"}}
	var all [][2]string
	for _, s := range subjects {
		for _, v := range verbs {
			for _, a := range adjectives {
				for _, o := range objects {
					all = append(all, [2]string{
						s[0] + " " + v[0] + " the " + a[0] + " " + o[0],
						s[1] + " " + a[1] + " " + o[1] + " " + v[1],
					})
				}
			}
		}
	}
	rng := rand.New(rand.NewPCG(1, 0))
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:200], all[200:260]
}
