#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What becomes of the connections of a backend that goes down. lib.sh's LAN; while b1 is up it has everything:
#
#    client ------ gateway ------ b1, b2 (tier 2)          t (TCP), u (UDP), t6 and u6 (the same over IPv6)
. "$(dirname "$0")/lib.sh"

# waits SERVICE: a connection of it that was not answered
waits() { [ "$(<"$sys/$1/b1/live")" = 1 ]; }

# lives SERVICE: live connections of b1 and b2, in $lives
lives() { lives="$(<"$sys/$1/b1/live") $(<"$sys/$1/b2/live")"; }

load
lan 2
serve b1 25
serve b2 25
configure 'service t tcp 10.0.0.1:25
backend t/b1 192.168.0.1 condition b1up
backend t/b2 192.168.0.2 tier 2
service u udp 10.0.0.1:25
backend u/b1 192.168.0.1
backend u/b2 192.168.0.2 tier 2
service t6 tcp [2001:db8::1]:25
backend t6/b1 fd00::1
backend t6/b2 fd00::2 tier 2
service u6 udp [2001:db8::1]:25
backend u6/b1 fd00::1
backend u6/b2 fd00::2 tier 2'

# --- a backend that is silent: it has no way back to the client ---
in_netns b1 <<-END
	route add blackhole 10.0.0.9
	route add blackhole 2001:db8::9
END

# One socket each, whose SYN is repeated until somebody answers.
for i in t:10.0.0.1 t6:2001:db8::1; do
	IFS=: read -r s vip <<<"$i"
	open_way "$s" "$peer" -n client hold "$vip" 25
	poll "waits $s"
	lives "$s"
	is "$lives" "1 0" "$s: a SYN that b1 does not answer"
	is "$(put "$sys/$s/b1/state" drain)" ok "$s: drain is not down"
done
echo 1 >$cond/b1up
echo 0 >$sys/t6/b1/up
for s in t t6; do
	read -r answer <&"${way_out["$s"]}"
	is "$answer" b2 "$s: down; the next SYN of the same socket reaches b2"
	lives "$s"
	is "$lives $(<$sys/$s/service/chosen)" "0 1 2" "$s: and is counted there"
	ask "$s"
	is "$answer" b2 "$s: the connection goes on"
done
for i in u:10.0.0.1 u6:2001:db8::1; do
	IFS=: read -r s vip <<<"$i"
	is "$(call -u -p 4000 -w 100 "$vip" 25)" "timeout=1" "$s: a datagram that b1 does not answer"
	echo drain >"$sys/$s/b1/state"
	is "$(call -u -p 4000 -w 100 "$vip" 25)" "timeout=1" "$s: drain is not down"
	echo down >"$sys/$s/b1/state"
	is "$(call -u -p 4000 "$vip" 25)" "b2=1" "$s: down; the next one of the same port reaches b2"
	lives "$s"
	is "$lives" "0 1" "$s: and is counted there"
done

# What rules gave the entry when it was new goes with the flow: bits of the mark that are not ours, and times of its own.
nft -f - <<-END || bail "no nft"
	table inet t {
		ct timeout long {
			protocol udp
			l3proto ip
			policy = { unreplied : 5000, replied : 6000 }
		}
		chain mangle {
			type filter hook prerouting priority mangle
			ip daddr 10.0.0.1 udp dport 25 ct state new ct timeout set "long"
			udp dport 25 ct state new ct mark set 0x70000
		}
	}
END
echo up >$sys/u/b1/state
is "$(call -u -p 4003 -w 100 10.0.0.1 25)" "timeout=1" "a datagram that rules mark"
nft delete chain inet t mangle
echo down >$sys/u/b1/state
is "$(call -u -p 4003 10.0.0.1 25)" "b2=1" "down; the next one reaches b2"
entry=$(conntrack -L -p udp --orig-port-src 4003 2>/dev/null)
[[ $entry =~ ^udp\ +17\ ([0-9]+)\ .*mark=([0-9]+) ]]
is "$((BASH_REMATCH[2] & 0xffff0000))" "$((0x70000))" "the mark's other bits are still there"
within "${BASH_REMATCH[1]}" 4000 6000 "and so is the time that the entry may have"
nft delete table inet t

# Conntrack's zone, and its helper, are what rules say that stand before.
nft -f - <<-END || bail "no nft"
	table inet t {
		chain pre {
			type filter hook prerouting priority raw
			udp dport 25 ct original zone set 7
		}
	}
END
echo up >$sys/u/b1/state
is "$(call -u -p 4001 -w 100 10.0.0.1 25)" "timeout=1" "a datagram in a zone"
echo down >$sys/u/b1/state
ok "one of the next ones reaches b2" poll "[ \$(call -u -p 4001 -w 100 10.0.0.1 25) = b2=1 ]"
is "$(conntrack -L -p udp --orig-port-src 4001 2>/dev/null | grep -c 'dst=10.0.0.1 .*zone-orig=7')" 1 "in the same zone"
nft delete table inet t

# Nobody is left: the client hears that, as any new one.
open_way nobody "$peer" -n client hold 10.0.0.1 25
read -r answer <&"${way_out[nobody]}"
is "$answer" b2 "a connection to b2"
for file in $sys/t/b1/state $sys/u/b1/state; do echo up >"$file"; done
echo 0 >$cond/b1up
open_way silent "$peer" -n client hold 10.0.0.1 25
poll "waits t"
echo 1 >$cond/b1up
echo 0 >$sys/t/b2/up
read -r answer <&"${way_out[silent]}"
is "$answer" ECONNREFUSED "a SYN that b1 does not answer is refused when nobody else is left"
ask nobody
is "$answer" b2 "an established connection stays"
echo 1 >$sys/t/b2/up
echo 0 >$cond/b1up
in_netns b1 <<-END
	route del blackhole 10.0.0.9
	route del blackhole 2001:db8::9
END

# --- established connections ---
# all FILE TEXT: to this file of every service
all() { for s in t u t6 u6; do echo "$2" >"$sys/$s/$1"; done; }

# open: a connection to b1 in each service, and two to b2, which nothing happens to; those of the time before end.
round=0
again() { ask "$1" "reset $((round - 1))"; ask "$1" "open 1"; }
open()
{
	local tag
	all b1/up 1
	all b1/state drain
	if [ $round -eq 0 ]; then
		hold other client 10.0.0.1 25
		hold other_u client -u 10.0.0.1 25
	else
		again other
		again other_u
	fi
	all b1/state up
	if [ $round -eq 0 ]; then
		hold t client 10.0.0.1 25
		hold u client -u 10.0.0.1 25
		hold t6 client 2001:db8::1 25
		hold u6 client -u 2001:db8::1 25
	else
		for tag in t u t6 u6; do again $tag; done
	fi
	round=$((round + 1))
}

# who: answers on the four connections
who()
{
	local s all=
	for s in t u t6 u6; do
		ask "$s"
		all+="${answer##* } "
	done
	who=${all% }
	ask other
	[ "${answer##* }" = b2 ] || who+=", and the other one: $answer"
	ask other_u
	[ "${answer##* }" = b2 ] || who+=", and the other flow: $answer"
}

# What the earlier ones left would be counted.
conntrack -F 2>/dev/null
is "$(<$sys/t/service/on_down_tcp) $(<$sys/t/service/on_down_udp)" "keep move" "the defaults: TCP stays, UDP moves"
open
who
is "$who" "b1 b1 b1 b1" "connections to b1"
all b1/state drain
who
is "$who" "b1 b1 b1 b1" "drain: all stay"
poll "lives u; [ \"\$lives\" = '1 1' ]"
chosen=$(<$sys/u/service/chosen)
all b1/up 0
who
is "$who" "b1 b2 b1 b2" "down: TCP stays, UDP moves"
lives u
is "$lives $(($(<$sys/u/service/chosen) - chosen))" "0 2 1" "and is counted where it is"
all b1/state up
all b1/up 1
who
is "$who" "b1 b2 b1 b2" "up again: nothing moves back"

all service/on_down_tcp reset
all service/on_down_udp keep
open
live=$(<$sys/t/b1/live)
all b1/up 0
who
is "$who" "ECONNRESET b1 ECONNRESET b1" "on-down-tcp reset, on-down-udp keep"
is "$(<$sys/t/b1/live)" $((live - 1)) "which is counted at once"
all b1/up 1
is "$(call 10.0.0.1 25) $(call 2001:db8::1 25)" "b1=1 b1=1" "up again: b1 gets new connections"

all service/on_down_udp reset
open
all b1/up 0
who
is "$who" "ECONNRESET ECONNREFUSED ECONNRESET ECONNREFUSED" "reset, both"
ask u
is "${answer##* }" b2 "the flow of a socket that goes on is a new one"

# Half of the way of "get": the server sends, its client only acknowledges. 1771 is its port.
sent() { echo $(($(</sys/class/net/wan/statistics/tx_bytes) - before)); }
known() { ip netns exec b1 grep -c ':1771 01 ' /proc/net/tcp6; }
all b1/up 1
hold get client -p $((0x1771)) 10.0.0.1 25
before=0
before=$(sent)
echo "get 2000000000" >&"${way_in[get]}"
poll "[ \$(sent) -gt 100000 ]"
is "$(known)" 1 "a client that only reads"
all b1/up 0
read -r answer <&"${way_out[get]}"
is "$answer" ECONNRESET "is reset as well"
ok "and so is b1" poll "[ \$(known) = 0 ]"

all service/on_down_tcp move
all service/on_down_udp move
open
chosen=$(<$sys/t/b2/chosen)
all b1/state down
who
is "$who" "ECONNRESET b2 ECONNRESET b2" "move, both: b2 does not know the TCP connection"
is "$(($(<$sys/t/b2/chosen) - chosen))" 1 "but had it"

open
all b2/up 0
all b1/up 0
who
is "$who" "b1 b1 b1 b1" "move, but there is no other: they stay"
all b2/up 1
who
is "$who" "ECONNRESET b2 ECONNRESET b2" "there is one again: they move"

for i in on_down_tcp:drop on_down_udp:; do
	is "$(put "$sys/t/service/${i%:*}" "${i#*:}")" EINVAL "$i is refused"
done

# The gateway's own.
all b1/state up
all b1/up 1
open_way own "$peer" hold -u 10.0.0.1 25
read -r answer <&"${way_out[own]}"
all b1/up 0
ask own
is "$answer" b2 "a flow of the gateway itself moves, too"

done_testing
