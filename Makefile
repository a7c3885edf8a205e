# make check is what has to pass before a change lands; .ci/run does the same on a fresh clone.

TOOL  = go tool -modfile=tools.mod
ARGS  =
BENCH = .
COUNT = 6
PKG   = ./benchmarks/...

# The packages that are concurrent: they or their tests import sync or sync/atomic.
CONCURRENT = go list -f '{{.ImportPath}} {{join .Imports " "}} {{join .TestImports " "}} {{join .XTestImports " "}} ' ./... | \
	awk '/ sync(\/atomic)? / { print $$1 }'

.PHONY: check test fmt vet build staticcheck race purego arm64 generate demo bench

check: fmt vet build staticcheck test race purego

test:
	go test ./...

# gofumpt lists the files that it would change; there must be none.
fmt:
	@echo "$(TOOL) gofumpt -l ."
	@files=$$($(TOOL) gofumpt -l .) && { test -z "$$files" || { echo "not formatted:"; echo "$$files"; exit 1; }; }

vet:
	go vet ./...

build:
	CGO_ENABLED=0 go build ./...

staticcheck:
	$(TOOL) staticcheck ./...

race:
	go test -race $$($(CONCURRENT))

# Plain Go in place of assembly: what a processor runs that has neither AVX2 nor AVX-512.
purego:
	go test -tags purego ./internal/kernel ./graph ./cells

# Another processor: all of it builds, and the kernels compute there what they should. Needs qemu-user.
arm64:
	GOARCH=arm64 CGO_ENABLED=0 go build ./...
	GOARCH=arm64 CGO_ENABLED=0 go test -exec qemu-aarch64 ./internal/kernel

# Generated files are named zz_*: all of them are deleted first, so none outlives its generator.
generate:
	find . -name 'zz_*' -not -path './.git/*' -delete
	go generate ./...

# make demo ARGS="-h"
demo:
	CGO_ENABLED=0 go build -o bin/demo ./cmd/demo
	bin/demo $(ARGS)

# make bench BENCH=LSTM >bench-new.txt, then: go tool -modfile=tools.mod benchstat bench-old.txt bench-new.txt
bench:
	@go test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) $(PKG)
