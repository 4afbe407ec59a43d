#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A short run of the fuzzers. Without clang this fails: a fuzzer that never runs
# finds nothing.
cd "$(dirname "$0")" || exit 1
echo 1..2
if make -s all >&2; then
	echo "ok 1 - the fuzzers are built with clang"
else
	echo "not ok 1 - the fuzzers are built with clang (apt install clang)"
fi
if make -s fuzz FUZZ_SECONDS=5 >build/fuzz.log 2>&1; then
	echo "ok 2 - 5 seconds of fuzzing, each"
	grep '^Done' build/fuzz.log | sed 's/^/# /'
else
	echo "not ok 2 - 5 seconds of fuzzing, each"
	tail -n 40 build/fuzz.log | sed 's/^/# /'
fi
