package plot

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// words are what pictures say by themselves.
type words struct {
	rowsCut, colsCut, tokensCut, barsCut, seriesCut string // the first that is left out, how many there are
	labelsCut                                       string // how many of how many have no room
	pointsCut                                       string // how many of how many are drawn
	thinned                                         string // the number of points
	lines, heatMap, triangle, text, bars, scatter   string // what the picture is, for those who do not see it
}

var languages = map[string]words{"en": {
	rowsCut:   "Rows %d to %d are left out.",
	colsCut:   "Columns %d to %d are left out.",
	tokensCut: "Tokens %d to %d are left out.",
	barsCut:   "Bars %d to %d are left out.",
	seriesCut: "Series %d to %d are left out.",
	labelsCut: "%d of %d labels are left out, there is no room.",
	pointsCut: "%d of %d points are drawn.",
	thinned:   "Of %d points, the highest and lowest of each pixel are drawn.",
	lines:     "Line chart of %s. %s",
	heatMap:   "Heat map, %d rows and %d columns, values from %s to %s.",
	triangle:  "Triangle, %d rows and %d columns, values from %s to %s.",
	text:      "Text of %d tokens, coloured by values from %s to %s: %s",
	bars:      "Bar chart, %d bars. %s",
	scatter:   "Scatter plot, %d points. %s",
}, "ko": {
	rowsCut:   "%d번째부터 %d번째까지의 행은 생략했습니다.",
	colsCut:   "%d번째부터 %d번째까지의 열은 생략했습니다.",
	tokensCut: "%d번째부터 %d번째까지의 토큰은 생략했습니다.",
	barsCut:   "%d번째부터 %d번째까지의 막대는 생략했습니다.",
	seriesCut: "%d번째부터 %d번째까지의 계열은 생략했습니다.",
	labelsCut: "자리가 없어 이름 %[2]d개 중 %[1]d개를 생략했습니다.",
	pointsCut: "점 %[2]d개 중 %[1]d개만 그렸습니다.",
	thinned:   "점 %d개 가운데 픽셀마다 가장 큰 값과 작은 값만 그렸습니다.",
	lines:     "꺾은선 그래프: %s. %s",
	heatMap:   "히트맵, %d행 %d열, 값은 %s부터 %s까지입니다.",
	triangle:  "삼각형 그림, %d행 %d열, 값은 %s부터 %s까지입니다.",
	text:      "토큰 %d개의 글, 색은 %s부터 %s까지의 값입니다: %s",
	bars:      "막대그래프, 막대 %d개. %s",
	scatter:   "산점도, 점 %d개. %s",
}}

// number is x in at most four digits: 0.05, 12.5, 40,000, 10⁻⁶, 2.5·10⁻⁶.
func number(x float64) string {
	switch a := math.Abs(x); {
	case x == 0:
		return "0"
	case a >= 1e6 || a < 1e-3:
		return power(x)
	case a >= 1e4:
		return grouped(strconv.FormatFloat(x, 'f', 0, 64))
	}
	s := strconv.FormatFloat(x, 'g', 4, 64)
	if strings.Contains(s, "e") {
		s = grouped(strconv.FormatFloat(x, 'f', 0, 64))
	}
	return s
}

// grouped puts commas into a whole number.
func grouped(s string) string {
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// power is x as a number times a power of ten.
func power(x float64) string {
	if x == 0 {
		return "0"
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(x, 'e', 1, 64), "e")
	mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
	e, _ := strconv.Atoi(exponent)
	ten := "10" + superscripts.Replace(strconv.Itoa(e))
	switch mantissa {
	case "1":
		return ten
	case "-1":
		return "−" + ten
	}
	return fmt.Sprintf("%s·%s", mantissa, ten)
}

var superscripts = strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴",
	"5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

// visible shows white space as a sign.
func visible(s string) string {
	if strings.TrimSpace(s) == "" && s != "" {
		s = strings.ReplaceAll(s, " ", "␣")
	}
	return signs.Replace(s)
}

var signs = strings.NewReplacer("\r\n", "⏎", "\n", "⏎", "\r", "⏎", "\t", "⇥")
