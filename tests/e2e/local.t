#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The gateway itself at the ends of connections: as the client, of VIPs that are addresses of its own and of VIPs that
# no host has, and as a backend. The network is that of lib.sh and path.sh.
. "$(dirname "$0")/lib.sh"
. "$HERE/path.sh"

# here ARGS...: calls from the gateway
here() { agent call "$@"; }
# serve_here NAME PORT...
serve_here() { server=$(agent serve "$@"); [[ $server =~ ^[0-9]+$ ]] || bail "no server on the gateway"; }
# Each kind of connection: name, option, VIP of the gateway, VIP of nobody, how the backends see the gateway then
kinds='TCP/IPv4 -f 10.0.0.1 10.1.0.1 10.0.0.254
UDP/IPv4 -uf 10.0.0.1 10.1.0.1 10.0.0.254
TCP/IPv6 -f 2001:db8::1 2001:db8:1::1 2001:db8::1
UDP/IPv6 -uf 2001:db8::1 2001:db8:1::1 2001:db8::1'
# services PORT OPTIONS BACKEND4... : on that port of all VIPs, with the same last numbers for IPv6 addresses
services()
{
	local port=$1 options=$2 proto i vip n=0
	shift 2
	for proto in tcp udp; do
		for vip in 10.0.0.1 10.1.0.1 '[2001:db8::1]' '[2001:db8:1::1]'; do
			n=$((n + 1))
			echo "service s$port-$n $proto $vip:$port $options"
			for i in "$@"; do
				[[ $vip != *:* ]] || i=fd00::${i##*.}
				echo "backend s$port-$n/b${i##*[.:]} $i"
			done
		done
	done
}

load
lan 2
beyond
# Without a route to a VIP there is no packet that could be balanced.
ip -batch - <<-END
	route add 10.1.0.0/16 via 10.0.0.9
	route add 2001:db8:1::/48 via 2001:db8::9
END
ip address add fd00::254/64 dev lan
serve b1 25 26
serve b2 25
serve_here gateway 26 27 28
# A name for this namespace, for those who want one.
ip netns attach self $$ || bail "no name for the gateway"
serve deep 80

configure "$(services 25 '' 192.168.0.1 192.168.0.2)
$(services 26 'dev wan' 192.168.0.1)
$(services 27 '' 192.168.0.254)
$(services 28 'on-empty accept')
$(services 29 '')
service deep tcp 10.1.0.1:80 ; backend deep/deep 192.168.9.1
service deep6 tcp [2001:db8:1::1]:80 ; backend deep6/deep fd00:9::1
service closed udp 10.1.0.1:81 ; backend closed/b1 192.168.0.1:9
service closed6 udp [2001:db8:1::1]:81 ; backend closed6/b1 [fd00::1]:9"

# --- the gateway is the client ---
while read -r kind f mine other seen; do
	is "$(here "$f" 0 -c 4 "$mine" 25)" "b1=2 b2=2" "$kind from the gateway to a VIP of its own: balanced"
	is "$(here "$f" 3 "$mine" 25)" "$mine=1" "the backend sees the VIP as the client"
	is "$(here "$f" 0 -c 4 "$other" 25)" "b1=2 b2=2" "$kind from the gateway to a VIP of nobody: balanced"
	is "$(here "$f" 3 "$other" 25)" "$seen=1" "the backend sees an address of the gateway"
	is "$(call "$f" 0 -c 4 "$mine" 25)" "b1=2 b2=2" "clients outside go the same way"
done <<<"$kinds"

# The sender of a refused datagram is told by its own send().
while read -r kind f mine other seen; do
	refused=ECONNREFUSED
	[ "$f" = -f ] || refused=EPERM
	is "$(here "$f" 0 "$mine" 29) $(here "$f" 0 "$other" 29)" "$refused=1 $refused=1" \
		"$kind from the gateway, and no backend: refused at once"
	is "$(call "$f" 0 "$mine" 29)" "ECONNREFUSED=1" "and for clients outside"
done <<<"$kinds"

while read -r kind f mine other seen; do
	is "$(here "$f" 0 "$mine" 28)" gateway=1 "$kind, no backend and on-empty accept: the VIP's own server answers"
done <<<"$kinds"

# --- dev ---
while read -r kind f mine other seen; do
	is "$(call "$f" 0 "$mine" 26)" "b1=1" "$kind, a service with dev: balances what comes in there"
	is "$(here "$f" 0 "$mine" 26)" "gateway=1" "and is not for the gateway's own connections"
done <<<"$kinds"
is "$(agent -n b2 call -f 0 10.0.0.1 26)" gateway=1 "nor for those that come in elsewhere"

# --- the gateway is a backend ---
while read -r kind f mine other seen; do
	is "$(call "$f" 0 "$mine" 27) $(call "$f" 0 "$other" 27)" "gateway=1 gateway=1" \
		"$kind: the backend is the gateway itself"
	like "$(call "$f" 1 "$other" 27) $(call "$f" 3 "$other" 27)" "^(192.168.0.254|fd00::254)=1 (10.0.0.9|2001:db8::9)=1$" \
		"it was asked at the backend's address, by the client's"
	is "$(here "$f" 0 "$mine" 27) $(here "$f" 0 "$other" 27)" "gateway=1 gateway=1" "for its own clients, too"
done <<<"$kinds"
is "$(field 'service s27-1' chosen) $(field 'service s27-2' chosen)" "2 4" "all of them were counted"

hold long client -f 0 10.1.0.1 27
ask long "put 200000"
is "$answer" 200000 "200000 bytes to the gateway as a backend"
ask long "get 200000"
is "$answer" 200000 "and from it"

# --- the backend is the VIP itself, on another port; or a loopback address ---
for proto in tcp udp; do
	for vip in 10.0.0.1 10.1.0.1 '[2001:db8::1]' '[2001:db8:1::1]'; do
		n=$((${n-0} + 1)) itself=10.0.0.1 loop=127.0.0.1
		[[ $vip != *:* ]] || itself='[2001:db8::1]' loop='[::1]'
		echo "service i$n $proto $vip:40 ; backend i$n/b $itself:28"
		echo "service l$n $proto $vip:41 ; backend l$n/b $loop:28"
	done
done >$tmp/loop
configure "$(<$tmp/loop)"
while read -r kind f mine other seen; do
	is "$(call "$f" 0 "$mine" 40) $(call "$f" 0 "$other" 40)" "gateway=1 gateway=1" \
		"$kind: the backend is the VIP of the gateway, on another port"
	is "$(here "$f" 0 "$mine" 40) $(here "$f" 0 "$other" 40)" "gateway=1 gateway=1" "for its own clients, too"
	is "$(here "$f" 0 "$mine" 41) $(here "$f" 0 "$other" 41)" "gateway=1 gateway=1" \
		"$kind: the gateway's own clients reach a loopback address"
	is "$(call -w 300 "$f" 0 "$mine" 41)" "timeout=1" "clients outside do not"
done <<<"$kinds"
settings net/ipv4/conf/wan/route_localnet=1
is "$(call 10.0.0.1 41) $(call -u 10.1.0.1 41)" "gateway=1 gateway=1" "but for route_localnet, over IPv4"
settings net/ipv4/conf/wan/route_localnet=0

# --- ICMP errors for the gateway ---
for vip in 10.1.0.1 2001:db8:1::1; do
	hold "deep$vip" self -f 0 $vip 80
	ask "deep$vip" "put 300000"
	is "$answer" 300000 "$vip: 300000 bytes from the gateway on a path with a smaller MTU"
	is "$(mtu_to self $vip)" 1300 "which is known as that of the VIP"
	is "$(here -u -e -f 0 $vip 81)" "ECONNREFUSED@$vip=1" "a backend's port unreachable comes from the VIP"
done

done_testing
