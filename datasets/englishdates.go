package datasets

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// EnglishDates are days as they are written in English, to be written as ISO 8601 does: "Tuesday, September 27, 1994" is
// "1994-09-27". There are fourteen forms, in figures and in words, in the letters they have, small ones or capitals. Days
// are uniform from 1970 to 2029, so that two figures tell the year; of 9/3/94 the month is first.
type EnglishDates struct{}

const (
	firstDate = 1970
	dateDays  = 60*365 + 15 // to the end of 2029
)

// Baseline is the part of exact matches of any answer that is given without reading: 1/21915, one day of all.
func (EnglishDates) Baseline() float64 { return 1.0 / dateDays }

// Pairs draws n pairs by the seed. A negative or enormous n is an error.
func (EnglishDates) Pairs(n int, seed uint64) ([]Pair, error) {
	return generate("English dates", n, 64, seed, func(rng *rand.Rand) Pair {
		day := time.Date(firstDate, time.January, 1+rng.IntN(dateDays), 0, 0, 0, 0, time.UTC)
		source := writeDate(rng, day)
		switch rng.IntN(4) {
		case 0:
			source = strings.ToLower(source)
		case 1:
			source = strings.ToUpper(source)
		}
		return Pair{Source: source, Target: day.Format(time.DateOnly)}
	})
}

// writeDate writes a day in one of the forms.
func writeDate(rng *rand.Rand, day time.Time) string {
	year, month, date := day.Year(), day.Month().String(), day.Day()
	switch form := rng.IntN(14); form {
	case 9:
		return fmt.Sprintf("the %s of %s, %d", ordinal(date), month, year)
	case 10:
		return fmt.Sprintf("%s %s, %d", month, ordinal(date), year)
	case 11:
		return fmt.Sprintf("the %s of %s %s", ordinalWord(date), month, yearWord(rng, year))
	case 12:
		return fmt.Sprintf("%s the %s, %s", month, ordinalWord(date), yearWord(rng, year))
	case 13:
		return fmt.Sprintf("%s %d '%02d", month[:3], date, year%100)
	default:
		return day.Format([...]string{
			"January 2, 2006", "2 January 2006", "Jan 2, 2006", "1/2/06", "01/02/2006",
			"Monday, January 2, 2006", "Mon 2 Jan 2006", "2-Jan-06", "2006/01/02",
		}[form])
	}
}

// ordinal is 1st, 2nd, 3rd, 4th.
func ordinal(n int) string {
	end := "th"
	if n/10 != 1 {
		switch n % 10 {
		case 1:
			end = "st"
		case 2:
			end = "nd"
		case 3:
			end = "rd"
		}
	}
	return strconv.Itoa(n) + end
}

// ordinalWord is first to thirty-first.
func ordinalWord(n int) string {
	words := [...]string{
		"", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
		"twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
		"twentieth",
	}
	switch {
	case n <= 20:
		return words[n]
	case n == 30:
		return "thirtieth"
	case n > 30:
		return "thirty-" + words[n-30]
	}
	return "twenty-" + words[n-20]
}

// yearWord is a year from 1970 to 2029 as it is said.
func yearWord(rng *rand.Rand, year int) string {
	ones := [...]string{
		"", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
		"fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
	}
	tens := map[int]string{2: "twenty", 7: "seventy", 8: "eighty", 9: "ninety"}
	last := year % 100
	switch {
	case year == 2000:
		return "two thousand"
	case year > 2000 && last < 10:
		return "two thousand " + [2]string{"", "and "}[rng.IntN(2)] + ones[last]
	case year > 2000 && last < 20:
		return "twenty " + ones[last]
	}
	century := "nineteen "
	if year > 2000 {
		century = "twenty "
	}
	return century + strings.TrimSuffix(tens[last/10]+"-"+ones[last%10], "-")
}
