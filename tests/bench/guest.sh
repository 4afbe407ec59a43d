#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage, inside a guest: guest.sh SCENARIO MEASURE
#
# Makes the guest the gateway SCENARIO, as NAME or NAME:BACKENDS (see scenarios.sh, 2 backends), measures, and prints
#   SCENARIO MEASURE NANOSECONDS-PER-UNIT UNITS LOST
# NF_VIP_BENCH_SCALE divides the amount of work.
set -u -o pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
BUILD=$HERE/build
tmp=/tmp/bench
target='' frame='' discard=''
mkdir -p $tmp

fatal() { echo "$*" >&2; exit 1; }

. "$HERE/scenarios.sh"
. "$HERE/measures.sh"

scenario=$1 measure=$2
scale=${NF_VIP_BENCH_SCALE:-1}
proto=udp
[[ $measure != tcp* ]] || proto=tcp

touch_memory
network
name=${scenario%%:*} count=2
[[ $scenario != *:* ]] || count=${scenario#*:}
"balance_${name//-/_}" "$count" || fatal "$scenario: cannot be set up"
"measure_${measure//-/_}"
echo "$scenario $measure $cost $units $lost"
# For profile: names of the addresses that it has seen.
[ -z "${NF_VIP_BENCH_SYMBOLS-}" ] || cat /proc/kallsyms >&2
