#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What takes a backend out of the choice and back in: state, health, the flag. It holds from the very next connection;
# those that exist stay. What a new connection meets when nobody is left. lib.sh's LAN, four services:
#
#    client ------ gateway ------ b1, b2          t (TCP), u (UDP), t6 and u6 (the same over IPv6)
. "$(dirname "$0")/lib.sh"

# next N: who gets so many connections of service t
next() { call -c "$1" 10.0.0.1 25; }

load
lan 2
serve b1 25
serve b2 25
# One flag for b1 wherever it is: four backends name it.
configure 'service t tcp 10.0.0.1:25
service u udp 10.0.0.1:25 on-down-udp keep
service t6 tcp [2001:db8::1]:25
service u6 udp [2001:db8::1]:25 on-down-udp keep
backend t/b1 192.168.0.1 condition b1up
backend t/b2 192.168.0.2
backend u/b1 192.168.0.1 condition b1up
backend u/b2 192.168.0.2
backend t6/b1 fd00::1 condition b1up
backend t6/b2 fd00::2
backend u6/b1 fd00::1 condition b1up
backend u6/b2 fd00::2'

is "$(<$sys/t/b1/state) $(<$sys/t/b1/up) $(<$cond/b1up) $(<$sys/t/b1/usable)" "up 1 0 1" "alive by default"
is "$(next 4)" "b1=2 b2=2" "half and half"
hold tcp client -c 2 10.0.0.1 25
is "$answer" "b1 b2" "two TCP connections stay"
hold udp client -u -c 2 10.0.0.1 25
is "$answer" "b1 b2" "two UDP flows stay"

# --- each of the three takes it out, and in again ---
for i in state:drain:up state:down:up up:0:1; do
	IFS=: read -r file dead alive <<<"$i"
	path=$sys/t/b1/$file
	is "$(put "$path" "$dead") $(<"$path") $(<$sys/t/b1/usable)" "ok $dead 0" "$file $dead"
	is "$(next 3)" "b2=3" "nothing new for b1"
	ask tcp
	is "$answer" "b1 b2" "what it has stays"
	is "$(put "$path" "$alive") $(<"$path") $(<$sys/t/b1/usable)" "ok $alive 1" "$file $alive"
	is "$(next 4)" "b1=2 b2=2" "half and half again"
done

# --- the flag, which four backends name ---
is "$(put $cond/b1up 1) $(<$cond/b1up)" "ok 1" "flag 1"
is "$(next 3) $(call -u -c 3 10.0.0.1 25)" "b2=3 b2=3" "nothing new for b1, TCP or UDP"
is "$(call -c 3 2001:db8::1 25) $(call -u -c 3 2001:db8::1 25)" "b2=3 b2=3" "nor over IPv6"
is "$(field 'backend u6/b1' condition) $(field 'backend u6/b1' usable)" "b1up:1 0" "status tells"
ask tcp
is "$answer" "b1 b2" "TCP connections stay"
ask udp
is "$answer" "b1 b2" "UDP flows stay"
for text in x '' 2 ' 0'; do
	is "$(put $cond/b1up "$text") $(<$cond/b1up)" "ok 1" "the flag takes '$text' and ignores it"
done
is "$(put $cond/b1up 0junk) $(<$cond/b1up)" "ok 0" "only the first byte counts"
is "$(next 4) $(call -u -c 2 10.0.0.1 25)" "b1=2 b2=2 b1=1 b2=1" "b1 is back in all of them"
is "$(call -c 4 2001:db8::1 25) $(call -u -c 2 2001:db8::1 25)" "b1=2 b2=2 b1=1 b2=1" "over IPv6, too"

# --- all three at once: it takes all three to bring it back ---
echo drain >$sys/t/b1/state
echo 0 >$sys/t/b1/up
echo 1 >$cond/b1up
echo up >$sys/t/b1/state
is "$(next 2)" "b2=2" "state is up again, that is not enough"
echo 0 >$cond/b1up
is "$(next 2)" "b2=2" "nor is the flag"
echo 1 >$sys/t/b1/up
is "$(next 2)" "b1=1 b2=1" "and up makes three"

# --- nobody is left ---
# What the gateway itself would answer, where a service says "accept".
agent serve gateway 25 >"$tmp/gateway"
for i in t:: u:-u: t6::2001:db8::1 u6:-u:2001:db8::1; do
	IFS=: read -r s udp vip <<<"$i"
	vip=${vip:-10.0.0.1}
	echo down >"$sys/$s/b1/state"
	echo 0 >"$sys/$s/b2/up"
	# shellcheck disable=SC2086	# no word, or one
	{
		is "$(call $udp -c 2 "$vip" 25)" "ECONNREFUSED=2" "$s: refused by default"
		is "$(put "$sys/$s/service/on_empty" drop) $(call $udp -c 2 -w 200 "$vip" 25)" "ok timeout=2" "$s: dropped"
		is "$(put "$sys/$s/service/on_empty" accept) $(call $udp -c 2 "$vip" 25)" "ok gateway=2" \
			"$s: accepted, the gateway answers"
		is "$(put "$sys/$s/service/on_empty" reject) $(call $udp -c 2 "$vip" 25)" "ok ECONNREFUSED=2" "$s: refused again"
		within "$(field "service $s" empty)" 8 12 "$s: counted"
		echo 1 >"$sys/$s/b2/up"
		is "$(call $udp -c 2 "$vip" 25)" "b2=2" "$s: comes back with its first backend"
	}
	echo up >"$sys/$s/b1/state"
done
ask tcp
is "$answer" "b1 b2" "the first TCP connections outlived it all"
ask udp
is "$answer" "b1 b2" "and the UDP flows"

# A client that went past while nobody was left does not stay past: its port is the same all the time.
configure 'service u udp 10.0.0.1:25 on-empty accept'
echo down >$sys/u/b1/state
echo down >$sys/u/b2/state
is "$(call -u -p 4000 10.0.0.1 25)" "gateway=1" "a UDP client goes past"
echo up >$sys/u/b2/state
ok "and is balanced when a backend is back" poll "[ \$(call -u -p 4000 10.0.0.1 25) = b2=1 ]"

# --- refused writes change nothing ---
before=$(state)
for i in state:UP:EINVAL state::EINVAL "state:up down:EINVAL" state:upx:EINVAL up:2:EINVAL up:-1:EINVAL up::EINVAL \
	up:yes:EINVAL weight:1001:ERANGE weight:99999999999999999999:ERANGE weight:-1:EINVAL weight:x:EINVAL \
	weight:1.5:EINVAL "weight:1 2:EINVAL" weight::EINVAL address:192.168.0.9:EACCES chosen:0:EACCES \
	../service/scheduler:rr:EINVAL ../service/on_empty:maybe:EINVAL; do
	IFS=: read -r file text errno <<<"$i"
	is "$(put "$sys/t/b1/$file" "$text")" "$errno" "$file refuses '$text'"
done
is "$("$peer" write $sys/t/b1/up < <(printf %5000s 1))" EINVAL "up refuses 5000 bytes"
is "$(printf 'drain' | "$peer" write $sys/t/b1/state)" ok "a newline is not needed"
echo up >$sys/t/b1/state
after=$(state)
is "${after#*services=}" "${before#*services=}" "nothing changed"

done_testing
