#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A client that connects again from the port of an old connection, which it has lost without a word: fixed source ports, a
# host that was switched off. While the old backend is out of service the SYN begins a new connection, whatever on-down
# says; else it goes to the old backend, or a forged one would end live sessions. lib.sh's LAN; b1 has everything while it
# may be chosen, b2 (tier 2) takes the rest.
. "$(dirname "$0")/lib.sh"

# The client's resets and aborts are lost.
mute() { ip netns exec client nft 'table inet mute { chain out { type filter hook output priority 0; tcp flags rst drop; meta l4proto sctp drop; }; }'; }
unmute() { ip netns exec client nft delete table inet mute; }

# lose TAG ARGS...: a connection to b1, as of peer hold, whose end nobody on the way hears of
lose()
{
	hold "$@"
	is "$answer" b1 "$1: a connection to b1"
	mute
	ask "$1" "reset 0"
	unmute
}

# die, live: b1 hears nothing any more, or does
die() { ip netns exec b1 nft 'table inet dead { chain in { type filter hook input priority 0; drop; }; }'; }
live() { ip netns exec b1 nft delete table inet dead; }

# both FILE TEXT: into that of both families' services
both() { for s in t t6; do echo "$2" >"$sys/$s/$1"; done; }

load
lan 2
serve b1 25
serve b2 25 26
configure 'service t tcp 10.0.0.1:25-26 eject 1 600 600 eject-clients 1
backend t/b1 192.168.0.1 condition again
backend t/b2 192.168.0.2 tier 2
service t6 tcp [2001:db8::1]:25-26 eject 1 600 600 eject-clients 1
backend t6/b1 fd00::1 condition again
backend t6/b2 fd00::2 tier 2'

# again NAME PORT: both connections of that port, lost before, are begun again at b2, and counted there
again()
{
	local before after
	before="$(<$sys/t/b1/live) $(<$sys/t6/b1/live)"
	is "$(call -p "$2" 10.0.0.1 25) $(call -p "$2" 2001:db8::1 25)" "b2=1 b2=1" "$1: the same port gets another backend"
	after="$(($(<$sys/t/b1/live) + 1)) $(($(<$sys/t6/b1/live) + 1))"
	is "$after" "$before" "$1: and is b1's no more"
}

port=4000
# lost: two of a new port
lost()
{
	port=$((port + 1))
	lose "l$port" client -p $port 10.0.0.1 25
	lose "m$port" client -p $port 2001:db8::1 25
}

for on_down in keep reset move; do
	both service/on_down_tcp $on_down
	lost
	die
	both b1/up 0
	again "on-down-tcp $on_down, up 0" $port
	live
	both b1/up 1
done

# --- a reset connection, whose entry waits for what is still on the way ---
both service/on_down_tcp reset
port=$((port + 1))
hold grave client -p $port 10.0.0.1 25
hold grave6 client -p $port 2001:db8::1 25
die
both b1/up 0
ask grave
is "${answer##* }" ECONNRESET "an old connection is reset"
ask grave6
is "${answer##* }" ECONNRESET "that of IPv6, too"
is "$(call -p $port 10.0.0.1 25) $(call -p $port 2001:db8::1 25)" "b2=1 b2=1" "its port is free at once"
live
both b1/up 1
both service/on_down_tcp keep

# --- each way to be out of service ---
lost
die
both b1/state down
again "state down" $port
live
both b1/state up
lost
die
echo 1 >$cond/again
again "its flag" $port
live
echo 0 >$cond/again

# --- ejected, for a port that b1 does not serve ---
lost
is "$(call 10.0.0.1 26) $(call 2001:db8::1 26)" "b2=1 b2=1" "b1 refuses port 26"
# shellcheck disable=SC2016	# as of then
ok "and is ejected" poll '[ "$(<$sys/t/b1/ejected)" != 0 ] && [ "$(<$sys/t6/b1/ejected)" != 0 ]'
die
again ejected $port
live
port=$((port + 1))
both b1/ejected 0
hold stays client -p $port 10.0.0.1 25
is "$(call 10.0.0.1 26) $answer" "b2=1 b1" "ejected again"
ask stays
is "$answer" b1 "what it has goes on"

# --- b1 is in service, or answers for itself: a SYN that somebody else has made ends nothing ---
forged() { ip netns exec client "$HERE/syn.py" 10.0.0.9 $port 10.0.0.1 25; }
survives()
{
	forged
	ask stays
	is "$answer $(<$sys/t/b1/live)" "b1 $count" "$1: the session goes on"
}
# What is left of those before would be counted.
count=$(<$sys/t/b1/live)
survives "ejected, but alive"
# What the client sends between them would be answered, too; so it says nothing until the last. Linux answers such SYNs
# twice a second, if as often.
for gap in 0 2 2; do
	forged
	later=$((SECONDS + gap))
	poll "[ \$SECONDS -ge $later ]"
done
survives "and four of them, with pauses"
echo drain >$sys/t/b1/state
die
for ((i = 0; i < 4; i++)); do
	forged
	later=$((SECONDS + 2))
	poll "[ \$SECONDS -ge $later ]"
done
live
survives "ejected, and drained, and mute for a while"
echo up >$sys/t/b1/state
both b1/ejected 0
survives "in service"
for wish in state:drain weight:0 tier:3 max_conns:1; do
	before=$(<"$sys/t/b1/${wish%:*}")
	echo "${wish#*:}" >"$sys/t/b1/${wish%:*}"
	survives "${wish/:/ }"
	echo "$before" >"$sys/t/b1/${wish%:*}"
done
configure 'set service t min-live 2'
echo 0 >$sys/t/b1/up
is "$(<$sys/t/b1/usable)" 1 "down, but in use because of min-live"
survives "min-live"
is "$(config 'set service t min-live 0')" ok "none"

# --- data of the old connection is no SYN ---
ask stays
is "$answer" b1 "down: on-down-tcp keep"
echo 0 >$sys/t/b2/up
survives "down, and nobody else is there"
echo 1 >$sys/t/b2/up
forged
ok "but the same SYN is one that works" poll "[ $((count - 1)) = \$(<$sys/t/b1/live) ]"
echo 1 >$sys/t/b1/up

# --- SCTP ---
if modprobe sctp 2>/dev/null; then
	for b in b1 b2; do agent_do -n $b serve -S $b 25; done
	configure 'service s sctp 10.0.0.1:25
	backend s/b1 192.168.0.1
	backend s/b2 192.168.0.2 tier 2'
	lose s client -S -p 4100 10.0.0.1 25
	die
	echo 0 >$sys/s/b1/up
	is "$(call -S -p 4100 10.0.0.1 25)" "b2=1" "an INIT is a new association"
	live
fi

ok "unloaded" unload
done_testing
