package kernel

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// paths are those that this machine has.
func paths() []path {
	p := []path{plain}
	if best := choose(hostFeatures()); best >= avx2 {
		p = append(p, avx2)
		if best == avx512 {
			p = append(p, avx512)
		}
	}
	return p
}

// onEachPath runs a test on every path of this machine.
func onEachPath(t *testing.T, f func(t *testing.T)) {
	for _, p := range paths() {
		t.Run(p.String(), func(t *testing.T) {
			use(t, p)
			f(t)
		})
	}
}

// use takes a path for the rest of a test.
func use(t testing.TB, p path) {
	before := active
	active = p
	t.Cleanup(func() { active = before })
}

// No path is chosen without every instruction it uses, whatever else the processor has.
func TestChoosePath(t *testing.T) {
	for bits := range 16 {
		f := features{avx2: bits&1 != 0, fma: bits&2 != 0, bmi2: bits&4 != 0, avx512f: bits&8 != 0}
		want := plain
		if f.avx2 && f.fma {
			want = avx2
			if f.bmi2 && f.avx512f {
				want = avx512
			}
		}
		assert.Equal(t, want, choose(f), "%+v", f)
	}
}

// The assembly of a path needs no instructions but those that the path is chosen by; avo lists them.
func TestPathNeedsWhatItIsChosenBy(t *testing.T) {
	allowed := map[path][]string{avx2: {"AVX", "AVX2", "FMA3", "CMOV", "MMX+"}} // the last two, moves and prefetch, are on every amd64
	allowed[avx512] = append([]string{"BMI2", "AVX512F"}, allowed[avx2]...)
	for p, names := range allowed {
		needsOnly(t, "zz_"+p.String()+"_amd64.s", names)
	}
}

// needsOnly holds a file of assembly to instruction sets.
func needsOnly(t *testing.T, file string, names []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	lists := regexp.MustCompile(`(?m)^// Requires: (.*)$`).FindAllStringSubmatch(string(text), -1)
	require.NotEmpty(t, lists)
	for _, list := range lists {
		for _, name := range strings.Split(list[1], ", ") {
			assert.Contains(t, names, name, file)
		}
	}
}

func TestPath(t *testing.T) {
	assert.Equal(t, choose(hostFeatures()).String(), Path())
	assert.Equal(t, []string{"plain", "avx2", "avx512"}, []string{plain.String(), avx2.String(), avx512.String()})
}
