//go:build !linux

package pages

const onRequest = false

func advise([]byte) {}
