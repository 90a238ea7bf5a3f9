# SPDX-License-Identifier: Apache-2.0
# The front door for people: each target installs what it needs, builds, and does one thing.
# `make help` teaches; the work is in tools/ and CMakePresets.json.
MAKEFLAGS += --no-print-directory
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help say test convert-report bench bench-vocoder metrics-report text-report read-report
.PHONY: media-report codec-report voice-report install clean
.PHONY: test-arm asan tsan rt clang fuzz lint format

PREFIX ?= /usr/local
DESTDIR ?=
program := build/release/bin/syrinx

# What is said travels in the environment as it was given: `value` keeps make from reading $3 or
# $(...) in it, and the unexported TEXT is never expanded, so no text can be taken for a command.
unexport TEXT
default_text := Dr. Smith paid $$3.50 on May 4th.
export SYRINX_SAY_TEXT = $(if $(filter undefined file,$(origin TEXT)),$(default_text),$(value TEXT))

help:
	@sed -n 's/^#: \{0,1\}//p' $(firstword $(MAKEFILE_LIST))

#: Syrinx: text becomes speech. Every target installs the Debian packages that it lacks.
#:
#:   make say TEXT='Hello, world.'   speak into say.wav (single quotes keep $3.50 whole)
#:   make test                       build everything and run every test
#:   make bench                      measure speed and memory: a table, and build/bench/*.json
#:   make bench-vocoder              the vocoders next to ONNX Runtime and PyTorch (fetches both)
#:   make metrics-report             every measure beside an outside reference; the detectors' ROC
#:   make codec-report               codecs beside libopus, speech found, losses concealed
#:   make text-report                how right the text front end is, on outside sets
#:   make media-report               calls, rooms, echo: our figure beside the bar and the peers'
#:   make read-report                a ten-hour book: time, memory, and killed five times
#:   make voice-report               the voice of our own beside Flite's and the person it is of
#:   make convert-report             changed voices beside Rubber Band, SoundTouch, SoX and World;
#:                                   delays and a soak of ten minutes: about an hour in all
#:   make install PREFIX=/usr/local  install the program, the library and its headers (DESTDIR too)
#:   make clean                      remove everything that was built
#:
#: For developers (CONTRIBUTING.md says when):
#:   make lint | format              clang-tidy and the layers | rewrite the layout of the sources
#:   make asan | tsan | rt | clang   the tests under sanitizers, the real-time guard, clang
#:   make fuzz | test-arm            fuzz every parser a minute | the tests for aarch64 under qemu

say:
	@tools/setup build
	@tools/build release syrinx_cli
	@if [[ "$$SYRINX_SAY_TEXT" =~ (^|[[:space:]])\.[0-9] ]]; then \
	  echo "Note: if that said \$$3.50, the shell took \$$3 out: use single quotes, TEXT='...'."; fi
	@$(program) say -o say.wav -- "$$SYRINX_SAY_TEXT"

test:
	@tools/setup test
	@tools/fetch_onnxruntime --for-tests
	@tools/fetch_openai
	@tools/build release
	@ctest --preset release

bench:
	@tools/setup bench onnx
	@tools/build release
	@tools/bench

bench-vocoder:
	@tools/setup bench-vocoder
	@tools/fetch_onnxruntime
	@tools/build release
	@tools/bench vocoder
	@tools/bench copy-synthesis

read-report:
	@tools/setup build
	@tools/build release syrinx_cli
	@bench/read.py --program $(program)

text-report:
	@tools/setup bench train
	@tools/build release
	@build/release/bin/syrinx_text_report "$${SYRINX_DATA:-../shared/data}" --misses=nemo
	@training/homographs/report --data "$${SYRINX_DATA:-../shared/data}"
	@cmake --build build/release --target train_g2p >/dev/null
	@build/release/bin/train_g2p "$${SYRINX_DATA:-../shared/data}/text/cmudict/cmudict.dict" \
	  build/bench 6

codec-report:
	@tools/setup bench onnx
	@tools/fetch_onnxruntime
	@tools/build release syrinx_codec_bench
	@build/release/bin/syrinx_codec_bench --data "$${SYRINX_DATA:-../shared/data}"

media-report:
	@tools/setup bench onnx
	@tools/fetch_onnxruntime
	@tools/build release syrinx_media_report
	@build/release/bin/syrinx_media_report
	@tools/build release syrinx_echo_bench
	@build/release/bin/syrinx_echo_bench --data "$${SYRINX_DATA:-../shared/data}"
	@tools/build release syrinx_media_capacity
	@build/release/bin/syrinx_media_capacity
	@build/release/bin/syrinx_media_capacity --hours 10
	@bench/media/capture_tool.py

metrics-report:
	@tools/setup bench onnx
	@tools/fetch_onnxruntime
	@tools/build release
	@mkdir -p build/bench
	@build/release/bin/syrinx_metrics_report "$${SYRINX_DATA:-../shared/data}" \
	  build/bench/metrics.json
	@build/release/bin/syrinx_artifact_roc --data "$${SYRINX_DATA:-../shared/data}"

voice-report:
	@tools/setup bench onnx
	@tools/fetch_onnxruntime
	@tools/build release
	@bench/voice.py --program $(program) --data "$${SYRINX_DATA:-../shared/data}"

convert-report:
	@tools/setup bench onnx
	@tools/fetch_onnxruntime
	@tools/build release
	@mkdir -p build/bench
	@data="$${SYRINX_DATA:-../shared/data}"; \
	  SYRINX_MODELS="$${SYRINX_MODELS:-$$data/models}" \
	  build/release/bin/syrinx_convert_report "$$data" 6 build/bench/convert.json
	@world=$$(tools/fetch_peer world) || world=; \
	  build/release/bin/syrinx_world_report "$${SYRINX_DATA:-../shared/data}" identity 5 "$$world"
	@build/release/bin/syrinx_world_report "$${SYRINX_DATA:-../shared/data}" 5
	@echo; echo 'the same pairs as syrinx live --like does them, in the balanced mode'
	@build/release/bin/syrinx_world_report "$${SYRINX_DATA:-../shared/data}" 5 balanced
	@tools/listening_pages "$${SYRINX_DATA:-../shared/data}" build/bench/like
	@LIVE_SECONDS="$${LIVE_SECONDS:-600}" tools/bench live

install:
	@tools/setup build
	@tools/build release syrinx_cli
	@tools/install '$(DESTDIR)' '$(PREFIX)'

clean:
	@rm -rf build say.wav

asan tsan rt clang: %:
	@tools/setup $(if $(filter clang,$@),lint,test)
	@tools/build $@
	@ctest --preset $@

fuzz:
	@tools/setup fuzz
	@tools/build fuzz
	@tools/fuzz

lint:
	@tools/setup lint
	@python3 tools/check_layers.py
	@tools/check_format
	@tools/lint

format:
	@tools/setup lint
	@tools/check_format --fix

test-arm:
	@tools/setup arm
	@tools/arm_sysroot
	@tools/build arm
	@ctest --preset arm
