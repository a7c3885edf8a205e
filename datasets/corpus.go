package datasets

import _ "embed"

var (
	//go:embed corpus/english.txt
	english string
	//go:embed corpus/korean.txt
	korean string
)

// English returns a short English text that comes with the package: UTF-8 with "\n" at line ends. It is enough to see a
// character model learn without any file at hand.
func English() string { return english }

// Korean returns a short Korean text that comes with the package: UTF-8 with "\n" at line ends, Hangul as whole
// syllables (NFC).
func Korean() string { return korean }
