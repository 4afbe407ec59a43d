#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What is for a service and what is not: address, protocol, port, and the interface if it names one. lib.sh's LAN and
# a second client behind an interface of its own:
#
#    client 10.0.0.9 ---- wan
#                             gateway ------ b1, b2
#    other  10.2.0.9 ---- side
. "$(dirname "$0")/lib.sh"

other() { agent -n other call "$@"; }
# here ARGS...: a client on the gateway
here() { agent call "$@"; }
# rename FROM TO: an interface; Linux 6.1 wants it to be down
rename()
{
	printf '%s\n' "link set $1 down" "link set $1 name $2" "link set $2 up" | ip -batch - || bail "cannot rename $1"
}

load
lan 2
node other
echo "link add side type veth peer name eth0 netns other
link set side up
address add 10.2.0.254/24 dev side
address add 2001:db8:2::fe/64 dev side" | ip -batch - || bail "the second client"
ends other 10.2.0.9/24 10.2.0.254 2001:db8:2::9/64 2001:db8:2::fe
serve b1 25 26
serve b2 25 26
agent serve gateway 25 26 >$tmp/pid

# --- address, protocol, port ---
configure 'service s tcp 10.0.0.1:25
backend s/b1 192.168.0.1'
is "$(call 10.0.0.1 25)" b1=1 "the VIP"
is "$(call 10.0.0.254 25)" gateway=1 "not another address of the gateway"
is "$(call 10.0.0.1 26)" gateway=1 "not another port of it"
is "$(call -u 10.0.0.1 25)" gateway=1 "not the other protocol"
is "$(call 2001:db8::1 25)" gateway=1 "not the other family"
is "$(call 192.168.0.2 25)" b2=1 "not what goes to a server directly"
is "$(field 'service s' chosen)" 1 "and only the one was counted"

# --- interface ---
configure 'replace
service w tcp 10.0.0.1:25 dev wan
backend w/b1 192.168.0.1
service w6 udp [2001:db8::1]:25 dev wan
backend w6/b1 fd00::1'
is "$(call 10.0.0.1 25) $(call -u 2001:db8::1 25)" "b1=1 b1=1" "dev wan: what comes in there"
is "$(other 10.0.0.1 25) $(other -u 2001:db8::1 25)" "gateway=1 gateway=1" "not what comes in elsewhere"
is "$(here 10.0.0.1 25)" gateway=1 "nor what the gateway sends itself"
configure 'service all tcp 10.0.0.1:25
backend all/b2 192.168.0.2'
is "$(call 10.0.0.1 25)" b1=1 "the same VIP without dev: wan's own service goes first"
is "$(other 10.0.0.1 25) $(here 10.0.0.1 25)" "b2=1 b2=1" "all others get the one without"
configure 'service s tcp 10.0.0.1:25 dev side
backend s/b1 192.168.0.1'
is "$(call 10.0.0.1 25) $(other 10.0.0.1 25) $(here 10.0.0.1 25)" "b1=1 b1=1 b2=1" "a third one, for another interface"
configure 'delete service w'
is "$(call 10.0.0.1 25) $(other 10.0.0.1 25)" "b2=1 b1=1" "without its own, wan gets the general one"

# --- an interface that is not there yet ---
configure 'replace
service l tcp 10.0.0.1:25 dev later
backend l/b1 192.168.0.1'
is "$(other 10.0.0.1 25)" gateway=1 "dev later: there is no such interface"
rename side later
is "$(other 10.0.0.1 25)" b1=1 "now there is"
hold stays other 10.0.0.1 25
rename later side
is "$(other 10.0.0.1 25)" gateway=1 "now it has another name"
ask stays
is "$answer" b1 "a connection stays"

# --- fragments ---
configure 'replace
service u udp 10.0.0.1:25
backend u/b1 192.168.0.1
backend u/b2 192.168.0.2:26
service u6 udp [2001:db8::1]:25
backend u6/b1 fd00::1
backend u6/b2 [fd00::2]:26'
is "$(call -u -g -b 20000 -c 4 10.0.0.1 25)" "b1=2 b2=2" "datagrams in fragments"
is "$(call -u -g -b 20000 -c 4 2001:db8::1 25)" "b1=2 b2=2" "over IPv6 as well"

done_testing
