// Command asm writes the assembly of package kernel: the tiles of the matrix product, the transposition of a
// strip, functions from elements to elements, optimiser steps and sums, for AVX-512 and for AVX2 with FMA. It is a
// module of its own, so that whoever imports unroll inherits neither it nor avo. Run it with
//
//	go generate ./internal/kernel
//
// which writes zz_*_amd64.s, their declarations and the dispatch to the tiles into the directory given as its
// argument. The same source gives the same files.
package main

import (
	"log"
	"os"
	"path/filepath"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
)

const constraint = "!purego"

var config = printer.Config{Name: "internal/kernel/asm", Pkg: "kernel"}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: asm DIRECTORY")
	}
	dir := os.Args[1]
	for _, isa := range []isa{avx512, avx2} {
		c := build.NewContext()
		c.ConstraintExpr(constraint)
		isa.tiles(c)
		isa.dots(c)
		isa.transpose(c)
		isa.copyPanel(c)
		isa.pointwise(c)
		isa.updates(c)
		isa.sumDown(c)
		if isa.name == avx2.name {
			isa.reductions(c)
		}
		emit(c, filepath.Join(dir, "zz_"+isa.name+"_amd64"))
	}
	narrowFiles(dir)
	write(filepath.Join(dir, "zz_tiles_amd64.go"), tileDispatch())
	write(filepath.Join(dir, "zz_pointwise_amd64.go"), pointwiseDispatch(true))
	write(filepath.Join(dir, "zz_pointwise_other.go"), pointwiseDispatch(false))
}

// emit compiles what c has collected to name.s, with its declarations in name.go.
func emit(c *build.Context, name string) {
	file, err := c.Result()
	check(err)
	check(pass.Compile.Execute(file))
	assembly, err := printer.NewGoAsm(config).Print(file)
	check(err)
	write(name+".s", assembly)
	stubs, err := printer.NewStubs(config).Print(file)
	check(err)
	write(name+".go", stubs)
}

func write(name string, content []byte) { check(os.WriteFile(name, content, 0o644)) }

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
