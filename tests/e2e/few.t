#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Too few backends are alive, or nobody knows: min-live, on-few, initial unknown. lib.sh's LAN.
. "$(dirname "$0")/lib.sh"

tcp() { call -c "$1" 10.0.0.1 25; }
# up VALUE BACKEND...
up() { local b; for b in "${@:2}"; do echo "$1" >"$sys/s/$b/up"; done; }
# few: whether it is, and which backends of s may be chosen, b4 too, although it is of the second tier
few()
{
	local b
	few=$(field 'service s' few)
	for b in b1 b2 b3 b4; do
		[ "$(<"$sys/s/$b/usable")" = 0 ] || few+=" $b"
	done
}

load
lan 4
for b in b1 b2 b3 b4; do serve $b 25; done
# Three of the first tier, of which two shall live.
configure 'service s tcp 10.0.0.1:25 min-live 60
backend s/b1 192.168.0.1
backend s/b2 192.168.0.2
backend s/b3 192.168.0.3
backend s/b4 192.168.0.4 tier 2'

# --- open ---
up 0 b1
few
is "$few $(tcp 2)" "0 b2 b3 b4 b2=1 b3=1" "two of three is not too few"
up 0 b2
few
is "$few $(tcp 3)" "1 b1 b2 b3 b4 b1=1 b2=1 b3=1" "one is: all of the tier are used"
is "$(<$sys/s/service/few) $(<$sys/s/b1/up) $(<$sys/s/service/on_few)" "1 0 open" "as sysfs has it; health is what the checker said"
up 0 b3
few
is "$few $(tcp 3)" "1 b1 b2 b3 b4 b1=1 b2=1 b3=1" "none: a checker that says so of all does not end the service"
echo drain >$sys/s/b3/state
few
is "$few $(tcp 2)" "1 b1 b2 b4 b1=1 b2=1" "who drains is not used, whoever is dead"
echo up >$sys/s/b3/state
echo 0 >$sys/s/b3/weight
few
is "$few" "1 b1 b2 b4" "nor who weighs nothing"
echo 1 >$sys/s/b3/weight
up 1 b1 b2
few
is "$few $(tcp 2)" "0 b1 b2 b4 b1=1 b2=1" "enough again: the dead one is out"

# --- the others ---
up 0 b2
echo tier >$sys/s/service/on_few
few
is "$few $(tcp 2)" "1 b1 b4 b4=2" "tier: the second one gets what comes"
up 0 b4
few
is "$few $(tcp 3)" "1 b1 b2 b3 b1=1 b2=1 b3=1" "that is dead, too: as open"
up 1 b4
echo reject >$sys/s/service/on_few
is "$(tcp 2) $(field 'service s' usable)" "ECONNREFUSED=2 0" "reject"
echo accept >$sys/s/service/on_empty
is "$(tcp 1)" "ECONNREFUSED=1" "whatever on-empty says"
echo drop >$sys/s/service/on_few
is "$(call -w 200 10.0.0.1 25) $(<$sys/s/service/empty)" "timeout=1 4" "drop; both count as empty"
up 1 b2
is "$(tcp 2)" "b1=1 b2=1" "two live: as if nothing had been"
is "$(put $sys/s/service/min_live 0) $(put $sys/s/b1/up 0) $(tcp 1) $(field 'service s' few)" "ok ok b2=1 0" "min-live 0: none is too few"
is "$(put $sys/s/service/min_live 101) $(put $sys/s/service/on_few no) $(put $sys/s/service/few 1)" "ERANGE EINVAL EACCES" "what is refused"

# --- who is used although it is dead keeps its connections ---
configure 'replace
service u udp 10.0.0.1:25 min-live 51
backend u/b1 192.168.0.1
backend u/b2 192.168.0.2'
# Served on the same port by UDP.
hold one client -u 10.0.0.1 25
hold two client -u 10.0.0.1 25
first="$answer"
echo 0 >$sys/u/b1/up
for i in 1 2 3; do ask one; ask two; done
is "$answer $(<$sys/u/service/chosen)" "$first 2" "UDP flows to a backend that counts as dead, but is used, stay there"
echo 1 >$sys/u/service/min_live
ask one
ask two
is "$answer $(<$sys/u/b1/live)" "b2 0" "and move when it is not used any more"

# --- nobody knows yet ---
configure 'replace
service s tcp 10.0.0.1:25
backend s/b1 192.168.0.1 initial unknown
backend s/b2 192.168.0.2 initial unknown
backend s/b3 192.168.0.3 initial down
backend s/b4 192.168.0.4 initial unknown state down'
few
is "$few $(tcp 4)" "0 b1 b2 b1=2 b2=2" "backends of which nothing is known are used while none is known to be alive"
is "$(<$sys/s/b1/up) $(field 'backend s/b1' up)" "unknown unknown" "and say so"
up 1 b3
few
is "$few $(tcp 2)" "0 b3 b3=2" "one is alive: they are not"
like "$("$vipctl" show)" 'b1 .* unknown health' "vipctl show says why not"
up 0 b1
few
is "$few $(<$sys/s/b1/up)" "0 b3 0" "one is known to be dead"
up 0 b3
few
is "$few $(tcp 1)" "0 b2 b2=1" "nobody is alive: the one that is left"
configure "$(<$proc/config)"
is "$(<$sys/s/b2/up)" unknown "stated again: nothing is known of it"
up 1 b2
is "$(<$sys/s/b2/up) $(tcp 1)" "1 b2=1" "until its checker speaks"

# --- who is told ---
open_way monitor "$vipctl" monitor
ok "vipctl monitor listens" poll "grep -Eq '^[0-9a-f]+ 15 +$! +00000001' /proc/net/netlink"
echo 51 >$sys/s/service/min_live
up 1 b1
line=()
while [ ${#line[@]} -lt 3 ] && read -r -t $patience -u "${way_out[monitor]}" _ rest; do line+=("$rest,"); done
is "${line[*]}" "s few=1 by=min-live usable=3, s few=0 by=min-live usable=2, s/b1 up=1 by=checker usable=1," \
	"too few and enough again are events"

done_testing
