package datasets

import "fmt"

// Language is that of generated captions.
type Language int

const (
	InEnglish Language = iota // a red circle, three five nine
	InKorean                  // 빨간 동그라미, 삼 오 구
)

// String is "English" or "Korean".
func (l Language) String() string {
	switch l {
	case InEnglish:
		return "English"
	case InKorean:
		return "Korean"
	}
	return fmt.Sprintf("Language(%d)", int(l))
}

func (l Language) check() error {
	if l != InEnglish && l != InKorean {
		return fmt.Errorf("language %d, wanted InEnglish or InKorean", int(l))
	}
	return nil
}
