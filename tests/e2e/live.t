#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Live connections of each backend: right whatever began them and whatever ended them. lib.sh's LAN.
. "$(dirname "$0")/lib.sh"

# live BACKEND...: how many each has, in $counts
live()
{
	counts=
	local b
	for b in "$@"; do counts+="${counts:+ }$(<"$sys/$b/live")"; done
}

# becomes EXPECTED NAME BACKEND...
becomes()
{
	local expected=$1 name=$2
	shift 2
	poll "live $*; [ \"\$counts\" = '$expected' ]"
	is "$counts" "$expected" "$name"
}

services='service s tcp 10.0.0.1:25
backend s/b1 192.168.0.1 mark 1
backend s/b2 192.168.0.2 mark 2
service s6 tcp [2001:db8::1]:25
backend s6/b1 fd00::1 mark 5
service u udp 10.0.0.1:25
backend u/b1 192.168.0.1 mark 3
backend u/b2 192.168.0.2 mark 4'

load
lan 2
serve b1 25
serve b2 25
configure "$services"

# --- beginnings and ends that packets show ---
hold tcp client -c 6 10.0.0.1 25
live s/b1 s/b2
is "$counts $(field 'service s' live) $(<$sys/s/service/live)" "3 3 6 6" "six connections"
hold six client -c 2 2001:db8::1 25
becomes 2 "two over IPv6" s6/b1
ask tcp "close 0"
becomes "2 3" "one closed, as soon as both sides have sent FIN" s/b1 s/b2
ask tcp "reset 1"
becomes "2 2" "one reset" s/b1 s/b2
ask six "reset 0"
becomes 1 "over IPv6, too" s6/b1
is "$(conntrack -L -p tcp --orig-port-dst 25 2>/dev/null | grep -c 'TIME_WAIT\|CLOSE')" 3 "their entries are still there"
is "$(call -c 10 10.0.0.1 25)" "b1=5 b2=5" "ten short ones"
becomes "2 2" "leave nothing" s/b1 s/b2

# --- ends that no packet shows ---
ok "entries deleted" conntrack -D -p tcp --orig-port-dst 25 --reply-src 192.168.0.2 --state ESTABLISHED
becomes "2 0" "are counted no more" s/b1 s/b2
hold udp client -u -c 4 10.0.0.1 25
live u/b1 u/b2
is "$counts" "2 2" "four UDP flows"
settings net/netfilter/nf_conntrack_udp_timeout=1 net/netfilter/nf_conntrack_udp_timeout_stream=1
ask udp
becomes "0 0" "until they time out" u/b1 u/b2
is "$(field 'backend s/b1' live) $(field 'service u' live)" "2 0" "TCP is not touched by that; status says the same"

# --- beginnings that no packet shows ---
# What conntrackd does with an entry of the other gateway: the NAT is stated apart from the tuples.
inject()
{
	ok "an entry made by hand, $2" conntrack -I -p tcp -s 10.0.0.9 -d 10.0.0.1 --sport "$1" --dport 25 --dst-nat 192.168.0.2 \
		--state "$2" -u SEEN_REPLY,ASSURED -t 300 -m 2
}
inject 7001 ESTABLISHED
inject 7002 ESTABLISHED
inject 7003 TIME_WAIT
becomes "2 2" "entries that another program made; not one that is over" s/b1 s/b2
conntrack -D -p tcp --sport 7001 >/dev/null 2>&1
becomes "2 1" "and deleted" s/b1 s/b2

# --- who else has the mark ---
ok "its mark changed" conntrack -U -p tcp -s 10.0.0.9 --sport 7002 -m 9
becomes "2 0" "a connection that lost its mark is nobody's" s/b1 s/b2
ok "the mark of a backend with another address" conntrack -U -p tcp -s 10.0.0.9 --sport 7002 -m 1
becomes "2 0" "nor is one with the mark of a backend that it does not go to" s/b1 s/b2

# --- the module and the services come again ---
configure flush
configure "$services"
becomes "2 0" "services stated anew: their old connections count" s/b1 s/b2
unload
load
configure "$services"
becomes "2 0 1" "the same with the module loaded anew" s/b1 s/b2 s6/b1
ask tcp "close 2"
is "$answer" "close reset close b2 b1 b2" "one of them closes"
ask tcp "reset 4"
becomes "0 0" "and is gone, like one that resets" s/b1 s/b2
# --- connections that a firewall behind us drops ---
# They were given to a backend and never get there: no place is taken, however many come.
configure "replace; service s tcp 10.0.0.1:25 on-empty drop
backend s/b1 192.168.0.1 max-conns 3
backend s/b2 192.168.0.2 max-conns 3"
nft 'table inet t {
	chain c { type filter hook forward priority 0; ip saddr 10.0.0.8 tcp dport 25 drop; }
}'
in_netns client <<<"address add 10.0.0.8/24 dev eth0"
call -c 20 -w 50 -s 10.0.0.8 10.0.0.1 25 >"$tmp/null"
before=$(field 'service s' chosen)
isnt "$before" 0 "connections of a client that the firewall drops are given to backends"
live s/b1 s/b2
is "$counts" "0 0" "and are not live"
hold honest client -c 6 10.0.0.1 25
like "$answer" '^b[12]( b[12]){5}$' "six others get all the places that there are"
live s/b1 s/b2
is "$counts $(field 'service s' full)" "3 3 0" "and nobody was told that there is none"
call -w 50 10.0.0.1 25 >"$tmp/null"
isnt "$(field 'service s' full)" 0 "a seventh is"
nft delete table inet t

done_testing
