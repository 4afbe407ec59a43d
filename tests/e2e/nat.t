#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Beside the administrator's own NAT, of nftables and of the old iptables: masquerading on the way to the backends,
# loaded before and after a connection started, and taken away from under it. The network is that of lib.sh and path.sh.
. "$(dirname "$0")/lib.sh"
. "$HERE/path.sh"

rules() { nft -f - || bail "nft refuses"; }

# tuples PORT...: conntrack's entries of the connections from those ports of the client to port 25, in one line
tuples()
{
	local text port line=()
	text=$(conntrack -L -p tcp --orig-port-dst 25 2>/dev/null)
	for port in "$@"; do
		[[ $text =~ (src=[^ ]+" "dst=[^ ]+" sport=$port "[^[]*)[^$'\n']*(mark=[0-9]+) ]] || continue
		line+=("${BASH_REMATCH[1]}${BASH_REMATCH[2]}")
	done
	echo "${line[*]}"
}

load
lan 2
beyond
serve b1 25
serve b2 25
serve deep 80
configure 'service s tcp 10.0.0.1:25 ; backend s/b1 192.168.0.1 ; backend s/b2 192.168.0.2
service u udp 10.0.0.1:25 ; backend u/b1 192.168.0.1 ; backend u/b2 192.168.0.2
service s6 tcp [2001:db8::1]:25 ; backend s6/b1 fd00::1 ; backend s6/b2 fd00::2
service u6 udp [2001:db8::1]:25 ; backend u6/b1 fd00::1 ; backend u6/b2 fd00::2
service deep tcp 10.0.0.1:80 ; backend deep/b1 192.168.9.1
service deep6 tcp [2001:db8::1]:80 ; backend deep6/b1 fd00:9::1
service far udp 10.1.0.1:80 ; backend far/b1 192.168.9.1
service far6 udp [2001:db8:1::1]:80 ; backend far6/b1 fd00:9::1
service closed udp 10.1.0.1:81 ; backend closed/b1 192.168.9.1:9
service closed6 udp [2001:db8:1::1]:81 ; backend closed6/b1 [fd00:9::1]:9'

# life PART LOAD TAKE-AWAY PORT: connections that start without a masquerading rule, and with one; LOAD and TAKE-AWAY
# are commands that load the rule and take all NAT away.
life()
{
	local part=$1 load_rule=$2 take_away=$3 plain masked port=$4 vip='^src=10.0.0.9 dst=10.0.0.1'

	hold "$part-plain" client -f 3 -p "$port" 10.0.0.1 25
	hold "$part-datagrams" client -u -f 3 10.0.0.1 25
	plain=$(tuples "$port")
	like "$plain" "$vip sport=$port dport=25 src=192.168.0.[12] dst=10.0.0.9 sport=25 dport=$port mark=[12]$" \
		"$part: conntrack shows VIP, backend and mark"
	$load_rule
	ask "$part-plain"
	is "$answer" 10.0.0.9 "$part: a connection from before the rule goes on, from the client's address"
	ask "$part-plain" "get 100000"
	is "$answer" 100000 "$part: both ways"
	is "$(tuples "$port")" "$plain" "$part: with the same tuples and mark"
	ask "$part-datagrams"
	is "$answer" 10.0.0.9 "$part: so does a UDP flow"

	is "$(call -f 3 -c 2 10.0.0.1 25)" "192.168.0.254=2" "$part: masqueraded when the rule came first"
	is "$(call -f 0 -c 4 10.0.0.1 25)" "b1=2 b2=2" "$part: and balanced"
	is "$(call -u -f 3 -c 2 10.0.0.1 25)" "192.168.0.254=2" "$part: UDP is masqueraded"
	is "$(call -u -f 0 -c 4 10.0.0.1 25)" "b1=2 b2=2" "$part: and balanced"
	is "$(call -f 3 -c 2 2001:db8::1 25)" "fd00::fe=2" "$part: TCP over IPv6 is masqueraded"
	is "$(call -f 0 -c 4 2001:db8::1 25)" "b1=2 b2=2" "$part: and balanced"
	is "$(call -u -f 3 -c 2 2001:db8::1 25)" "fd00::fe=2" "$part: UDP over IPv6 is masqueraded"
	is "$(call -u -f 0 -c 4 2001:db8::1 25)" "b1=2 b2=2" "$part: and balanced"
	hold "$part-masked" client -f 3 -p $((port + 1)) 10.0.0.1 25
	masked=$(tuples $((port + 1)))
	like "$masked" "$vip sport=$((port + 1)) dport=25 src=192.168.0.[12] dst=192.168.0.254 sport=25 .*mark=[12]$" \
		"$part: conntrack shows the gateway's address"

	$take_away
	ask "$part-plain"
	is "$answer" 10.0.0.9 "$part: NAT rules taken away: the first connection goes on"
	ask "$part-masked"
	is "$answer" 192.168.0.254 "$part: a masqueraded connection, too"
	ask "$part-masked" "get 100000"
	is "$answer" 100000 "$part: both ways"
	is "$(tuples "$port" $((port + 1)))" "$plain $masked" "$part: with the same tuples and marks"
	is "$(call -f 3 -c 2 10.0.0.1 25)" "10.0.0.9=2" "$part: new ones come from the client's address again"
	$load_rule
	ask "$part-plain"
	is "$answer" 10.0.0.9 "$part: the rules are back: the first connection does not mind"
	ask "$part-masked"
	is "$answer" 192.168.0.254 "$part: nor does the masqueraded one"
}

# --- nftables ---
# An empty chain brings nf_nat's hooks and nothing else.
empty_chain() { rules <<<'table inet nat { chain pre { type nat hook prerouting priority dstnat
}
}'; }
masquerade()
{
	rules <<-END
		table inet nat {
			chain pre {
				type nat hook prerouting priority dstnat
				tcp dport 81 meta nfproto ipv4 dnat to 192.168.0.2:25
				tcp dport 25 meta nfproto ipv4 dnat to 192.168.9.1:80
			}
			chain post {
				type nat hook postrouting priority srcnat
				oifname lan masquerade
			}
		}
	END
}
flush() { nft flush ruleset; }

hold early client -f 0 10.0.0.1 25
empty_chain
ask early
is "$answer" b1 "an empty nat chain of nftables: open connections go on"
is "$(call -f 3 -c 2 10.0.0.1 25) $(call -u -f 3 -c 2 2001:db8::1 25)" "10.0.0.9=2 2001:db8::9=2" \
	"new ones are as before"
nft delete table inet nat
ask early
is "$answer" b1 "and goes again"
life nft masquerade flush 4000

is "$(call -f 0 -c 3 10.0.0.1 81)" "b2=3" "nft: the administrator's dnat of another port works"
is "$(call -f 0 -c 4 10.0.0.1 25)" "b1=2 b2=2" "nft: one of a service's port does not: the service is first"

# --- ICMP errors where both addresses are translated ---
remote() { agent -n remote call "$@"; }
for vip in 10.1.0.1 2001:db8:1::1; do
	like "$(remote -u -f 3 $vip 80)" "^(192.168.0.254|fd00::fe)=1$" "$vip, masqueraded"
	is "$(remote -u -e -b 1350 $vip 80)" "EMSGSIZE@$vip=1" "a datagram too big for the backend: EMSGSIZE from the VIP"
	is "$(mtu_to remote $vip)" 1300 "and the MTU"
	is "$(remote -u -e $vip 81)" "ECONNREFUSED@$vip=1" "the backend's port unreachable, from the VIP"
	is "$(remote -u -e -t 3 $vip 80)" "EHOSTUNREACH@$vip=1" "TTL exceeded behind the gateway, from the VIP"
done
while read -r vip gateway; do
	hold "deep$vip" remote -f 0 "$vip" 80
	ask "deep$vip" "put 300000"
	is "$answer $(mtu_to remote "$vip")" "300000 1300" "$vip, masqueraded: 300000 bytes to the backend, by its MTU"
	ask "deep$vip" "get 300000"
	is "$answer $(mtu_to deep "$gateway")" "300000 1400" "300000 bytes to the client, by its MTU"
done <<<"10.0.0.1 192.168.0.254
2001:db8::1 fd00::fe"
flush

# --- iptables-legacy ---
legacy()
{
	local i
	for i in iptables ip6tables; do
		"$i-legacy" -t nat -A POSTROUTING -o lan -j MASQUERADE || bail "no $i-legacy"
	done
}
no_legacy()
{
	local i
	for i in iptables ip6tables; do "$i-legacy" -t nat -F; done
}
if has_legacy; then
	life iptables legacy no_legacy 5000
	no_legacy
else
	diag "no legacy iptables in this kernel"
fi

done_testing
