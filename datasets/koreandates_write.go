package datasets

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// dateFrames are the sentences of [KoreanDates]: @ is the date, # a figure from 1 to 9.
var dateFrames = [...]string{
	"회의는 @ 오후 #시 #0분에 #0#호에서 열립니다.",
	"제 생일은 @입니다.",
	"@까지 #,#00원을 내 주세요.",
	"지난 @에 #0#명이 모였다.",
	"문의는 02-#0#-#8#0, 마감은 @ 자정.",
	"매일 ##쪽씩 읽고 @에 끝냈다.",
	"작년보다 #일 늦은 @에 꽃이 피었다.",
	"주문 ##0#7#, 도착은 @ 예정.",
	"#개월 뒤인 @에 다시 만나요.",
	"일정이 @에서 하루 늦어졌다.",
	"월급 2#0만 원이 @에 들어왔다.",
	"우리는 @부터 #년 동안 일했다.",
	"@, 기온은 #.#도였다.",
	"이 집은 @에 지은 것으로 방이 #개다.",
	"오늘은 무슨 날이지? @, 시험 보는 날!",
	"사월이는 @에 구월동에서 태어났다.",
}

const (
	dateWeekdays = "일월화수목금토" // from Sunday, as in package time
	sinoDigits   = "영일이삼사오육칠팔구"
	sinoUnits    = "천백십"
)

// dateWriter gathers a text and the class of each rune.
type dateWriter struct {
	text   strings.Builder
	labels []int
}

// write adds a text of one class.
func (w *dateWriter) write(text string, class int) {
	w.text.WriteString(text)
	for range utf8.RuneCountInString(text) {
		w.labels = append(w.labels, class)
	}
}

// number adds a number in figures, with zeros before it up to a width.
func (w *dateWriter) number(n, width, class int) {
	s := strconv.Itoa(n)
	w.write(strings.Repeat("0", max(0, width-len(s)))+s, class)
}

// date adds a date in one of its forms, and perhaps its weekday.
func (w *dateWriter) date(rng *rand.Rand, at time.Time) {
	y, m, d := at.Year(), int(at.Month()), at.Day()
	switch rng.IntN(7) {
	case 0:
		w.figures(y, m, d, [3]string{"년", "월", "일"})
	case 1:
		w.parts([]int{y, m, d}, 0, ". ", ".")
	case 2:
		w.parts([]int{y, m, d}, 2, "-", "")
	case 3:
		w.parts([]int{y % 100, m, d}, 2, ".", ".")
	case 4:
		w.figures(0, m, d, [3]string{"", "월", "일"})
	case 5:
		w.words(y, m, d)
	case 6:
		w.parts([]int{m, d}, 0, "/", "")
	}
	day := string([]rune(dateWeekdays)[at.Weekday()])
	switch rng.IntN(3) {
	case 0:
		w.write("(", DateOther)
		w.write(day, DateWeekday)
		w.write(")", DateOther)
	case 1:
		w.write(" ", DateOther)
		w.write(day+"요일", DateWeekday)
	}
}

// figures is 2024년 3월 5일; year 0 is left out.
func (w *dateWriter) figures(y, m, d int, units [3]string) {
	if y > 0 {
		w.number(y, 0, DateYear)
		w.write(units[0], DateYear)
		w.write(" ", DateOther)
	}
	w.number(m, 0, DateMonth)
	w.write(units[1], DateMonth)
	w.write(" ", DateOther)
	w.number(d, 0, DateDay)
	w.write(units[2], DateDay)
}

// parts is 2024-03-05 and the like: the last of the numbers is the day, and what is before it the month and the year.
func (w *dateWriter) parts(numbers []int, width int, between, after string) {
	class := DateDay - len(numbers) + 1
	for i, n := range numbers {
		if i > 0 {
			w.write(between, DateOther)
		}
		w.number(n, width, class+i)
	}
	w.write(after, DateOther)
}

// words is 이천이십사년 삼월 오일.
func (w *dateWriter) words(y, m, d int) {
	w.write(sino(y)+"년", DateYear)
	w.write(" ", DateOther)
	switch m {
	case 6:
		w.write("유월", DateMonth)
	case 10:
		w.write("시월", DateMonth)
	default:
		w.write(sino(m)+"월", DateMonth)
	}
	w.write(" ", DateOther)
	w.write(sino(d)+"일", DateDay)
}

// sino writes a number from 1 to 9999 in Sino-Korean words; a one before a unit is not said.
func sino(n int) string {
	digits, units := []rune(sinoDigits), []rune(sinoUnits)
	var s strings.Builder
	for i, power := range [...]int{1000, 100, 10} {
		if d := n / power % 10; d > 0 {
			if d > 1 {
				s.WriteRune(digits[d])
			}
			s.WriteRune(units[i])
		}
	}
	if n%10 > 0 {
		s.WriteRune(digits[n%10])
	}
	return s.String()
}
