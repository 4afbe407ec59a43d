#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vipctl check says of a file what the module says when apply writes it, word for word: of the fuzzers' corpora, of texts at
# random in which statements meet, and at the limits.
. "$(dirname "$0")/lib.sh"

# Check does not know which marks are the module's.
load mark_mask=0xffffffff

fuzz=$HERE/../fuzz
same() { "$HERE/build/same" "$@" 2>&1; }
corpus=("$fuzz"/corpus/* "$HERE"/../../userspace/nf_vip.conf.example)
is "$(same "${corpus[@]}")" "" "the ${#corpus[@]} files of the fuzzer's corpus"

# The seeds that the fuzzer of the kernel has found something with, too.
mapfile -t seeds < <(sed 's/#.*//; /^[[:space:]]*$/d' "$fuzz/kernel_seeds")
for seed in 1 2 "${seeds[@]}"; do
	if out=$(same -n $((4000 / SLOW)) "$seed"); then pass "texts of seed $seed: ${out##*$'\n'}"; continue; fi
	fail "texts of seed $seed"
	diag "${out:0:2000}"
done

# as_module FILE: what check says of a file, and whether that is what the module says
as_module()
{
	local said
	said=$("$vipctl" check "$1" 2>&1)
	[ "$said" = "vipctl: $1: $({ printf 'replace;'; cat "$1"; } | "$peer" write $proc/config >/dev/null; cat $proc/error)" ] &&
		echo "${said#"vipctl: $1: "}"
}

for ((i = 0; i < 1200; i++)); do echo "backend s/b$i 192.168.0.1 weight $((i ? 1000 : 999))"; done >$tmp/backends
{ echo "service s tcp 10.9.0.1:25"; cat $tmp/backends; } >$tmp/weights
is "$(as_module $tmp/weights)" 'line 1201: service "s": the weights need more than 1048576 slots' "too many slots"
{ echo "service s tcp 10.9.0.1:25 scheduler hash"; cat $tmp/backends; } >$tmp/hash
is "$("$vipctl" check $tmp/hash)" "$tmp/hash: good, 1 service, 1200 backends" "which the scheduler hash does not need"
is "$({ printf 'replace;'; cat $tmp/hash; } | "$peer" write $proc/config)" ok "in the module, either"
{ cat $tmp/weights; for i in {1..2900}; do echo "backend s/c$i 192.168.0.1"; done; } >$tmp/many
is "$(as_module $tmp/many)" 'line 4098: service "s": expected at most 4096 backends' "too many backends"
for ((i = 0; i < 65537; i++)); do echo "service s$i tcp 10.9.$((i >> 8 & 255)).$((i & 255)):25"; done >$tmp/services
is "$(as_module $tmp/services)" "expected at most 65536 services" "too many services"

configure flush
done_testing
