#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The table of kernels: what runs and compilations leave, and what becomes of it.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
. ./tap.sh

export NF_VIP_CACHE=$tap_dir/cache
today=$(date -u +%F)
head='| kernel | release | compiler | builds | test files | tests | commit | date |
|---|---|---|---|---:|---|---|---|'
commit=$(git rev-parse --short=12 HEAD)
[ -z "$(git status --porcelain -uno)" ] || commit+=+

table() { "$tap_tests/../kernels_table" "$@"; }

# kernel KIND RELEASE GCC: one in the cache
kernel()
{
	local dir=$NF_VIP_CACHE/kernel/$1-0123456789abcdef
	mkdir -p "$dir/build"
	echo "$2" >"$dir/release"
	echo "CONFIG_CC_VERSION_TEXT=\"gcc-$3 (Debian $3-1) $3\"" >"$dir/build/.config"
}

is "nothing has run" 1 "" "kernels_table: nothing has run here yet: make check-all" table --print
is "a kernel that is not there" 1 "" "kernels_table: there is no kernel uml" table --record uml e2e-uml 1 1 0

kernel uml 6.12.1 12.2.0
kernel newest 7.3.1 15.1.0
kernel newest-rt 7.3.1-rt 15.1.0
ok "a run" table --record uml e2e-uml-1 30 500 0
ok "another guest of it" table --record uml e2e-uml-2 40 600 0
ok "one with failures" table --record newest e2e-newest 20 300 2
cat >"$tap_dir/log" <<'END'
1..4
ok 1 - newest-rt: 7.3.1-rt, gcc 15.1.0
ok 2 - trixie # SKIP Debian's mirror has no such kernel now
not ok 3 - bookworm: 6.1.9
# an error
ok 4 - newest: 7.3.1, gcc 15.1.0
END
ok "compilations" table --compiled "$tap_dir/log"
is "all of it, guests added up" 0 "$head
| uml | 6.12.1 | gcc 12.2.0 | yes | 70 | 1100 passed | $commit | $today |
| bookworm | 6.1.9 |  | **no** |  |  |  | $today |
| newest | 7.3.1 | gcc 15.1.0 | yes | 20 | 300 passed, **2 failed** | $commit | $today |
| newest-rt | 7.3.1-rt | gcc 15.1.0 | yes |  |  |  | $today |" "" table --print

ok "a run again" table --record newest e2e-newest 20 302 0
kernel uml 6.12.2 12.2.0
ok "a new release" table --record uml e2e-uml-1 30 500 0
is "the latest counts" 0 "$head
| uml | 6.12.2 | gcc 12.2.0 | yes | 30 | 500 passed | $commit | $today |
| bookworm | 6.1.9 |  | **no** |  |  |  | $today |
| newest | 7.3.1 | gcc 15.1.0 | yes | 20 | 302 passed | $commit | $today |
| newest-rt | 7.3.1-rt | gcc 15.1.0 | yes |  |  |  | $today |" "" table --print

# shellcheck disable=SC2016	# for the other shell
uml_row='"$1" --print | grep "| uml " | sed "s/0123456789ab, \(.*\) | /\1, 0123456789ab | /"'
# A job that ran at another commit since, in one guest instead of two; and a second job of the same kernel.
earlier() { sed -i "/$1/s/$commit/0123456789ab/" "$NF_VIP_CACHE/kernels"; }
ok "another job of it" table --record uml kunit 0 400 0
earlier kunit
ok "the second guest of the first" table --record uml e2e-uml-2 40 600 0
is "jobs of two commits are added up" 0 "| uml | 6.12.2 | gcc 12.2.0 | yes | 70 | 1500 passed | $commit, 0123456789ab | $today |" "" \
	sh -c "$uml_row" sh "$tap_tests/../kernels_table"
earlier e2e-uml
ok "the first in one guest" table --record uml e2e-uml 70 1101 0
is "takes the place of both" 0 "| uml | 6.12.2 | gcc 12.2.0 | yes | 70 | 1501 passed | $commit, 0123456789ab | $today |" "" \
	sh -c "$uml_row" sh "$tap_tests/../kernels_table"
finish
