#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A gateway whose interfaces belong to a VRF: a packet passes PREROUTING once as one of its interface and once as one of
# the VRF, and conntrack's NAT decides the first time. lib.sh's LAN.
. "$(dirname "$0")/lib.sh"

load
lan 2
if ! ip link add red type vrf table 10 2>"$tmp/said"; then
	echo "1..0 # SKIP this kernel has no VRF; Debian's have"
	exit 0
fi
ip -batch - <<-END || bail "no VRF"
	link set red up
	route add table 10 unreachable default metric 4278198272
	link set wan master red
	link set lan master red
	address replace 2001:db8::fe/64 dev wan nodad
	address replace 2001:db8::1/128 dev wan nodad
	address replace fd00::fe/64 dev lan nodad
END
serve b1 25
serve b2 25

# counts SERVICE: packets in and out
counts() { echo "$(field "service $1" packets-in) $(field "service $1" packets-out)"; }

# dev: of the interface, of the VRF, of none; and a VIP that is none of the gateway's addresses
for dev in wan red -; do
	configure "replace
service u udp 10.9.0.1:25 accounting on
backend u/b1 192.168.0.1
service u6 udp [2001:db8:9::1]:25 accounting on
backend u6/b1 fd00::1
service t tcp 10.0.0.1:25 accounting on
backend t/b1 192.168.0.1
backend t/b2 192.168.0.2
set service u dev $dev; set service u6 dev $dev; set service t dev $dev"
	for rules in none nat; do
		[ $rules = none ] || nft 'table inet nat { chain p { type nat hook prerouting priority dstnat; }; }'
		before=$(counts u) before6=$(counts u6)
		is "$(call -u 10.9.0.1 25) $(call -u 2001:db8:9::1 25)" "b1=1 b1=1" "dev $dev, rules $rules: UDP"
		is "$(counts u) $(counts u6)" "$((${before% *} + 1)) $((${before#* } + 1)) $((${before6% *} + 1)) $((${before6#* } + 1))" \
			"dev $dev, rules $rules: one packet there and one back are one of each"
		is "$(call -c 2 10.0.0.1 25 | tr ' ' '\n' | sort | xargs)" "b1=1 b2=1" "dev $dev, rules $rules: TCP, to an address of the gateway"
	done
	nft delete table inet nat
done
configure 'replace; service t tcp 10.0.0.1:25 dev lan; backend t/b1 192.168.0.1'
like "$(call 10.0.0.1 25)" "^ECONNREFUSED=1$" "another interface of the VRF is another one"
configure 'replace; service any tcp 10.0.0.1:25; backend any/b1 192.168.0.1
service vrf tcp 10.0.0.1:25 dev red; backend vrf/b2 192.168.0.2'
is "$(call 10.0.0.1 25)" "b2=1" "the VRF's goes before that of every interface"
configure 'service wan tcp 10.0.0.1:25 dev wan; backend wan/b1 192.168.0.1'
is "$(call 10.0.0.1 25) $(field 'service wan' chosen)" "b1=1 1" "and the interface's before the VRF's"

done_testing
