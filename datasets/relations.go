package datasets

import (
	"math/rand/v2"
	"strings"
)

// Sentences makes n sentences in English by a small grammar, for word vectors that want something to learn without data. They
// tell of people, who differ by what they do and by sex, and of countries and their capitals; which word is which shows in
// the company that it keeps alone. The same seed gives the same sentences. [Relations] lists what should be found in them.
func Sentences(n int, seed uint64) []string {
	rng := rand.New(rand.NewPCG(seed, 0))
	people, places := people(), places()
	out := make([]string, max(n, 0))
	for i := range out {
		if rng.IntN(2) == 0 {
			out[i] = people[rng.IntN(len(people))].sentence(rng)
		} else {
			out[i] = places[rng.IntN(len(places))].sentence(rng)
		}
	}
	return out
}

// Relations are pairs of words that belong together in [Sentences]: man and woman of one standing, and a country and its capital.
func Relations() [][2]string {
	var all [][2]string
	for _, p := range people() {
		all = append(all, [2]string{p.man, p.woman})
	}
	for _, p := range places() {
		all = append(all, [2]string{p.country, p.capital})
	}
	return all
}

// standing is a man and a woman who do the same.
type standing struct {
	man, woman string
	does       []string
}

// sentence draws what one of them does.
func (s standing) sentence(rng *rand.Rand) string {
	his := []string{"combed his beard", "shaved his chin", "tied his necktie", "greeted his brother", "lost his hat, he said"}
	hers := []string{"braided her hair", "put on her dress", "found her earrings", "greeted her sister", "lost her scarf, she said"}
	who, way := s.man, his
	if rng.IntN(2) == 0 {
		who, way = s.woman, hers
	}
	parts := []string{pick(rng, s.does), pick(rng, way)}
	if rng.IntN(2) == 0 {
		parts[0], parts[1] = parts[1], parts[0]
	}
	return pick(rng, []string{"the ", "one day the ", "in the morning the "}) + who + " " + strings.Join(parts, " and ")
}

// pick draws one of some texts.
func pick(rng *rand.Rand, from []string) string { return from[rng.IntN(len(from))] }

func people() []standing {
	return []standing{
		{"king", "queen", []string{"sat on the throne", "ruled the realm", "received the ambassador", "signed the law"}},
		{"prince", "princess", []string{"lived in the castle", "rode a white horse", "danced at the ball", "slew the dragon"}},
		{"man", "woman", []string{"walked to work", "read the newspaper", "paid the rent", "waited for the bus"}},
		{"boy", "girl", []string{"did the homework", "climbed a tree", "played with a kite", "ran to school"}},
		{"father", "mother", []string{"cooked for the children", "rocked the cradle", "told a story at bedtime", "packed the lunch"}},
		{"actor", "actress", []string{"learned the lines", "stood on the stage", "bowed to the audience", "read the script"}},
		{"waiter", "waitress", []string{"served the soup", "laid the table", "brought the bill", "carried the tray"}},
		{"monk", "nun", []string{"prayed in the chapel", "copied the psalms", "rang the bell", "kept silent"}},
	}
}

// place is a country and its capital.
type place struct{ country, capital, language, food, drink string }

// sentence draws what the one or the other is like.
func (p place) sentence(rng *rand.Rand) string {
	ofCountry := []string{"the army guarded the border", "parliament changed the constitution", "farmers brought in the harvest", "the nation raised the flag"}
	ofCity := []string{"the mayor opened the subway", "taxis filled the streets", "towers rose downtown", "tourists crowded the square"}
	where, what := p.country, ofCountry
	if rng.IntN(2) == 0 {
		where, what = p.capital, ofCity
	}
	like := pick(rng, []string{"they speak " + p.language, "people eat " + p.food, "they drink " + p.drink, "one hears " + p.language, "everybody likes " + p.food})
	return "in " + where + " " + like + " and " + pick(rng, what)
}

func places() []place {
	return []place{
		{"korea", "seoul", "korean", "kimchi", "soju"},
		{"france", "paris", "french", "baguettes", "champagne"},
		{"italy", "rome", "italian", "pasta", "espresso"},
		{"japan", "tokyo", "japanese", "sushi", "sake"},
		{"germany", "berlin", "german", "sausages", "beer"},
		{"russia", "moscow", "russian", "borscht", "vodka"},
		{"england", "london", "english", "pudding", "tea"},
		{"turkey", "ankara", "turkish", "kebab", "ayran"},
	}
}
