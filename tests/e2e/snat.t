#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Services whose backends see an address of the gateway: for clients on the backends' own LAN (auto), and for backends
# that have no way back to the client (on). The network is that of lib.sh; b4 has routes to the LAN only.
. "$(dirname "$0")/lib.sh"

load
lan 4
in_netns b4 <<-END
	route del default via 192.168.0.254
	route del default via fd00::fe
END
ip netns attach self $$ || bail "no name for the gateway"
serve b1 25
serve b4 25
self=$(agent serve gateway 27)
[[ $self =~ ^[0-9]+$ ]] || bail "no server on the gateway"

# services PORT OPTIONS BACKEND: on that port of the VIP, of both families and protocols; BACKEND is its last number
services()
{
	local proto
	for proto in tcp udp; do
		echo "service $proto$1 $proto 10.0.0.1:$1 $2 ; backend $proto$1/b 192.168.0.$3:${4-25}"
		echo "service ${proto}6$1 $proto [2001:db8::1]:$1 $2 ; backend ${proto}6$1/b [fd00::$3]:${4-25}"
	done
}
configure "$(services 100 'snat off' 1)
$(services 101 'snat auto' 1)
$(services 102 'snat on' 1)
$(services 200 'snat auto' 4)
$(services 201 'snat on' 4)
$(services 300 'snat on' 1 9)
$(services 400 'snat on' 254 27)
$(services 401 'snat auto' 254 27)
service other tcp 10.0.0.1:103 snat auto ; backend other/b 192.168.0.1:25
service nowhere tcp 10.0.0.1:104 snat on ; backend nowhere/b 203.0.113.1"
ip -batch - <<-END
	address add fd00::254/64 dev lan
	address add 192.168.0.253/24 dev lan
	address add fd00::253/64 dev lan
END

from() { agent -n "$1" call "${@:2}"; }
# Each kind of connection: name, options, VIP, how the gateway and the client look to a backend
kinds='TCP/IPv4 -f 10.0.0.1 192.168.0.254 10.0.0.9
UDP/IPv4 -uf 10.0.0.1 192.168.0.254 10.0.0.9
TCP/IPv6 -f 2001:db8::1 fd00::(fe|25[34]) 2001:db8::9
UDP/IPv6 -uf 2001:db8::1 fd00::(fe|25[34]) 2001:db8::9'

while read -r kind f vip gateway client; do
	# --- auto ---
	is "$(from b3 -w 300 "$f" 0 "$vip" 100)" "timeout=1" "$kind, off: a client on the backend's LAN gets no answer"
	like "$(from b3 "$f" 3 "$vip" 101)" "^$gateway=1$" "auto: it does, and the backend sees the gateway"
	like "$(from b1 "$f" 3 "$vip" 101)" "^$gateway=1$" "auto: so does a backend that is its own client"
	is "$(call "$f" 3 "$vip" 101)" "$client=1" "auto: other clients are seen as they are"
	is "$(call -w 300 "$f" 3 "$vip" 200)" "timeout=1" "auto: and a backend that has no way back to them has none"
	# --- on ---
	like "$(call "$f" 3 "$vip" 201)" "^$gateway=1$" "on: such a backend answers, and sees the gateway"
	like "$(from b3 "$f" 3 "$vip" 102) $(from b1 "$f" 3 "$vip" 102)" "^$gateway=1 $gateway=1$" \
		"on: clients on the LAN, and the backend itself, too"
	like "$(from self "$f" 3 "$vip" 102)" "^$gateway=1$" "on: the gateway is the client"
	is "$(from self "$f" 3 "$vip" 101)" "$vip=1" "auto: the gateway as a client needs no other address"
	is "$(call "$f" 0 "$vip" 400) $(call "$f" 3 "$vip" 401)" "gateway=1 $client=1" "the gateway is the backend"
done <<<"$kinds"
for vip in 10.0.0.1 2001:db8::1; do
	is "$(call -u -e $vip 300)" "ECONNREFUSED@$vip=1" "$vip, on: the backend's port unreachable comes from the VIP"
	hold bulk client $vip 201
	ask bulk "get 200000"
	is "$answer" 200000 "$vip, on: 200000 bytes from the backend"
	ask bulk "put 200000"
	is "$answer" 200000 "and to it"
done

# --- backends behind a router: b1, which has their address itself ---
in_netns b1 <<-END
	address add 192.168.7.1/32 dev lo
	address add fd00:7::1/128 dev lo
END
ip route add 192.168.7.1/32 via 192.168.0.1
ip route add fd00:7::1/128 via fd00::1
configure 'service r tcp 10.0.0.1:500 snat auto ; backend r/b 192.168.7.1:25
service r6 tcp [2001:db8::1]:500 snat auto ; backend r6/b [fd00:7::1]:25'
while read -r vip own gateway; do
	like "$(from b3 -f 3 "$vip" 500)" "^$gateway=1$" "$vip, auto: a client on one LAN with the router to the backend"
	like "$(from b1 -s "$own" -f 3 "$vip" 500)" "^$gateway=1$" "$vip, auto: a backend behind a router that is its own client"
done <<<"10.0.0.1 192.168.7.1 192.168.0.254
2001:db8::1 fd00:7::1 fd00::(fe|25[34])"
for own in 192.168.0.253 fd00::253 fd00::254 fd00::fe; do
	vip=10.0.0.1
	[[ $own != *:* ]] || vip=2001:db8::1
	is "$(from self -s $own -f 3 $vip 101)" "$own=1" "auto: an address of the gateway on the LAN stays as it is"
done

# --- source ports ---
# seen VIP-PORT: 64 connections in a row from ports 6000 to 6063, and the ports that the backend saw, in their order
seen()
{
	local words
	words=$(call -o -i -p 6000 -c 64 -f 4 10.0.0.1 "$1")
	read -r -a ports <<<"$words"
}
seen 102
read -r different next own low high < <(printf '%s\n' "${ports[@]}" | awk '
	{ different += !had[$1]++; own += $1 >= 6000 && $1 < 6064; low += $1 < 20000; high += $1 > 45000 }
	NR > 1 { next_to += $1 - last == 1 } { last = $1 }
	END { print different, next_to + 0, own + 0, low + 0, high + 0 }')
is "${#ports[@]} $different" "64 64" "on: 64 connections come from 64 ports"
within $((next + own)) 0 4 "which are not the clients', nor one after the other"
within $((low < high ? low : high)) 1 63 "but all over the place"
is "$(from b3 -p 5005 -f 4 10.0.0.1 101)" 5005=1 "auto: the client's port, if it is free"
hold first b3 -p 5006 -f 4 10.0.0.1 101
hold second b1 -p 5006 -f 4 10.0.0.1 101
isnt "$answer" 5006 "another if it is not"
hold third b3 -p 5006 -f 4 10.0.0.1 103
isnt "$answer" 5006 "another if the client uses it for two services"
ask first
is "$answer" 5006 "and the first connection goes on"

# What servers of NFS, lpd and rsh ask for: a client whose port is privileged stays one, in the kernel's ranges.
for u in '' u; do
	# shellcheck disable=SC2046	# ports
	is "$(printf '%s\n' $(call -oi${u} -p 504 -c 16 -f 4 10.0.0.1 102) | awk '
		{ print (!$1 ? "none" : $1 < 512 ? "low" : $1 >= 600 && $1 < 1024 ? "below 1024" : $1) }' | uniq -c | xargs)" \
		"8 low 8 below 1024" "on: a port below 512 becomes such a one, another below 1024 one from 600${u:+, UDP}"
	hold one$u b3 ${u:+-u} -p 700 -f 4 10.0.0.1 101
	is "$answer" 700 "auto: a port below 1024 is kept"
	hold two$u b1 ${u:+-u} -p 700 -f 4 10.0.0.1 101
	like "$answer" "^([6-9][0-9][0-9]|10[01][0-9]|102[0-3])$" "and if it is taken, becomes another below 1024"
	isnt "$answer" 700 "another"
	ask one$u "reset 0"
	ask two$u "reset 0"
done
# There are fewer of them than clients may have.
# shellcheck disable=SC2046	# ports
read -r none high < <(printf '%s\n' $(call -oiu -p 512 -c 512 -f 4 10.0.0.1 102) | awk '
	{ none += !$1; high += $1 >= 1024 } END { print none + 0, high + 0 }')
is "$none" 0 "on: 512 clients with such ports are all served"
within "$high" 88 400 "the last ones from other ports: there are 424"
hold three client -p 701 -f 4 10.0.0.1 100
hold four client -p 701 -f 4 10.0.0.1 103
like "$answer" "^([6-9][0-9][0-9]|10[01][0-9]|102[0-3])$" "one client of two services likewise"

# --- the route that is remembered is that of the connection's direction and interface ---
hold outside client -f 3 10.0.0.1 101
outside=
for tag in first outside second outside third; do
	ask $tag
	outside+=" $answer"
done
like "$outside" "^ 5006 10.0.0.9 [0-9]+ 10.0.0.9 [0-9]+$" "clients on both sides, in turn"
ip route replace 192.168.0.1/32 dev lan src 10.0.0.254
is "$(call -f 3 10.0.0.1 102)" 10.0.0.254=1 "the source that a route prefers"
ip route del 192.168.0.1/32
ip -6 route replace fd00::1/128 dev lan src 2001:db8::fe
is "$(call -f 3 2001:db8::1 102)" 2001:db8::fe=1 "of IPv6, too"
ip -6 route del fd00::1/128

# --- no route ---
is "$(call -w 300 10.0.0.1 104) $(field 'service nowhere' chosen)" "timeout=1 0" \
	"on: a backend without a route to it is not chosen"

# --- beside nf_nat ---
nft 'table inet nat {
	chain pre { type nat hook prerouting priority dstnat; }
	chain post {
		type nat hook postrouting priority srcnat
		tcp dport 25 ct original proto-dst 101 oifname lan snat ip to 192.168.0.252
	}
}'
ip address add 192.168.0.252/24 dev lan
is "$(from b3 -f 3 10.0.0.1 101)" 192.168.0.252=1 "a rule for the source of one service has its way"
is "$(from b3 -p 5007 -f 4 10.0.0.1 103)" 5007=1 "without a rule for it nf_nat keeps the port"
is "$(call -f 3 10.0.0.1 201) $(call -uf 3 10.0.0.1 201)" "192.168.0.254=1 192.168.0.254=1" "and the address"
for tag in first second third outside; do
	ask $tag
	like "$answer" "^([0-9]+|10.0.0.9)$" "the $tag connection from before goes on"
done

is "$(put $sys/r6/service/snat yes) $(put $sys/r6/service/snat 1)" "EINVAL EINVAL" "off, on and auto, nothing else"
done_testing
