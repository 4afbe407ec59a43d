#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Beside the kernel's SYNPROXY: it answers for the VIP, and a backend sees a connection when the client has shown that it
# exists. VIPs are the gateway's, or nobody's that are routed through it. The network is that of lib.sh.
. "$(dirname "$0")/lib.sh"

load
lan 2
# Without a route to a VIP there is no packet that could be balanced.
ip -batch - <<-END
	route add 10.1.0.0/16 via 10.0.0.9
	route add 2001:db8:1::/48 via 2001:db8::9
END
serve b1 25
serve b2 25
configure 'service a tcp 10.0.0.1:25 ; backend a/b1 192.168.0.1 ; backend a/b2 192.168.0.2
service b tcp 10.1.0.1:25 ; backend b/b1 192.168.0.1 ; backend b/b2 192.168.0.2
service c tcp [2001:db8::1]:25 ; backend c/b1 fd00::1 ; backend c/b2 fd00::2
service d tcp [2001:db8:1::1]:25 ; backend d/b1 fd00::1 ; backend d/b2 fd00::2
service snat tcp 10.0.0.1:26 snat on ; backend snat/b1 192.168.0.1:25
service dev tcp 10.0.0.1:27 dev wan ; backend dev/b1 192.168.0.1:25'

# As its manual has it: the SYN is not tracked, the acknowledgement that follows is unknown.
settings net/netfilter/nf_conntrack_tcp_loose=0
nft 'table inet syn {
	counter answered { }
	chain raw {
		type filter hook prerouting priority raw
		iifname wan tcp dport 25-27 tcp flags & (fin|syn|rst|ack) == syn notrack
	}
	chain proxy {
		tcp dport 25-27 ct state invalid,untracked counter name answered synproxy mss 1460 wscale 7 timestamp sack-perm
		ct state invalid drop
	}
	chain in { type filter hook input priority filter; iifname wan jump proxy; }
	chain forward { type filter hook forward priority filter; iifname wan jump proxy; }
}' || bail "no synproxy"

while read -r service vip; do
	is "$(call -c 4 "$vip" 25)" "b1=2 b2=2" "$vip: balanced behind the proxy"
	hold bulk client "$vip" 25
	ask bulk "get 200000"
	is "$answer" 200000 "$vip: 200000 bytes from the backend"
	ask bulk "put 200000"
	is "$answer" 200000 "$vip: and to it"
	is "$(field "service $service" chosen)" 5 "$vip: each connection was counted once"
done <<<"a 10.0.0.1
b 10.1.0.1
c 2001:db8::1
d 2001:db8:1::1"
is "$(call -f 3 10.0.0.1 25)" "10.0.0.9=1" "the backend sees the client"
is "$(call -f 3 10.0.0.1 26)" "192.168.0.254=1" "or the gateway, with snat on"
call -w 300 10.0.0.1 27 >/dev/null
is "$(field 'service dev' chosen)" 0 "not a service with dev: the gateway itself makes the connection"
isnt "$(nft list counter inet syn answered | grep -c 'packets 0 ')" 1 "it was the proxy that answered"

# A client that comes again from the port of a connection that it has lost, after the backend went down. The proxy sees
# what conntrack calls invalid.
configure 'set service a window strict; set service c window strict'
while read -r service vip; do
	hold "lost$service" client -w 5000 -p 4000 "$vip" 25
	down=$answer
	ip netns exec client nft 'table inet mute { chain out { type filter hook output priority 0; tcp flags rst drop; }; }'
	ask "lost$service" "reset 0"
	ip netns exec client nft delete table inet mute
	echo 0 >"$sys/$service/$down/up"
	hold "again$service" client -w 5000 -p 4000 "$vip" 25
	is "$answer" "b$((3 - ${down#b}))" "$vip: a port that is used again gets the other backend"
	ask "again$service" "get 200000"
	is "$answer" 200000 "$vip: and its bytes"
	echo 1 >"$sys/$service/$down/up"
done <<<"a 10.0.0.1
c 2001:db8::1"

# A client that never acknowledges anything, as one that does not exist.
nft reset counter inet syn answered >/dev/null
ip netns exec client nft 'table inet mute { chain out { type filter hook output priority filter; tcp flags & (syn|ack) == ack drop; }; }'
before="$(field 'service a' chosen) $(field 'service b' chosen) $(field 'service c' chosen)"
for vip in 10.0.0.1 10.1.0.1 2001:db8::1; do call -w 50 -c 10 $vip 25 >/dev/null; done
is "$(field 'service a' chosen) $(field 'service b' chosen) $(field 'service c' chosen)" "$before" \
	"a flood: no connection to a backend"
[[ $(nft list counter inet syn answered) =~ packets\ ([0-9]+) ]]
within "${BASH_REMATCH[1]}" 30 1000 "all of it met the proxy"

done_testing
