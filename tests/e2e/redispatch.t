#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A new connection that its backend does not take goes to another one: what the client sees, and what is counted. lib.sh's
# LAN; b1 has everything that it does not fail, b2 (tier 2) takes all. By port:
#
#    b1: 25 TCP: reset; SCTP: silence    26 TCP and UDP: ICMP error    27 TCP: silence    28 answers
. "$(dirname "$0")/lib.sh"

# start TAG NETNS ARGS...: a connection whose first answer is awaited later, by answer TAG, in $answer
start() { local tag=$1 netns=$2; shift 2; open_way "$tag" "$peer" -n "$netns" hold "$@"; }
answer() { read -r answer <&"${way_out["$1"]}" || answer="no answer"; }

# counted SERVICE: failures of b1 and b2, and what went elsewhere, in $counted
counted() { counted="$(<"$sys/$1/b1/failed") $(<"$sys/$1/b2/failed") $(<"$sys/$1/service/redispatched")"; }

load
lan 2
serve b1 28
serve b2 25 26 27 28
ip netns exec b1 nft -f - <<-END || bail "no nft"
	table inet t {
		chain in {
			type filter hook input priority 0
			tcp dport 26 ip6 daddr ::/0 reject with icmpv6 type admin-prohibited
			tcp dport 26 reject with icmp type host-unreachable
			meta l4proto tcp th dport 27 drop
			meta l4proto sctp drop
		}
	}
END
configure 'service t tcp 10.0.0.1:25-28 eject 1000 60 60
backend t/b1 192.168.0.1
backend t/b2 192.168.0.2 tier 2
service t6 tcp [2001:db8::1]:25-28 eject 1000 60 60
backend t6/b1 fd00::1
backend t6/b2 fd00::2 tier 2
service u udp 10.0.0.1:26 eject 1000 60 60
backend u/b1 192.168.0.1
backend u/b2 192.168.0.2 tier 2
service u6 udp [2001:db8::1]:26 eject 1000 60 60
backend u6/b1 fd00::1
backend u6/b2 fd00::2 tier 2
service p tcp 10.0.0.1:35 persist 60 eject 1000 60 60
backend p/b1 192.168.0.1:25 weight 1000
backend p/b2 192.168.0.2:25
service h tcp 10.0.0.1:36 scheduler hash hash-seed 2 eject 1000 60 60
backend h/b1 192.168.0.1:25 mark 101
backend h/b2 192.168.0.2:25 mark 102
service m tcp 10.0.0.1:37 eject 1000 60 60
backend m/b1 192.168.0.1:25 mark 103
backend m/b2 192.168.0.2:25
service s sctp 10.0.0.1:25 eject 1000 60 60
backend s/b1 192.168.0.1
backend s/b2 192.168.0.2 tier 2'
nft -f - <<-END || bail "no nft"
	table inet t {
		chain pre {
			type filter hook prerouting priority mangle
			tcp dport 37 ct state new ct mark set 103
		}
	}
END
is "$(<$sys/t/service/eject) $(field 'service t' eject)" "1000 60 60 1000+60+60" "the option is shown"

# --- one socket each, which repeats its SYN after a second ---
for port in 25 26 27; do
	start t$port client 10.0.0.1 $port
	start t6$port client 2001:db8::1 $port
done
start persist client 10.0.0.1 35
start hash client 10.0.0.1 36
start mark client 10.0.0.1 37
open_way own "$peer" hold 10.0.0.1 25
for s in t t6; do
	for port in 25 26 27; do
		answer $s$port
		is "$answer" b2 "$s: port $port of b1 fails, the same socket reaches b2"
	done
done
answer own
is "$answer" b2 "a connection of the gateway itself"
answer persist
is "$answer" b2 "persist"
answer hash
is "$answer" b2 "hash"
answer mark
is "$answer $(<$sys/m/b1/failed)" "b2 1" "a mark that asks for the backend that fails"
counted t
is "$counted" "4 0 4" "t: each is counted"
counted t6
is "$counted" "3 0 3" "t6: each is counted"
ask t25
is "$answer" b2 "a connection goes on"
is "$(<$sys/t/b1/live) $(<$sys/t/b2/live)" "0 4" "and is counted where it is"
is "$(<$sys/t/b1/ejected) $(<$sys/t/b1/usable)" "0 1" "too few failures to eject anybody"
is "$(call 10.0.0.1 28)" "b1=1" "b1 gets what it answers"

counted p
is "$counted $(call 10.0.0.1 35) $(<$sys/p/b1/failed)" "1 0 1 b2=1 1" "persist: the client has b2 from now on"
counted h
is "$counted" "1 0 1" "hash: one failure, one that went elsewhere"

# --- UDP: a datagram is lost, the next one goes elsewhere ---
for i in u:10.0.0.1 u6:2001:db8::1; do
	IFS=: read -r s vip <<<"$i"
	is "$(call -u -p 4000 -w 100 "$vip" 26)" "timeout=1" "$s: the client does not hear of the ICMP error"
	is "$(call -u -p 4000 "$vip" 26)" "b2=1" "$s: the next datagram reaches b2"
	counted "$s"
	is "$counted" "1 0 1" "$s: and is counted"
done

# --- who does not wait is not counted ---
counted t
was=$counted
call -p 4100 -w 20 -c 3 10.0.0.1 27 >"$tmp/answers"
counted t
is "$counted" "$was" "a SYN that is repeated at once is no failure"
ok "one that is repeated later is" poll "call -p 4100 -w 20 10.0.0.1 27 >'$tmp/answers'; counted t; [ '$was' != \"\$counted\" ]"

# --- SCTP repeats its INIT ---
if modprobe sctp 2>/dev/null; then
	settings net/sctp/rto_initial=1000 client
	serve_sctp=$(agent -n b2 serve -S b2 25)
	[[ $serve_sctp =~ ^[0-9]+$ ]] || bail "no SCTP server"
	is "$(call -S 10.0.0.1 25)" "b2=1" "an SCTP association that b1 does not answer reaches b2"
	counted s
	is "$counted" "1 0 1" "and is counted"
fi

# --- nobody else may be chosen: all as without the option, but for the count ---
echo drain >$sys/t/b2/state
counted t
was=${counted%% *}
is "$(call 10.0.0.1 25)" "ECONNREFUSED=1" "the reset of the only backend reaches the client"
counted t
is "${counted%% *}" $((was + 1)) "and is counted"
echo drain >$sys/u/b2/state
is "$(call -u -p 4001 10.0.0.1 26)" "ECONNREFUSED=1" "an ICMP error, too"
echo up >$sys/t/b2/state
echo up >$sys/u/b2/state

# --- without the option ---
is "$(put $sys/t/service/eject 0) $(put $sys/u/service/eject '0 0 0')" "ok ok" "0 switches it off"
is "$(<$sys/t/service/eject)" "0 0 0" "that is what is read"
counted t
was=$counted
is "$(call 10.0.0.1 25)" "ECONNREFUSED=1" "off: a reset reaches the client"
is "$(call -u -p 4002 10.0.0.1 26)" "ECONNREFUSED=1" "off: so does an ICMP error"
counted t
is "$counted" "$was" "off: nothing is counted"
is "$(grep -c ' eject ' $proc/config)" 6 "the others keep it"

for i in "1 2:EINVAL" "3 10 0:ERANGE" "3 3601 30:ERANGE" "1001 10 30:ERANGE" "3 10 30 1:EINVAL" "off:EINVAL" ":EINVAL" \
	"99999999999999999999999999999999:EINVAL"; do
	is "$(put $sys/p/service/eject "${i%:*}")" "${i##*:}" "eject refuses '${i%:*}'"
done
is "$(<$sys/p/service/eject)" "1000 60 60" "and is what it was"

done_testing
