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

# --- routes of our own ---
configure "replace
service on tcp 10.0.0.1:26 snat on; backend on/b1 192.168.0.1:25
service on6 tcp [2001:db8::1]:26 snat on; backend on6/b1 [fd00::1]:25
service auto tcp 10.0.0.1:27 snat auto; backend auto/b1 192.168.0.1:25
service auto6 tcp [2001:db8::1]:27 snat auto; backend auto6/b1 [fd00::1]:25
service none tcp 10.0.0.1:28; backend none/b1 192.168.0.1 state down
service none6 tcp [2001:db8::1]:28; backend none6/b1 fd00::1 state down
service udp udp 10.0.0.1:28; backend udp/b1 192.168.0.1 state down
service udp6 udp [2001:db8::1]:28; backend udp6/b1 fd00::1 state down"
is "$(call -w 2000 -f 3 10.0.0.1 26) $(call -w 2000 -f 3 2001:db8::1 26)" "192.168.0.254=1 fd00::fe=1" "snat on: the gateway's address in the VRF"
is "$(call -w 2000 -f 3 10.0.0.1 27) $(call -w 2000 -f 3 2001:db8::1 27)" "10.0.0.9=1 2001:db8::9=1" "snat auto: not where replies come back"
is "$(agent -n b2 call -w 2000 -f 3 10.0.0.1 27) $(agent -n b2 call -w 2000 -f 3 2001:db8::1 27)" "192.168.0.254=1 fd00::fe=1" \
	"snat auto: for a client on the LAN of the backend"
is "$(call -w 2000 10.0.0.1 28) $(call -w 2000 2001:db8::1 28)" "ECONNREFUSED=1 ECONNREFUSED=1" "no backend: refused, not silent"
is "$(call -u -w 2000 10.0.0.1 28) $(call -u -w 2000 2001:db8::1 28)" "ECONNREFUSED=1 ECONNREFUSED=1" "UDP likewise"
for vip in 10.0.0.1:26 '[2001:db8::1]:26'; do
	client=10.0.0.9:5
	[[ $vip != *db8* ]] || client='[2001:db8::9]:5'
	like "$("$vipctl" explain tcp "$client" "$vip" dev wan | sed -n 1p)" "^service on6?: (backend b1|a backend by chance)" "explain: a backend in the VRF"
done
is "$("$vipctl" explain tcp 10.0.0.9:5 10.0.0.1:26 dev wan | grep -c 'no route')" 0 "explain: with a route"

# Clients in a VRF, backends beside it: routes that lead out of the VRF and back.
ip link set lan nomaster
ip address replace fd00::fe/64 dev lan nodad
like "$(call -w 300 10.0.0.1 26) $(field 'service on' no-route)" "^timeout=1 [1-9]" "a backend beside the VRF: no route, which is counted"
ip route add vrf red 192.168.0.0/24 dev lan
ip route add 10.0.0.0/24 dev wan
like "$(call -w 2000 -f 3 10.0.0.1 26)" "^(10.0.0|192.168.0).254=1$" "with routes between both it works"

done_testing
