package lecture

import "math/rand/v2"

// captionWords are the words of captions, the end last.
func captionWords() []string {
	return []string{"a", "on", "the", "left", "right", "of", "square", "ring", "cross", "plus", "bar", "."}
}

// caption is the sentence for what is at the left and at the right, "" for
// nothing.
func caption(scene [2]string) string {
	switch {
	case scene[0] == "":
		return "a " + scene[1] + " on the right ."
	case scene[1] == "":
		return "a " + scene[0] + " on the left ."
	}
	return "a " + scene[0] + " left of a " + scene[1] + " ."
}

// shape is 5 x 5 pixels.
func shape(name string) string {
	switch name {
	case "square":
		return "#########################"
	case "ring":
		return ".###.#...##...##...#.###."
	case "cross":
		return "#...#.#.#...#...#.#.#...#"
	case "plus":
		return "..#....#..#####..#....#.."
	case "bar":
		return "..#....#....#....#....#.."
	}
	return "........................."
}

// picture is 11 x 5 pixels, 0 or 1, with two shapes; one pixel in sixteen is
// wrong.
func picture(rng *rand.Rand, scene [2]string) []float64 {
	pixels := make([]float64, 55)
	for y := range 5 {
		for x := range 11 {
			if x != 5 && shape(scene[x/6])[5*y+x%6] == '#' {
				pixels[11*y+x] = 1
			}
			if rng.IntN(16) == 0 {
				pixels[11*y+x] = 1 - pixels[11*y+x]
			}
		}
	}
	return pixels
}
