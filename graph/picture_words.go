package graph

import (
	"fmt"
	"strconv"
)

// wording is what pictures say by themselves. Names of operations, scopes and
// shapes are the formula's in every language.
type wording struct {
	roles                      [roles]string
	title                      string // B, T, nodes, edges
	step, steps                string // number; first and last
	asOne, cut                 string // first and last step; nodes that are left out
	operations                 string // how many
	more                       string // how many kinds of them
	forward, back, backOf      string // backOf: path of a scope
	scope, readByBack, operand string
}

func english() *wording {
	return &wording{
		roles: [roles]string{
			"input", "parameter", "carried state", "constant", "operation", "output", "gradient", "gradient of a parameter",
			"operations of a scope",
		},
		title: "Formula for B=%d T=%d: %d nodes, %d edges",
		step:  "step %d", steps: "steps %d to %d",
		asOne: "steps %d to %d are drawn as one", cut: "the last %d nodes are left out",
		operations: "%d operations", more: "and %d more kinds",
		forward: "→ forward", back: "← gradients", backOf: "%s: gradients",
		scope: "scope", readByBack: "read by gradients", operand: "operand",
	}
}

func korean() *wording {
	return &wording{
		roles: [roles]string{
			"입력", "파라미터", "이어지는 상태", "상수", "연산", "출력", "기울기", "파라미터의 기울기", "한 범위의 연산",
		},
		title: "B=%d T=%d의 계산식: 노드 %d개, 간선 %d개",
		step:  "시점 %d", steps: "시점 %d~%d",
		asOne: "시점 %d~%d는 하나로 그렸습니다", cut: "마지막 노드 %d개는 생략했습니다",
		operations: "연산 %d개", more: "그 밖에 %d가지",
		forward: "→ 순방향", back: "← 기울기", backOf: "%s: 기울기",
		scope: "범위", readByBack: "기울기 계산에 쓰임", operand: "피연산자",
	}
}

// wordings finds the words of a language.
func wordings(lang string) (*wording, error) {
	switch lang {
	case "", "en":
		return english(), nil
	case "ko":
		return korean(), nil
	}
	return nil, fmt.Errorf("graph: Sketch: the language is %q, en or ko wanted", lang)
}

// describe is all that is known of a mark, as a tooltip tells it.
func (w *wording) describe(m *mark) string {
	s := fmt.Sprintf("%s: %s %s", w.roles[m.role], m.name, m.shape)
	if m.path != "" {
		s += ", " + w.scope + " " + m.path
	}
	if m.step >= 0 {
		s += ", " + fmt.Sprintf(w.step, m.step)
	}
	if m.holds != "" {
		return s + ": " + m.holds
	}
	if m.back && m.role != roleGrad && m.role != roleSlope {
		s += ", " + w.readByBack
	}
	return s
}

// stepName is the title of a step.
func (d *picture) stepName(t int) string {
	if s := d.titles[t]; s != "" {
		return s
	}
	return fmt.Sprintf(d.words.step, t)
}

// wireTip is what a wire is.
func (d *picture) wireTip(w *wire) string {
	tip := w.from.name + " → " + w.to.name
	if p := w.to.ports[w.operand]; p != "" {
		tip += ", " + d.words.operand + " " + p
	}
	return tip
}

// clusterName is that of the marks of one scope in one band; step is -1 outside
// of steps.
func (d *picture) clusterName(path string, step int, back bool) string {
	if step >= 0 {
		path += ", " + fmt.Sprintf(d.words.step, step)
	}
	if back {
		path = fmt.Sprintf(d.words.backOf, path)
	}
	return path
}

// String is the role in English.
func (r role) String() string {
	if r < roles {
		return english().roles[r]
	}
	return strconv.Itoa(int(r))
}
