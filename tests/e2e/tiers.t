#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Who may have a new connection, beyond up and down: tiers, limits of connections, slow start. lib.sh's LAN.
. "$(dirname "$0")/lib.sh"

tcp() { call -c "$1" 10.0.0.1 25; }

load
lan 3
for b in b1 b2 b3; do serve $b 25; done

# --- tiers ---
configure 'service s tcp 10.0.0.1:25
backend s/b3 192.168.0.3 tier 2 mark 3
backend s/b1 192.168.0.1 mark 1
backend s/b2 192.168.0.2 mark 2'
is "$(tcp 4)" "b1=2 b2=2" "two tiers: only the first one gets connections"
echo 0 >$sys/s/b1/up
is "$(tcp 2)" "b2=2" "also when one of it is down"
echo 0 >$sys/s/b2/up
is "$(tcp 2)" "b3=2" "the second one when all of it are"
echo 1 >$sys/s/b1/up
is "$(tcp 2)" "b1=2" "the first one is back: at once"
echo 1 >$sys/s/b2/up
nft -f - <<-END || bail "no nft"
	table ip pin {
		chain c {
			type filter hook prerouting priority mangle
			tcp dport 25 ct state new ct mark set 3
		}
	}
END
is "$(tcp 4)" "b1=2 b2=2" "a mark does not ask for a tier that is not used"
nft delete table ip pin
is "$(put $sys/s/b3/tier 1) $(tcp 3)" "ok b1=1 b2=1 b3=1" "a tier is changed while it runs"
is "$(put $sys/s/b3/tier 0) $(put $sys/s/b3/tier 17) $(put $sys/s/b3/tier x) $(<$sys/s/b3/tier)" \
	"ERANGE ERANGE EINVAL 1" "no such tier"
is "$(tail -n 1 $proc/config)" "backend s/b2 192.168.0.2 weight 1 mark 0x2" "config leaves out a default"

# --- limits ---
configure 'replace
service s tcp 10.0.0.1:25
backend s/b1 192.168.0.1 max-conns 2
backend s/b2 192.168.0.2 max-conns 1
backend s/b3 192.168.0.3 max-conns 1 tier 2'
hold one client -c 3 10.0.0.1 25
is "$(tr ' ' '\n' <<<"$answer" | sort | xargs)" "b1 b1 b2" "the first tier takes what it may"
hold two client 10.0.0.1 25
is "$answer $(field 'service s' live)" "b3 4" "then the second one"
is "$(tcp 2) $(<$sys/s/service/full)" "ECONNREFUSED=2 2" "all full: as without a backend, and counted apart"
is "$(field 'service s' empty) $(field 'service s' clash)" "0 0" "only there"
ask two "close 0"
poll "[ \$(<$sys/s/b3/live) = 0 ]"
is "$(tcp 1)" "b3=1" "one ends, one has room"
is "$(put $sys/s/b2/max_conns 3)" ok "the limit is raised while it runs"
hold three client -c 2 10.0.0.1 25
is "$answer" "b2 b2" "more connections"
is "$(put $sys/s/b1/max_conns 1000000001) $(put $sys/s/b1/max_conns -1)" "ERANGE EINVAL" "no such limit"
echo drop >$sys/s/service/on_empty
echo 1 >$sys/s/b3/max_conns
hold four client 10.0.0.1 25
is "$answer $(call -w 300 10.0.0.1 25)" "b3 timeout=1" "full, and on-empty drop"

configure 'replace
service t tcp 10.0.0.1:25 scheduler random
backend t/b1 192.168.0.1 mark 11 max-conns 5 weight 1000
backend t/b2 192.168.0.2 mark 12 max-conns 5
backend t/b3 192.168.0.3 mark 13'
hold many client -c 14 10.0.0.1 25
is "$(<$sys/t/b1/live)" 5 "a heavy backend up to its limit"
is "$(<$sys/t/service/live)" 14 "the rest goes to the others"

# --- slow start ---
configure 'replace
service s tcp 10.0.0.1:25
backend s/b1 192.168.0.1
backend s/b2 192.168.0.2'
echo 0 >$sys/s/b2/up
is "$(tcp 1)" "b1=1" "one of two"
echo 3600 >$sys/s/b2/warmup
echo 1 >$sys/s/b2/up
is "$(tcp 34)" "b1=32 b2=2" "it comes up slowly: a sixteenth of its weight at first"
is "$(<$sys/s/b2/weight) $(<$sys/s/b2/usable)" "1 1" "which stays what it was"
echo 0 >$sys/s/b1/up
is "$(tcp 2)" "b2=2" "alone it takes all"
echo 1 >$sys/s/b1/up
echo 0 >$sys/s/b2/up
echo 5 >$sys/s/b2/warmup
echo 1 >$sys/s/b2/up
within "$(field 'backend s/b2' warm)" 6 99 "status says how far it is"
poll "[ \$(field 'backend s/b2' warm) = 100 ]"
is "$(tcp 8)" "b1=4 b2=4" "after its time both are alike"
is "$(put $sys/s/b2/warmup 3601)" ERANGE "no such time"
configure 'backend s/b3 192.168.0.3 warmup 3600'
is "$(tcp 33)" "b1=16 b2=16 b3=1" "a new backend comes up slowly as well"
done_testing
