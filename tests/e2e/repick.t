#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# repick: a UDP flow that nobody answers is balanced anew, however busy it is; one that is answered is left alone. lib.sh's
# LAN; b1 is silent, b2 answers.
. "$(dirname "$0")/lib.sh"

load
lan 2
serve b2 53 54
# Silence, not an ICMP error.
ip netns exec b1 nft 'add table inet t; add chain inet t in { type filter hook input priority 0; }
	add rule inet t in meta l4proto udp drop' || bail "nft refuses"
configure 'service s udp 10.0.0.1:53 repick 1; backend s/b1 192.168.0.1; backend s/b2 192.168.0.2
service slow udp 10.0.0.1:55 repick 100; backend slow/b1 192.168.0.1
service never udp 10.0.0.1:54; backend never/b1 192.168.0.1; backend never/b2 192.168.0.2'

settings net/netfilter/nf_conntrack_udp_timeout=600 net/netfilter/nf_conntrack_udp_timeout_stream=600

# left PORT: seconds that are left to the conntrack entry of this port of the client
# shellcheck disable=SC2086	# words
left() { conntrack -L -p udp --sport $1 2>"$tmp/null" | awk '{ print $3 }'; }

# --- never answered ---
# Sends again and again from one port: each datagram would renew the entry. nth gives it b1, and then b2.
wait=$((50 * SLOW))
ok "a flow without answers gets another backend, though it never pauses" \
	poll "[ \"\$(call -u -w $wait -p 4000 10.0.0.1 53)\" = b2=1 ]"
is "$(field 'backend s/b1' chosen) $(field 'backend s/b2' chosen)" "1 1" "it was balanced twice"
call -u -w $wait -p 4001 10.0.0.1 55 >"$tmp/null"
call -u -w $wait -p 4001 10.0.0.1 54 >"$tmp/null"
within "$(left '4001 --dport 55')" 1 100 "conntrack gives it the time"
within "$(left '4001 --dport 54')" 101 600 "and without repick as long as any"

# --- answered ---
within "$(left 4000)" 101 600 "a flow that is answered has an ordinary timeout from then on"
ok "longer than a second" poll "[ \$(left 4000) -le 598 ]"
is "$(call -u -p 4000 10.0.0.1 53) $(field 'service s' chosen)" "b2=1 2" "it is where it was"
within "$(left 4000)" 101 600 "with a timeout that packets renew"

# --- beside the fast path ---
configure 'delete backend never/b2'
ok "the fast path" "$vipctl" fastpath wan lan
for i in 1 2 3; do call -u -w $wait -p 4003 10.0.0.1 54 >"$tmp/null"; done
is "$(conntrack -L -p udp --sport 4003 2>"$tmp/null" | grep -c OFFLOAD)" 0 "a flow without answers stays out of it"
call -u -d 3 -p 4000 10.0.0.1 53 >"$tmp/null"
is "$(conntrack -L -p udp --sport 4000 2>"$tmp/null" | grep -c OFFLOAD)" 1 "an answered one gets into it"
done_testing
