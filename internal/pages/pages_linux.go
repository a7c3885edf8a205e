package pages

import "syscall"

const onRequest = true

// advise asks for large pages in b. That is a wish: a system that refuses it gives
// small ones.
func advise(b []byte) { _ = syscall.Madvise(b, syscall.MADV_HUGEPAGE) }
