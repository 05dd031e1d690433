# SPDX-License-Identifier: MIT
# The face of the build; the build itself is CMake's (CMakeLists.txt, CMakePresets.json).
#
#   make            release build: build/bin/mend, build/lib/libmend.so, build/lib/libmend-agent.so
#   make demo       a running server is mended and un-mended under your eyes
#   make test       everything CI runs          make torture    the same at full length
#   make fuzz       each fuzz target FUZZ_SECONDS (60) long
#   make real       servers and programs from Debian, mended as they run (installs them first)
#   make corpus     how much of GNUstep's own sources compiles as a patch (fetches them)
#   make bench      the figures                 make install    PREFIX (/usr/local), DESTDIR
#   make clean
PREFIX ?= /usr/local
JOBS ?= $(shell nproc)
FUZZ_SECONDS ?= 60
export JOBS FUZZ_SECONDS

.PHONY: all setup demo test torture fuzz real corpus bench install clean

all: setup
	@tools/build release

setup:
	@tools/setup

demo: all
	@MEND=build/bin/mend examples/demo

test: setup
	@tools/check test

torture: setup
	@tools/check torture

fuzz: setup
	@tools/check fuzz

real: setup
	@tools/setup real
	@tools/check real

corpus: setup
	@tools/build dev
	@cmake --build build/dev --target corpus_measure corpus_both_ways
	@tools/corpus build/dev/bin/corpus_measure
	@tools/corpus build/dev/bin/corpus_both_ways gnustep-base

bench: setup
	@tools/build bench
	@tools/build bench-libffi mend
	@bench/run build/bench/bin

install: all
	@DESTDIR=$(DESTDIR) cmake --install build --prefix $(PREFIX)

clean:
	rm -rf build
